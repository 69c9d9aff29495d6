"""The parameters of what looks for credentials."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from gatewright.policy import Globs, Params, compiled, fits

LONGEST_PATTERN = 1_000
"""Characters of a pattern of the configuration."""


class Patterns(tuple[str, ...]):
    """Regular expressions in RE2's syntax, which are matched in linear time; `patterns.match(text)` asks for a text.

    What they match is never in an error: what is wrong with one is said of its own text alone.
    """

    __slots__ = ()

    IS_WRITTEN_AS_LIST: ClassVar[bool] = True

    def match(self, text: str) -> bool:
        """Whether the whole of a text fits one of them."""
        return any(fits(pattern, text) for pattern in self)

    @classmethod
    def parse(cls, patterns: list[str]) -> "Patterns":
        """The patterns.

        Raises:
            ValueError: one is not RE2, or too long.
        """
        for pattern in patterns:
            if len(pattern) > LONGEST_PATTERN:
                raise ValueError(f"a pattern is longer than {LONGEST_PATTERN} characters")
            try:
                compiled(pattern)
            except ValueError as error:
                raise ValueError(f"{pattern!r} {error}") from None
        return cls(patterns)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(list)
        return core_schema.no_info_after_validator_function(cls.parse, handler(list[str]), serialization=written)


class Looked(Params):
    """`ignorePaths`: places that are not read, e.g. `data.ca-bundle` or `spec.containers[*].env[BUILD_*].value`: as
    messages have the path, in a workload from its pod template on, list items by index or by name.
    `allowedPatterns`: RE2 of the whole of what is found and is no credential. `maxBytes`: how much of an object's names
    and values is read; of what is longer it is said that the rest was not."""

    ignore_paths: Globs = Globs()
    allowed_patterns: Patterns = Patterns()
    max_bytes: Annotated[int, Field(ge=1)] = 1_048_576
