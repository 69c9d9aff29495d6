"""What is left of a body is as small as it can be, and still fails."""

import json

from fuzz.minimise import minimised


def test_what_is_not_needed_of_json_is_left_out() -> None:
    body = json.dumps({"a": {"b": [1, {"c": "needle", "d": "hay"}, 2]}, "e": "hay" * 100}).encode()
    assert minimised(body, lambda body: b'"needle"' in body and body[:1] == b"{" and body[-1:] == b"}") == b'{"needle"}'


def test_a_structure_that_is_needed_stays() -> None:
    def fails(body: bytes) -> bool:
        try:
            return bool(json.loads(body)["a"]["b"][0]["c"])
        except (ValueError, LookupError, TypeError):
            return False

    body = json.dumps({"x": 1, "a": {"b": [{"c": [7, 8], "d": 9}, 5], "y": {}}}).encode()
    assert minimised(body, fails) == b'{"a":{"b":[{"c":[7]}]}}'


def test_bytes_that_are_no_json_are_made_fewer_too() -> None:
    assert minimised(b"\xff" * 50 + b"needle" + b"\xfe" * 77, lambda body: b"needle" in body) == b"needle"


def test_without_patience_nothing_is_changed() -> None:
    assert minimised(b'{"a":1,"b":2}', lambda _: True, patience=-1) == b'{"a":1,"b":2}'


def test_what_fails_only_as_it_was_written_keeps_its_writing() -> None:
    body = b'{"pad": "pad", "a": 1, "a": 2}'
    assert minimised(body, lambda body: body.count(b'"a": ') == 2) == b'"a": "a": '
