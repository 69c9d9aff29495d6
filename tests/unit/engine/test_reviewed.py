import pytest

from gatewright.engine.decision import Mode
from gatewright.engine.reviewed import Reviewed


def test_what_a_response_says() -> None:
    response = {
        "uid": "1",
        "allowed": False,
        "status": {"message": "no", "code": 403},
        "warnings": ["w"],
        "auditAnnotations": {"a": "b"},
    }
    assert Reviewed.of(response) == Reviewed("1", False, "no", ["w"], {"a": "b"}, None)
    assert Reviewed.of({"uid": "1", "allowed": True}, []) == Reviewed("1", True, "", [], {}, [])


@pytest.mark.parametrize(
    ("response", "mode"),
    [
        ({"allowed": False, "warnings": ["w"]}, Mode.ENFORCE),
        ({"allowed": True, "warnings": ["w"], "auditAnnotations": {"a": "b"}}, Mode.WARN),
        ({"allowed": True, "auditAnnotations": {"a": "b"}}, Mode.AUDIT),
        ({"allowed": True}, Mode.OFF),
    ],
)
def test_the_strongest_mode_that_shows(response: dict[str, object], mode: Mode) -> None:
    assert Reviewed.of({"uid": "1", **response}).strongest is mode
