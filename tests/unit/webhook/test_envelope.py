"""A review that is read in parts means what the whole means, or is read as a whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from gatewright.model.pod import TEMPLATES, carrier
from gatewright.model.review import is_null
from gatewright.model.schema import decode
from gatewright.webhook import envelope
from gatewright.webhook.envelope import Unreadable, read
from tests.builders import pod
from tests.unit.webhook.builders import review

RECORDED = (Path(__file__).parents[2] / "reviews" / "traffic.jsonl").read_bytes().splitlines()
PODS = [body for body in RECORDED if json.loads(body)["request"]["kind"]["kind"] in {"Pod", "Deployment"}]
UPDATES = [body for body in PODS if json.loads(body)["request"]["operation"] == "UPDATE"]


def as_whole(body: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the body means where it is not cut up."""
    with monkeypatch.context() as patch:
        patch.setattr(envelope, "_in_parts", lambda _: None)
        try:
            request, pods = read(body)
        except Unreadable as error:
            return str(error)
        assert pods is None
        return request


def in_parts(body: bytes) -> Any:
    """What it means as it is read."""
    try:
        return read(body)[0]
    except Unreadable as error:
        return str(error)


def test_the_recorded_pods_are_cut_up() -> None:
    cut = [read(body) for body in PODS]
    assert len(cut) > 3
    for request, pods in cut:
        if request.operation == "DELETE":
            assert pods is None
            continue
        assert pods is not None
        path = TEMPLATES[request.kind.key]
        assert pods.new == decode(carrier(path), request.object)
        assert pods.old == (None if is_null(request.old_object) else decode(carrier(path), request.old_object))


@pytest.mark.parametrize("body", RECORDED, ids=range(len(RECORDED)))
def test_what_an_api_server_sends_means_the_same(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_parts(body) == as_whole(body, monkeypatch)


def changed(at: bytes, by: bytes) -> bytes:
    """The recorded creation of a Pod with something put before a place of its envelope."""
    body = next(body for body in PODS if b'"kind":"Pod"' in body[:200])
    assert body.count(at) == 1
    return body.replace(at, by + at)


OFFENDER = json.dumps(pod({"spec.hostPID": True}), separators=(",", ":")).encode()
HOSTILE = [
    changed(b',"dryRun":', b',"object":' + OFFENDER),
    changed(b',"dryRun":', b',"object":null'),
    changed(b',"dryRun":', b',"x":{"a":1,"object":' + OFFENDER + b',"oldObject":null}'),
    changed(b',"userInfo":', b',"x":{"a":1,"object":' + OFFENDER + b',"oldObject":null,"dryRun":false}'),
    changed(b',"userInfo":', b',"object":' + OFFENDER),
    changed(b',"oldObject":null', b',"oldObject":' + OFFENDER),
    changed(b',"oldObject":null', b',"dryRun":false'),
    changed(b',"options":', b',"oldObject":null,"dryRun":false'),
    *(update.replace(b',"oldObject":{', b',"oldObject":null ,"x":{', 1) for update in UPDATES),
    *(update.replace(b',"oldObject":{', b',"oldObject": null,"x":{', 1) for update in UPDATES),
    changed(b',"dryRun":', b" "),
    changed(b'null,"dryRun":', b" "),
    PODS[1].replace(b'"spec":{', b'"spec":{"a":1,"oldObject":null,"dryRun":true,"hostPID":true,', 1),
    PODS[1].replace(b'"spec":{', b'"spec":{"a":1,"object":{"hostPID":true},"oldObject":null,', 1),
    PODS[1][:-1] + b',"request":{"uid":"a","kind":{"kind":"Pod"},"operation":"CREATE"}}',
    PODS[1][:-1] + b',"request":{"uid":"a","kind":{"kind":"Pod"},"operation":"CREATE","object":0}}',
    PODS[1].replace(b'"spec":{', b'"spec":{"x":[}],', 1),
    PODS[1].replace(b'"spec":{', b'"spec":' + b"[" * 2000 + b"]" * 2000 + b',"spec":{', 1),
    PODS[1].replace(b'"containers":[', b'"containers":null,"containers":[', 1),
    PODS[1].replace(b'"spec":{', b'"spec":{"hostPID":"yes",', 1),
    *(update.replace(b',"oldObject":{', b',"oldObject":{"oldObject":{},', 1) for update in UPDATES),
    *(update.replace(b',"oldObject":{', b',"oldObject":7,"oldObject":{', 1) for update in UPDATES),
    review(object=pod(), operation="CREATE"),
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_what_nobody_sends_means_the_same(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    request = in_parts(body)
    assert request == as_whole(body, monkeypatch)
    if not isinstance(request, str) and (pods := read(body)[1]) is not None:
        assert pods.new == decode(carrier(pods.path), request.object)


def test_another_number_is_not_what_stands_for_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = PODS[1][:-1] + b',"request":{"uid":"a","kind":{"kind":"Pod"},"operation":"CREATE","object":1}}'
    monkeypatch.setattr(envelope, "_CUT", b"2")
    assert read(forged)[1] is None
