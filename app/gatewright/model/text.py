"""How a value that somebody else wrote is shown to a person."""

import unicodedata

LONGEST = 80
"""Characters of a quoted value; what is longer is cut."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that print nothing, break the line, or turn the direction of what follows (CVE-2021-42574)."""


def escape(value: str) -> str:
    """`value` on one line, with whatever does not print (bidirectional controls among it) as an escape."""
    if value.isascii() and value.isprintable():
        return value
    return "".join(_escaped(char) if unicodedata.category(char) in _HIDDEN else char for char in value)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}"


def quote(value: object) -> str:
    """`value` in double quotes, escaped and at most 80 characters long: the only way an object's value is shown."""
    text = str(value)
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return '"' + escape(cut.replace("\\", "\\\\").replace('"', '\\"')) + '"'
