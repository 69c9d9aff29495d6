import io
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gatewright.engine.decision import Decision, Failure, Finding, Mode
from gatewright.model.review import AdmissionRequest, Kind, UserInfo
from gatewright.policy import Severity
from gatewright.webhook.log import Libraries, Log
from tests.unit.webhook.builders import ID, UID

DEPLOYMENT = AdmissionRequest(
    uid=UID,
    kind=Kind("apps", "v1", "Deployment"),
    name="web",
    namespace="shop",
    operation="UPDATE",
    user_info=UserInfo("alice", groups=("system:masters",)),
    dry_run=True,
)
FOUND = Decision(
    (
        Finding("privileged", Severity.HIGH, Mode.ENFORCE, ("spec", "containers", 0), "is privileged", value="s3cret"),
        Finding("GW003", Severity.HIGH, Mode.WARN, (), "the deadline passed", failure=Failure.DEADLINE),
    )
)


class Writes(io.BytesIO):
    """Keeps each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []

    def write(self, data: Any) -> int:
        self.writes.append(bytes(data))
        return len(data)


def lines(stream: Writes) -> list[dict[str, Any]]:
    """The lines without their times, which are now."""
    read = [json.loads(line) for line in b"".join(stream.writes).splitlines()]
    for line in read:
        assert timedelta() <= datetime.now(UTC) - datetime.fromisoformat(line.pop("ts")) < timedelta(minutes=1)
    return read


def test_a_decision_is_one_line_in_one_write() -> None:
    stream = Writes()
    Log(stream).decision(DEPLOYMENT, FOUND, 0.0012345)
    assert [write[-1:] for write in stream.writes] == [b"\n"]
    assert lines(stream) == [
        {
            "level": "warning",
            "msg": "decision",
            "id": ID,
            "uid": UID,
            "user": "alice",
            "operation": "UPDATE",
            "kind": "Deployment.apps",
            "namespace": "shop",
            "name": "web",
            "allowed": False,
            "dryRun": True,
            "findings": [
                {
                    "policy": "privileged",
                    "mode": "enforce",
                    "path": "spec.containers[0]",
                    "message": "is privileged",
                },
                {"policy": "GW003", "mode": "warn", "path": "", "message": "the deadline passed", "error": True},
            ],
            "ms": 1.234,
        }
    ]


def test_a_subresource_is_named() -> None:
    stream = Writes()
    Log(stream).decision(AdmissionRequest(UID, sub_resource="exec"), Decision(), 0)
    assert [(line["subresource"], line["level"]) for line in lines(stream)] == [("exec", "info")]


def test_a_review_without_a_uid_has_no_id() -> None:
    stream = Writes()
    Log(stream).decision(None, Decision(), 0)
    assert [(line["id"], line["uid"]) for line in lines(stream)] == [("", "")]


def test_decisions_are_written_together_a_little_later() -> None:
    stream = Writes()
    later: list[Callable[[], None]] = []
    log = Log(stream, later.append)
    log.decision(DEPLOYMENT, FOUND, 0)
    log.decision(DEPLOYMENT, Decision(), 0)
    assert (stream.writes, len(later)) == ([], 1)
    later.pop()()
    assert (len(stream.writes), [line["allowed"] for line in lines(stream)]) == (1, [False, True])
    log.decision(DEPLOYMENT, FOUND, 0)
    assert len(later) == 1


def test_an_event_is_written_at_once_and_after_what_was_before() -> None:
    stream = Writes()
    log = Log(stream, lambda _: None)
    log.decision(DEPLOYMENT, Decision(), 0)
    log.event("info", "serving", port=8443)
    assert [line["msg"] for line in lines(stream)] == ["decision", "serving"]
    assert lines(stream)[1] == {"level": "info", "msg": "serving", "port": 8443}


def test_what_cannot_be_written_is_lost_and_no_error() -> None:
    class Disk(Writes):
        """Full, or not."""

        full = True

        def write(self, data: Any) -> int:
            if self.full:
                raise OSError(28, "No space left on device")
            return super().write(data)

    disk = Disk()
    log = Log(disk)
    log.decision(DEPLOYMENT, FOUND, 0)
    log.event("info", "serving")
    disk.full = False
    log.event("info", "stopped")
    assert lines(disk) == [{"level": "info", "msg": "stopped"}]


@pytest.fixture(name="library")
def _library() -> logging.Logger:
    return logging.Logger("uvicorn.error")  # noqa: LOG001  # nobody else's, so that no handler stays


def test_libraries_are_heard_from_warnings_on(library: logging.Logger) -> None:
    stream = Writes()
    library.addHandler(Libraries(Log(stream)))
    library.info("Started server process [%d]", 1)
    library.warning("Invalid HTTP request received.")
    assert lines(stream) == [{"level": "warning", "msg": "Invalid HTTP request received.", "logger": "uvicorn.error"}]


def test_of_their_exceptions_the_type_and_the_place_are_told(library: logging.Logger) -> None:
    stream = Writes()
    library.addHandler(Libraries(Log(stream)))
    try:
        raise LookupError("s3cret")
    except LookupError as error:
        line = error.__traceback__ and error.__traceback__.tb_lineno
        library.exception("Exception in ASGI application")
    place = f"test_of_their_exceptions_the_type_and_the_place_are_told, line {line}"
    assert lines(stream) == [
        {
            "level": "error",
            "msg": "Exception in ASGI application",
            "logger": "uvicorn.error",
            "error": f"LookupError in {place}",
        }
    ]
