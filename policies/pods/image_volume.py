"""Images that are mounted as volumes say which version they are.

Fields:  spec.volumes[*].image.reference
Allowed: a reference with a digest, or with a tag other than latest
Why:     a mounted image is read by a program that knows nothing of it, and it is looked up again whenever the pod is
         made again: what moves with latest changes beneath the program without a word. That much is asked of a volume
         in any case. Everything else about images is asked of volumes by the policies on images themselves, each at its
         own mode: image-registry, image-tag, image-digest and image-pull-policy judge them like containers.
Source:  KEP-4639; Kubernetes, "Volumes", "image"
"""

from gatewright.policy import Pod, Severity, Violation, Violations, parse_image, policy, quote, quote_image


@policy(severity=Severity.MEDIUM)
def image_volume(pod: Pod) -> Violations:
    for volume in pod.spec.volumes:
        if volume.image is not None and (wrong := _wrong(volume.image.reference)):
            message = f"volume {quote(volume.name)} mounts image {quote_image(volume.image.reference)}, {wrong}"
            yield Violation(volume, "image.reference", message)


def _wrong(reference: str) -> str:
    try:
        image = parse_image(reference)
    except ValueError as error:
        return f"which is no image reference: {error}"
    if image.pulled_tag != "latest":
        return ""
    return "whose tag is latest" if image.tag else "which has no tag and no digest"
