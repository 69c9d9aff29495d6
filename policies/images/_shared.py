"""What the policies on images have in common: where a pod names images, and what each of them is."""

from collections.abc import Iterator
from typing import NamedTuple

from gatewright.policy import Container, ImageReference, Pod, Volume, parse_image, quote, quote_image


class Use(NamedTuple):
    """An image that a pod uses: what uses it and how, which field names it, and which says when it is pulled.

    `image` is None where the text names none: `fault` says why, beginning with "it" or "its".
    """

    node: Container | Volume
    does: str
    field: str
    text: str
    policy_field: str
    policy: str
    image: ImageReference | None
    fault: str

    @property
    def words(self) -> str:
        """How a message begins: `container "app" runs image "nginx:1"`."""
        return f"{self.does} image {quote_image(self.text)}"


def uses(pod: Pod) -> Iterator[Use]:
    """Every image of a pod: those that its containers of every list run, and those that are mounted as volumes."""
    for container in pod.containers:
        does = f"{container.label} runs"
        yield _use(container, does, "image", container.image, "imagePullPolicy", container.image_pull_policy)
    for volume in pod.spec.volumes:
        if volume.image is not None:
            does, source = f"volume {quote(volume.name)} mounts", volume.image
            yield _use(volume, does, "image.reference", source.reference, "image.pullPolicy", source.pull_policy)


def _use(node: Container | Volume, does: str, field: str, text: str, policy_field: str, policy: str) -> Use:
    try:
        return Use(node, does, field, text, policy_field, policy, parse_image(text), "")
    except ValueError as error:
        return Use(node, does, field, text, policy_field, policy, None, str(error))
