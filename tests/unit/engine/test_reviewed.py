import pytest

from gatewright.engine.decision import Mode
from gatewright.engine.reviewed import Response, Reviewed, Status


def test_what_a_response_says() -> None:
    response = Response("1", False, Status("no"), ["w"], {"a": "b"})
    assert Reviewed.of(response) == Reviewed("1", False, "no", ["w"], {"a": "b"}, None)
    assert Reviewed.of(Response("1", True), []) == Reviewed("1", True, "", [], {}, [])


@pytest.mark.parametrize(
    ("response", "mode"),
    [
        (Response("1", False, warnings=["w"]), Mode.ENFORCE),
        (Response("1", True, warnings=["w"], audit_annotations={"a": "b"}), Mode.WARN),
        (Response("1", True, audit_annotations={"a": "b"}), Mode.AUDIT),
        (Response("1", True), Mode.OFF),
    ],
)
def test_the_strongest_mode_that_shows(response: Response, mode: Mode) -> None:
    assert Reviewed.of(response).strongest is mode
