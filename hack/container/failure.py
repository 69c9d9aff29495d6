"""The one exception of this package."""


class Failed(Exception):
    """The image was not built, or is not one; the message is for a person."""
