"""Images come from registries and repositories that are allowed.

Fields:  containers[*].image, in every container list; spec.volumes[*].image.reference
Allowed: what `allowed` has, anything where it is unset; nothing that `denied` has; nothing that is no image reference,
         as the bare id of an image on the node
Why:     an image is code of whoever can push to its repository. What the node pulls is compared, not how it is spelt:
         `nginx` is docker.io/library/nginx, upper case in a registry and its default port count for nothing, a registry
         that begins like another one is another one. `denied` alone is no boundary: a mirror has the same images.
Source:  distribution/reference; containerd, CRI LocalResolve (ids)
Maps:    CIS 5.5.1; OWASP K02 (2022)
"""

from gatewright.policy import ImagePatterns, Params, Pod, Severity, Violation, Violations, policy, quote


class ImageRegistry(Params):
    """`allowed`: images that may be used, e.g. `[registry.example.com/team/*, nginx]`. `denied`: those that may not.

    A last part `*` is everything below, `*.` in front of a registry every host below; elsewhere a `*` stays within its
    part. Without a registry it is docker.io's.
    """

    allowed: ImagePatterns | None = None
    denied: ImagePatterns = ImagePatterns()


@policy(severity=Severity.HIGH)
def image_registry(pod: Pod, params: ImageRegistry) -> Violations:
    for use in pod.images:
        if use.image is None:
            wrong = f"which is no image reference: {use.fault}"
        elif params.denied.match(use.image):
            wrong = f"and {quote(use.image.name)} is denied"
        elif params.allowed is not None and not params.allowed.match(use.image):
            wrong = f"and {quote(use.image.name)} is not allowed"
        else:
            continue
        yield Violation(use.node, use.field, f"{use.words}, {wrong}")
