"""The one exception of this package."""


class Failed(Exception):
    """Something of the control plane was not found, not built or not started; the message is for a person."""
