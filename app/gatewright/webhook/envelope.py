"""The envelope of a review, and in the same pass the pods that it brings.

The objects are nearly all of a body. The API server's encoder always puts them in the same place, so they are cut out
there, and decoded once, as what they are: with them in it the envelope would scan them a second time. A body of any
other form is read as a whole.
"""

import secrets

import msgspec

from gatewright.engine.views import Pods
from gatewright.model.path import render
from gatewright.model.pod import TEMPLATES, carrier
from gatewright.model.review import NULL, OPERATIONS, AdmissionRequest, AdmissionReview, is_null
from gatewright.model.schema import Malformed, decode
from gatewright.model.text import quote
from gatewright.webhook import response

_OBJECT, _OLD, _BEHIND = b',"object":', b',"oldObject":', b',"dryRun":'

_CUT = b"%d" % secrets.randbits(62)
"""What stands in the envelope for an object that was cut out: nobody can write it there beforehand."""


class Unreadable(Exception):
    """A body that is no review, and why."""


def read(body: bytes) -> tuple[AdmissionRequest, Pods | None]:
    """The request in a body, and the pods in it where they are read already.

    Raises:
        Unreadable: there is none that can be read.
    """
    try:
        if not body.isascii():
            body.decode()  # what no policy reads is skipped, not looked at: it could be anything
    except UnicodeDecodeError as error:
        raise Unreadable(f"the review is not UTF-8 at byte {error.start}") from None
    return _in_parts(body) or (_whole(body), None)


def _in_parts(body: bytes) -> tuple[AdmissionRequest, Pods] | None:
    """The request and its pods; None where the body has another form, or is in any way wrong.

    It means what the whole would: both parts are JSON of their own, the envelope has the cut where its object is, and
    between two tokens one value may stand for another.
    """
    start = body.find(_OBJECT + b"{") + len(_OBJECT)
    middle = body.rfind(_OLD)
    end = body.rfind(_BEHIND)
    if not len(_OBJECT) <= start < middle < end:
        return None
    if not body.startswith((b"{", NULL + _BEHIND), middle + len(_OLD)):
        return None
    whole = memoryview(body)  # megabytes are not copied
    new, old = msgspec.Raw(whole[start:middle]), msgspec.Raw(whole[middle + len(_OLD) : end])
    cut_old = NULL if is_null(old) else _CUT
    try:
        envelope = body[:start] + _CUT + _OLD + cut_old + body[end:]
        request = _checked(decode(AdmissionReview, envelope))
        path = TEMPLATES[request.kind.key]
        if (bytes(request.object), bytes(request.old_object)) != (_CUT, cut_old):
            return None
        pods = Pods(path, decode(carrier(path), new), None if is_null(old) else decode(carrier(path), old))
    except (KeyError, Malformed, Unreadable, msgspec.ValidationError):
        return None
    return msgspec.structs.replace(request, object=new, old_object=old), pods


def _whole(body: bytes) -> AdmissionRequest:
    """The request in a body, however it is written.

    Raises:
        Unreadable: there is none that can be read.
    """
    try:
        review = decode(AdmissionReview, body)
    except Malformed as error:
        path, message = error.problems[0]
        raise Unreadable(f"{render(path) or 'the review'} {message}") from None
    except msgspec.ValidationError as error:
        raise Unreadable(f"the body is no AdmissionReview: {error}") from None
    return _checked(review)


def _checked(review: AdmissionReview) -> AdmissionRequest:
    """The request of a review.

    Raises:
        Unreadable: it is none of ours, or says not enough.
    """
    request = review.request
    if (review.api_version, review.kind) != (response.API_VERSION, response.KIND):
        given, known = f"{review.api_version} {review.kind}", f"{response.API_VERSION} {response.KIND}"
        raise Unreadable(f"the body is {quote(given)}, and only {known} is understood")
    if not request.uid:
        raise Unreadable("request.uid is empty")
    if not request.kind.kind:
        raise Unreadable("request.kind says no kind")
    if request.operation not in OPERATIONS:
        raise Unreadable(f"request.operation is {quote(request.operation)}, not one of {', '.join(OPERATIONS)}")
    return request
