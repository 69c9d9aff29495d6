"""The parameters of a policy: a strict, frozen model whose field names are part of the configuration's interface."""

import fnmatch
import typing
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
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


class Params(Strict):
    """Base of a policy's parameters. Every field has a default.

    A list that is None says nothing; `[]` allows nothing.
    """


_PORT = r"0*[1-9][0-9]{0,4}"


class PortRanges(tuple[Any, ...]):  # of ranges; as such, `port in ranges` would not pass mypy --strict
    """Ports, written `[9100, "5000-6000"]`; `port in ranges` asks for one."""

    __slots__ = ()

    def __contains__(self, port: object) -> bool:
        return any(port in ports for ports in self)

    @classmethod
    def parse(cls, items: list[int | str]) -> "PortRanges":
        """The ranges.

        Raises:
            ValueError: an item is no port and no range of ports.
        """
        return cls(_range(item) for item in items)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda ranges: [_written(ports) for ports in ranges])
        return core_schema.no_info_after_validator_function(cls.parse, handler(list[int | str]), serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        port = {"type": "integer", "minimum": 1, "maximum": 65535}
        return {"type": "array", "items": {"anyOf": [port, {"type": "string", "pattern": f"^{_PORT}(-{_PORT})?$"}]}}


def _range(item: int | str) -> range:
    first, dash, last = str(item).partition("-")
    if first.isdecimal() and (last.isdecimal() if dash else not last):
        ports = range(int(first), int(last or first) + 1)
        if ports and ports[0] >= 1 and ports[-1] <= 65535:
            return ports
    raise ValueError(f'{item!r} is no port from 1 to 65535 and no range like "5000-6000"')


def _written(ports: range) -> int | str:
    return ports[0] if len(ports) == 1 else f"{ports[0]}-{ports[-1]}"


class Globs(tuple[str, ...]):
    """Names with `*` and `?`, e.g. `[kube-*, monitoring]`; `globs.match(name)` asks for one, case-sensitively.

    Never a regular expression of the user's, so matching is linear.
    """

    __slots__ = ()

    def match(self, name: str) -> bool:
        """Whether the whole of `name` fits one of them."""
        return any(fnmatch.fnmatchcase(name, glob.replace("[", "[[]")) for glob in self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(list)
        return core_schema.no_info_after_validator_function(cls, handler(list[str]), serialization=written)


def _takes_list(annotation: Any) -> bool:
    if annotation in {PortRanges, Globs} or typing.get_origin(annotation) is list:
        return True
    return any(_takes_list(option) for option in typing.get_args(annotation))
