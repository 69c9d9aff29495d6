"""Recorded reviews: answered here, exactly as the webhook would, or sent to a running one."""

import http.client
import ssl
import time
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from gatewright.engine.decision import Decision, Finding
from gatewright.engine.engine import Engine
from gatewright.engine.fixes import Patch, patch_of
from gatewright.engine.reviewed import Answered, Reviewed, Status
from gatewright.model.review import AdmissionRequest, is_null
from gatewright.model.schema import plain
from gatewright.model.text import quote
from gatewright.webhook.uid import find_uid
from gatewright.webhook.wire import answer

TIMEOUT = 10
"""Seconds: the longest default timeout of a webhook call."""


class ReviewError(Exception):
    """A review that was not answered, and why."""


class Reviewer(Protocol):
    """Answers reviews."""

    def review(self, body: bytes) -> Reviewed:
        """The answer to an AdmissionReview.

        Raises:
            ReviewError: there is none.
        """


class LocalReviewer:
    """Answers by an engine of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def review(self, body: bytes) -> Reviewed:
        """The answer, with the findings behind it."""
        findings: list[tuple[Finding, Patch | None]] = []

        def observe(request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
            del seconds
            raw = request.old_object if request and is_null(request.object) else request and request.object
            document = plain(raw) if raw and any(finding.fix for finding in decision.findings) else None
            findings.extend((finding, patch_of(finding, document)) for finding in decision.findings)

        return _reviewed(body, *answer(self._engine, body, time.monotonic() + TIMEOUT, observe), findings)


class RemoteReviewer:
    """Has a running webhook answer, over one kept-alive connection."""

    def __init__(self, url: str, ca: Path | None) -> None:
        """Raises ValueError for a URL that is none of a webhook, OSError for a certificate that cannot be read."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            raise ValueError("must be https://HOST[:PORT][/PATH]")
        self._path = f"{parts.path or '/validate'}?timeout={TIMEOUT}s"
        context = ssl.create_default_context(cafile=ca)
        self._connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT, context=context)

    def review(self, body: bytes) -> Reviewed:
        """The server's answer."""
        try:
            self._connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            response = self._connection.getresponse()
            return _reviewed(body, response.status, response.read(), None)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise ReviewError(f"the webhook did not answer: {str(error) or type(error).__name__}") from None


def _reviewed(sent: bytes, status: int, body: bytes, findings: list[tuple[Finding, Patch | None]] | None) -> Reviewed:
    """The answer to what was sent, held to what the API server demands of it."""
    if status != http.client.OK:
        raise ReviewError(f"HTTP {status}: {_reason(body)}")
    try:
        response = msgspec.json.decode(body, type=Answered).response
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ReviewError(f"the answer is no AdmissionReview: {error}") from None
    if response.uid != (uid := find_uid(sent)):
        raise ReviewError(f"the answer is to {quote(response.uid)}, and {quote(uid)} was asked")
    if response.patch is not None:
        raise ReviewError("the answer has a patch, which a validating webhook cannot give")
    return Reviewed.of(response, findings)


def _reason(body: bytes) -> str:
    """What a refusal says: the message of a Kubernetes Status, or the beginning of whatever else it is."""
    try:
        message = msgspec.json.decode(body, type=Status).message
    except (msgspec.DecodeError, UnicodeDecodeError):
        message = ""
    return message or body[:200].decode("utf-8", "replace").strip()
