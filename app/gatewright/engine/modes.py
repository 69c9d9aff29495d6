"""Modes by severity, as a configuration writes them."""

from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from gatewright.engine.decision import Mode
from gatewright.policy import Severity

MODES = {str(mode): mode for mode in reversed(Mode)}
SEVERITIES = {str(severity): severity for severity in reversed(Severity)}


class Modes(tuple[Mode, ...]):
    """A mode for each severity. Written `enforce`, `warn`, `audit`, `off`, or as a map over severities and `else`."""

    __slots__ = ()

    def of(self, severity: Severity) -> Mode:
        """The mode of a violation that bad."""
        return self[severity - 1]

    @classmethod
    def all(cls, mode: Mode) -> "Modes":
        """One mode, whatever the severity."""
        return cls((mode,) * len(Severity))

    @classmethod
    def parse(cls, value: Any) -> "Modes":
        """The modes as they are written.

        Raises:
            ValueError: it is neither a mode nor a map over severities.
        """
        if not isinstance(value, dict):
            return cls.all(_mode(value))
        unknown = [key for key in value if key not in SEVERITIES and key != "else"]
        if unknown or not value:
            raise ValueError(f"a map over severities has the keys {', '.join(SEVERITIES)} and else")
        rest = value.get("else")
        if rest is None and len(value) < len(SEVERITIES):
            raise ValueError("a map over severities that leaves one out needs else")
        return cls(_mode(value.get(str(severity), rest)) for severity in Severity)

    def __str__(self) -> str:
        if len(set(self)) == 1:
            return str(self[0])
        return ", ".join(f"{severity}: {self.of(severity)}" for severity in SEVERITIES.values())

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        mode = {"enum": [*MODES, False]}
        by_severity = dict.fromkeys((*SEVERITIES, "else"), mode)
        whole = {"anyOf": [{"required": ["else"]}, {"required": [*SEVERITIES]}]}
        return {
            "anyOf": [mode, {"type": "object", "properties": by_severity, "additionalProperties": False, **whole}],
        }


def _mode(value: Any) -> Mode:
    if value is False:  # YAML's bare `off`
        return Mode.OFF
    if isinstance(value, str) and value in MODES:
        return MODES[value]
    raise ValueError(f"must be {', '.join(MODES)}, or a map over severities")


def is_map(value: dict[Any, Any]) -> bool:
    """Whether what stands for a policy is a map over severities, and so a mode, rather than keys of its own."""
    return any(key in SEVERITIES or key == "else" for key in value)
