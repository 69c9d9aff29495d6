"""What the policies on reaching into running pods have in common: who may, where, and into which images."""

from gatewright.policy import Container, Globs, ImagePatterns, Params, User, parse_image, quote, quote_image


class Reaching(Params):
    """`allowedUsers`, `allowedGroups`: who may. `allowedNamespaces`: where everybody may. `allowedImages`: which images
    alone it may be, e.g. `[registry.example.com/debug/*]`; any where it is unset."""

    allowed_users: Globs = Globs()
    allowed_groups: Globs = Globs(("system:masters", "kubeadm:cluster-admins"))
    allowed_namespaces: Globs = Globs()
    allowed_images: ImagePatterns | None = None

    def is_open(self, namespace: str | None) -> bool:
        """Whether everybody may in a namespace; what is in none, as a node, is not meant by `*` either."""
        return namespace is not None and self.allowed_namespaces.match(namespace)

    def allows(self, user: User) -> bool:
        """Whether a requester may."""
        return self.allowed_users.match(user.name) or any(map(self.allowed_groups.match, user.groups))

    def fault(self, container: Container) -> str:
        """What is wrong with the image of a container, as the end of a sentence that begins with its label; empty where
        it is allowed."""
        if self.allowed_images is None:
            return ""
        runs = f"runs image {quote_image(container.image)}"
        try:
            image = parse_image(container.image)
        except ValueError as error:
            return f"{runs}, which is no image reference: {error}"
        return "" if self.allowed_images.match(image) else f"{runs}, and {quote(image.name)} is not allowed"
