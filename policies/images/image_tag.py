"""Images have a tag that says which version they are.

Fields:  containers[*].image, in every container list; spec.volumes[*].image.reference
Allowed: a tag that `denied` does not have and that `pattern`, if set, matches as a whole; none is the tag latest. With
         a digest any tag or none, since it is not read then
Why:     what latest is changes without a change of the object: a restarted pod runs something else, a rollback brings
         nothing back, and nobody can say what is running.
Source:  distribution/reference; kubelet, applyDefaultImageTag
"""

from typing import Annotated

import re2
from pydantic import AfterValidator

from gatewright.policy import Globs, Params, Pod, Severity, Violation, Violations, policy, quote

from ._shared import uses

_QUIET = re2.Options()
_QUIET.log_errors = False  # on standard error


def _compiles(pattern: str) -> str:
    try:
        re2.compile(pattern, _QUIET)
    except re2.error as error:
        raise ValueError(f"{pattern!a} is no regular expression of RE2: {error.args[0].decode()}") from None
    return pattern


class ImageTag(Params):
    """`denied`: tags that may not be used. `pattern`: a regular expression (RE2) of the whole of those that may."""

    denied: Globs = Globs(["latest"])
    pattern: Annotated[str, AfterValidator(_compiles)] | None = None


@policy(severity=Severity.MEDIUM)
def image_tag(pod: Pod, params: ImageTag) -> Violations:
    for use in uses(pod):
        if use.image is None:
            wrong = "whose tag cannot be read"
        elif not (tag := use.image.pulled_tag):
            continue
        elif params.denied.match(tag):
            wrong = f"whose tag {quote(tag)} is not allowed" if use.image.tag else "whose tag is missing and so latest"
        elif params.pattern is not None and not re2.fullmatch(params.pattern, tag):
            wrong = f"whose tag {quote(tag)} does not match {quote(params.pattern)}"
        else:
            continue
        yield Violation(use.node, use.field, f"{use.words}, {wrong}")
