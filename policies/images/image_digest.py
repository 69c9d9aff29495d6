"""Images are pinned by digest.

Fields:  containers[*].image, in every container list; spec.volumes[*].image.reference
Allowed: a reference with a digest: sha256, sha384 or sha512; a tag beside it is not read
Why:     a tag can be moved to other content at any time, by whoever can push: what was tested is then not what runs,
         and two nodes run two things under one name.
Source:  distribution/reference; opencontainers/go-digest
Maps:    OWASP K02 (2022)
"""

from gatewright.policy import Pod, Severity, Violation, Violations, policy


@policy(severity=Severity.MEDIUM)
def image_digest(pod: Pod) -> Violations:
    for use in pod.images:
        if use.image is None or not use.image.digest:
            yield Violation(use.node, use.field, f"{use.words}, which is not pinned by digest")
