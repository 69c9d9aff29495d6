"""Where a pod names images."""

import msgspec

from gatewright.model.container import Container
from gatewright.model.image import ImageReference, parse_image, quote_image
from gatewright.model.text import quote
from gatewright.model.volume import Volume


class UsedImage(msgspec.Struct, frozen=True, gc=False):
    """An image that a pod uses: what uses it, and the text that names it.

    `image` is None where the text names none: `fault` says why, beginning with "it" or "its".
    """

    node: Container | Volume
    text: str
    pull_policy: str
    image: ImageReference | None
    fault: str = ""

    @property
    def field(self) -> str:
        """Which field of the node names the image."""
        return "image" if isinstance(self.node, Container) else "image.reference"

    @property
    def pull_policy_field(self) -> str:
        """Which field of the node says when the image is pulled."""
        return "imagePullPolicy" if isinstance(self.node, Container) else "image.pullPolicy"

    @property
    def words(self) -> str:
        """How a message begins: `container "app" runs image "nginx:1"`."""
        node = self.node
        does = f"{node.label} runs" if isinstance(node, Container) else f"volume {quote(node.name)} mounts"
        return f"{does} image {quote_image(self.text)}"


def used_image(node: Container | Volume, text: str, pull_policy: str) -> UsedImage:
    """What a text names that a container or a volume uses as an image."""
    try:
        return UsedImage(node, text, pull_policy, parse_image(text))
    except ValueError as error:
        return UsedImage(node, text, pull_policy, None, str(error))
