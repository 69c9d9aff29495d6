"""An AdmissionReview answered, bytes in and bytes out: pure and synchronous, however the bytes came.

Never a 5xx, and never an allow where something could be enforced and was not decided. Of a key that stands twice in an
object the last one counts, here and in the object that is judged, as in the API server's own decoder.
"""

import logging
import time
import traceback
from http import HTTPStatus
from typing import NamedTuple

from gatewright.engine.decision import Decision, Failure, Finding, Miss, Mode, decision_of
from gatewright.engine.engine import Engine
from gatewright.engine.views import Pods
from gatewright.model.review import AdmissionRequest, Kind
from gatewright.policy import Severity
from gatewright.webhook import response
from gatewright.webhook.envelope import Unreadable, read
from gatewright.webhook.observe import Observe
from gatewright.webhook.uid import find_uid

_ITSELF = Kind("admission.k8s.io", "v1", response.KIND)


class Answer(NamedTuple):
    """An HTTP status and the JSON that goes with it."""

    status: int
    body: bytes


class Exchange:
    """A review on its way to an answer. Nothing in it raises."""

    def __init__(self, engine: Engine, body: bytes, observe: Observe) -> None:
        """Reads the review.

        Args:
            engine: what decides.
            body: an AdmissionReview, one hopes.
            observe: told of the decision.
        """
        self._started = time.perf_counter()
        self._engine = engine
        self._body = body
        self._observe = observe
        self._request: AdmissionRequest | None = None
        self._pods: Pods | None = None
        self._decision = Decision()
        self._reason = ""
        try:
            self._request, self._pods = read(body)
        except Unreadable as error:
            self._reason = str(error)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with us, the API server gets an answer
            self._fail(error)

    def judge(self, deadline: float) -> tuple[Miss, ...]:
        """Judges the request; what it lacked, which may be looked up to judge again.

        Args:
            deadline: on the engine's clock; what is not judged by then counts as undecided.
        """
        try:
            if self._request is not None:
                self._decision = self._engine.judge(self._request, deadline, self._pods)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with us, the API server gets an answer
            self._fail(error)
        return self._decision.misses

    def answer(self) -> Answer:
        """The answer; its decision is told of."""
        answered = None
        try:
            if self._request is not None:
                answered = Answer(HTTPStatus.OK, response.review(self._request, self._decision))
        except Exception as error:  # noqa: BLE001  # whatever is wrong with us, the API server gets an answer
            self._fail(error)
        seconds = time.perf_counter() - self._started
        if answered is None:
            return undecided(self._engine, self._body, self._reason, seconds, self._observe)
        _tell(self._observe, self._request, self._decision, seconds)
        return answered

    def _fail(self, error: Exception) -> None:
        self._request, self._decision = None, Decision()
        self._reason = f"an internal error, {type(error).__name__} in {_place(error)}"


def answer(engine: Engine, body: bytes, deadline: float, observe: Observe) -> Answer:
    """The answer to a body, by what is known already. Never raises."""
    exchange = Exchange(engine, body, observe)
    exchange.judge(deadline)
    return exchange.answer()


def undecided(engine: Engine, start: bytes, reason: str, seconds: float, observe: Observe) -> Answer:
    """The answer to a review that cannot be read: denied where anything could be, else allowed with a warning.

    Without a uid there is no review to answer: 400, and the webhook configuration's failurePolicy decides.

    Args:
        engine: its strongest mode decides.
        start: the first 64 KiB of the body, or more.
        reason: what is wrong, for people.
        seconds: that it took.
        observe: told of the decision.
    """
    uid = find_uid(start)
    mode = Mode.ENFORCE if uid is None else max(engine.strongest, Mode.WARN)
    finding = Finding(str(Failure.BODY), Severity.HIGH, mode, (), reason, failure=Failure.BODY)
    decision = decision_of([finding])
    if uid is None:
        _tell(observe, None, decision, seconds)
        text = f"gatewright could not decide ({reason}, and no request.uid in it); this is not a fault of your manifest"
        return Answer(HTTPStatus.BAD_REQUEST, response.refusal(text))
    request = AdmissionRequest(uid=uid, kind=_ITSELF, name=uid)
    _tell(observe, request, decision, seconds)
    return Answer(HTTPStatus.OK, response.review(request, decision))


def _tell(observe: Observe, request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
    try:
        observe(request, decision, seconds)
    except Exception as error:  # noqa: BLE001  # a full disk must not change what was decided
        logging.getLogger(__name__).error("a decision is missing in the log: %s", type(error).__name__)


def _place(error: Exception) -> str:
    """Where an exception was raised; never its text, which may repeat the object."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.name}, line {frame.lineno}"
