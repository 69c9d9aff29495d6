"""How bad a violation is."""

import enum


class Severity(enum.IntEnum):
    """How much an attacker, or bad luck, gains by a violation. A mode can be a map over severities."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    def __str__(self) -> str:
        return self._name_.lower()  # past the property `name`, which is slow

    __hash__ = int.__hash__
