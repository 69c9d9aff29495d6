"""The log: one JSON object a line, whole lines in one write. Nothing of an object but what its own message says."""

import contextlib
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, BinaryIO

import msgspec

from gatewright.engine.decision import Decision, decision_id
from gatewright.model.review import AdmissionRequest
from gatewright.webhook.words import Found, words

_UNREAD = AdmissionRequest(uid="")


class Line(msgspec.Struct, omit_defaults=True, rename="camel", kw_only=True, gc=False):
    """A decision. `id` is the one that the requester was shown, set when the line is written; `ms` are milliseconds."""

    ts: datetime
    level: str
    msg: str = msgspec.field(name="msg")
    id: str
    uid: str
    user: str
    operation: str
    kind: str
    namespace: str
    name: str
    subresource: str = ""
    allowed: bool
    dry_run: bool
    findings: list[Found]
    ms: float


_encoder = msgspec.json.Encoder()


class Log:
    """Writes lines to a stream: those of decisions a few at once, all others immediately. Nothing else fails where a
    line cannot be written: it is lost."""

    def __init__(self, stream: BinaryIO, later: Callable[[Callable[[], None]], object] | None = None) -> None:
        """Takes the stream, and what calls a function a little later; without it every line is written at once."""
        self._stream = stream
        self._later = later
        self._lines: list[object] = []

    def decision(self, request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        """Writes the line of a decision."""
        asked = request or _UNREAD
        is_first = not self._lines
        found = words(decision).found if decision.findings else []
        self._lines.append(
            Line(
                ts=datetime.now(UTC),
                level="warning" if found and any(one.error for one in found) else "info",
                msg="decision",
                id="",
                uid=asked.uid,
                user=asked.user_info.username,
                operation=asked.operation,
                kind=asked.kind.key,
                namespace=asked.namespace,
                name=asked.name,
                subresource=asked.sub_resource,
                allowed=decision.allowed,
                dry_run=asked.dry_run,
                findings=found,
                ms=round(seconds * 1000, 3),
            )
        )
        if self._later is None:
            self.flush()
        elif is_first:
            self._later(self.flush)

    def event(self, level: str, msg: str, **details: Any) -> None:
        """Writes the line of anything else that happens."""
        self._lines.append({"ts": datetime.now(UTC), "level": level, "msg": msg, **details})
        self.flush()

    def flush(self) -> None:
        """Writes what has not been written yet: many lines at once take a third of the time."""
        lines, self._lines = self._lines, []
        for line in lines:
            if isinstance(line, Line) and line.uid:
                line.id = decision_id(line.uid)
        if lines:
            with contextlib.suppress(OSError):  # a full disk, a reader that has gone
                self._stream.write(_encoder.encode_lines(lines))
                self._stream.flush()


class Libraries(logging.Handler):
    """What the libraries below say through `logging`, as lines of ours. Of an exception its type and place alone."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a record."""
        details: dict[str, str] = {"logger": record.name}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            frame = traceback.extract_tb(error.__traceback__)[-1:]
            details["error"] = " in ".join([type(error).__name__, *(f"{at.name}, line {at.lineno}" for at in frame)])
        try:
            self._log.event(record.levelname.lower(), record.getMessage(), **details)
        except Exception:  # noqa: BLE001  # as every Handler does: whoever logs must not fail by it
            self.handleError(record)
