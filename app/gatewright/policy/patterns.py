"""Regular expressions of the configuration: RE2's, which are matched in linear time."""

from typing import Annotated

import re2
from pydantic import AfterValidator

_QUIET = re2.Options()
_QUIET.log_errors = False  # on standard error


def compiled(pattern: str) -> "re2._Regexp":
    """The expression; re2 keeps what it compiled.

    Raises:
        ValueError: it is none. The message goes on behind the pattern.
    """
    try:
        return re2.compile(pattern, _QUIET)
    except re2.error as error:
        raise ValueError(f"is no regular expression of RE2: {error.args[0].decode()}") from None


def _compiles(pattern: str) -> str:
    try:
        compiled(pattern)
    except ValueError as error:
        raise ValueError(f"{pattern!a} {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
"""A parameter that is one; `fits(pattern, text)` asks for a text."""


def fits(pattern: str, text: str) -> bool:
    """Whether the whole of a text is what a pattern says."""
    return compiled(pattern).fullmatch(text) is not None
