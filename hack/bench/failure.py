"""Why there is no figure."""


class Failed(Exception):
    """Something could not be measured, or what was measured did not do its work; the message says what to do."""
