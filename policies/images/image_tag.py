"""Images have a tag that says which version they are.

Fields:  containers[*].image, in every container list; spec.volumes[*].image.reference
Allowed: a tag that `denied` does not have and that `pattern`, if set, matches as a whole; none is the tag latest. With
         a digest any tag or none, since it is not read then
Why:     what latest is changes without a change of the object: a restarted pod runs something else, a rollback brings
         nothing back, and nobody can say what is running.
Source:  distribution/reference; kubelet, applyDefaultImageTag
"""

from gatewright.policy import Globs, Params, Pattern, Pod, Severity, Violation, Violations, fits, policy, quote


class ImageTag(Params):
    """`denied`: tags that may not be used. `pattern`: a regular expression (RE2) of the whole of those that may."""

    denied: Globs = Globs(["latest"])
    pattern: Pattern | None = None


@policy(severity=Severity.MEDIUM)
def image_tag(pod: Pod, params: ImageTag) -> Violations:
    for use in pod.images:
        if use.image is None:
            wrong = "whose tag cannot be read"
        elif not (tag := use.image.pulled_tag):
            continue
        elif params.denied.match(tag):
            wrong = f"whose tag {quote(tag)} is not allowed" if use.image.tag else "whose tag is missing and so latest"
        elif params.pattern is not None and not fits(params.pattern, tag):
            wrong = f"whose tag {quote(tag)} does not match {quote(params.pattern)}"
        else:
            continue
        yield Violation(use.node, use.field, f"{use.words}, {wrong}")
