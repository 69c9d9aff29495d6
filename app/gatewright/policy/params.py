"""The parameters of a policy: a strict, frozen model whose field names are part of the configuration's interface."""

import fnmatch
import functools
import re
import typing
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema


class Strict(BaseModel):
    """A frozen model that refuses unknown keys and converts no types; a scalar stands for a list of one."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=to_camel, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _scalars(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        lists = {field.alias for field in cls.model_fields.values() if _takes_list(field.annotation)}
        return {
            key: [value] if key in lists and type(value) in {str, int, float} else value for key, value in data.items()
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """As it is written: null stands for nothing, a scalar for a list of one."""
        reference = handler(schema)
        whole = handler.resolve_ref_schema(reference)
        whole["properties"] = {name: _as_written(form) for name, form in whole.get("properties", {}).items()}
        return reference


def _as_written(form: dict[str, Any]) -> dict[str, Any]:
    about = {
        key: value for key, value in form.items() if key in {"default", "description", "title"} and value is not None
    }
    rest = {key: value for key, value in form.items() if key not in {"default", "description", "title"}}
    options = [option for option in rest.get("anyOf", [rest]) if option != {"type": "null"}]
    lists = [option["items"] for option in options if option.get("type") == "array"]
    options = [*(items for items in lists if _is_scalar(items)), *options]
    return about | (options[0] if len(options) == 1 else {"anyOf": options})


def _is_scalar(form: dict[str, Any]) -> bool:
    return all(one.get("type") in {"string", "integer", "number"} for one in form.get("anyOf", [form]))


def _day(text: object) -> date:
    try:
        day = date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        day = date.min
    if str(day) != text:
        raise ValueError("must be a day like 2026-08-26")
    return day


Day = Annotated[date, BeforeValidator(_day)]
"""A day, written `2026-08-26`."""


class Params(Strict):
    """Base of a policy's parameters. Every field has a default.

    A list that is None says nothing; `[]` allows nothing.
    """


class Ranges(tuple[Any, ...]):  # of ranges; as such, `number in ranges` would not pass mypy --strict
    """Ids of users or groups, written `[0, "1000-65535"]`; `id in ranges` asks for one, `str(ranges)` tells all."""

    __slots__ = ()

    IS_WRITTEN_AS_LIST: ClassVar[bool] = True
    noun: ClassVar[str] = "id"
    bounds: ClassVar[range] = range(2**31)  # IsValidUserID of k8s.io/apimachinery
    digits: ClassVar[str] = "[0-9]{1,10}"
    example: ClassVar[str] = "1000-65535"

    def __contains__(self, number: object) -> bool:
        return any(number in numbers for numbers in self)

    def __str__(self) -> str:
        return ", ".join(str(_written(numbers)) for numbers in self)

    @classmethod
    def parse(cls, items: list[int | str]) -> Self:
        """The ranges.

        Raises:
            ValueError: an item is no number within the bounds and no range of such.
        """
        return cls(cls._range(item) for item in items)

    @classmethod
    def _range(cls, item: int | str) -> range:
        first, dash, last = str(item).partition("-")
        if first.isdecimal() and (last.isdecimal() if dash else not last):
            numbers = range(int(first), int(last or first) + 1)
            if numbers and numbers[0] in cls.bounds and numbers[-1] in cls.bounds:
                return numbers
        least, most = cls.bounds[0], cls.bounds[-1]
        raise ValueError(f'{item!r} is no {cls.noun} from {least} to {most} and no range like "{cls.example}"')

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda ranges: [_written(one) for one in ranges])
        return core_schema.no_info_after_validator_function(cls.parse, handler(list[int | str]), serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"type": "integer", "minimum": cls.bounds[0], "maximum": cls.bounds[-1]}
        written = {"type": "string", "pattern": f"^{cls.digits}(-{cls.digits})?$"}
        return {"type": "array", "items": {"anyOf": [number, written]}}


class PortRanges(Ranges):
    """Ports, written `[9100, "5000-6000"]`; `port in ranges` asks for one."""

    __slots__ = ()

    noun = "port"
    bounds = range(1, 65536)
    digits = "0*[1-9][0-9]{0,4}"
    example = "5000-6000"


def _written(numbers: range) -> int | str:
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"


@functools.lru_cache(1024)
def _compiled(glob: str) -> Callable[[str], object]:
    return re.compile(fnmatch.translate(glob.replace("[", "[[]"))).match


class Globs(tuple[str, ...]):
    """Names with `*` and `?`, e.g. `[kube-*, monitoring]`; `globs.match(name)` asks for one, case-sensitively.

    Never a regular expression of the user's, so matching is linear.
    """

    __slots__ = ()

    IS_WRITTEN_AS_LIST: ClassVar[bool] = True

    def match(self, name: str) -> bool:
        """Whether the whole of `name` fits one of them."""
        for glob in self:  # noqa: SIM110  # a generator costs as much again, and every pod is asked for
            if glob == name or (("*" in glob or "?" in glob) and _compiled(glob)(name)):
                return True
        return False

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(list)
        return core_schema.no_info_after_validator_function(cls, handler(list[str]), serialization=written)


def _takes_list(annotation: Any) -> bool:
    if typing.get_origin(annotation) is list or getattr(annotation, "IS_WRITTEN_AS_LIST", False):
        return True
    return any(_takes_list(option) for option in typing.get_args(annotation))
