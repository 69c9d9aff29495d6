"""Every modelled field is one of the official client's: of its name in Python and on the wire, and of its type."""

import keyword
import re
import types
import typing
from collections.abc import Iterator
from typing import Any

import kubernetes.client
import msgspec
import pytest

from gatewright.model.container import Quantities
from gatewright.model.kinds import MODELS
from gatewright.model.network import GRPCRoute, HTTPRoute, TLSRoute
from gatewright.model.nodes import Cluster
from gatewright.model.pod import CONTAINER_LISTS, Pod, PodTemplate
from gatewright.model.schema import Present
from gatewright.model.volume import Volume

CUSTOM = {Cluster, GRPCRoute, HTTPRoute, TLSRoute}
"""Of kinds that the client does not have: ours, and those of Gateway API."""
ROOTS = [
    (PodTemplate, "V1Pod"),
    (PodTemplate, "V1PodTemplateSpec"),
    *((model, f"V1{model.__name__}") for model in MODELS if model not in CUSTOM | {Pod}),
]
SCALARS = {str: "str", int: "int", bool: "bool"}
WRITTEN: dict[Any, str] = {str | int: "object"}
"""What may be written as one of several scalars, and what the client calls it."""
BASE64 = {"bytes": "str", "Dict[str, bytes]": "Dict[str, str]"}
"""What is written as text, and what the client reads out of it."""
BUILT_IN = frozenset({"exec"})
"""What the client's generator takes for a keyword."""


def client(name: str) -> Any:
    return getattr(kubernetes.client, name)


def drift(kind: type[msgspec.Struct], name: str, seen: set[tuple[type, str]]) -> Iterator[str]:
    """Where a model and a class of the client differ, in the model's fields and those below."""
    if (kind, name) in seen:
        return
    seen.add((kind, name))
    attributes, types_ = client(name).attribute_map, client(name).openapi_types
    hints = typing.get_type_hints(kind)
    for field, wire in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True):
        there = f"_{field}" if keyword.iskeyword(field) or field in BUILT_IN else field
        if attributes.get(there) != wire:
            yield f"{name}.{field}: {wire} here, {attributes.get(there)} there"
        elif isinstance(below := mismatch(hints[field], types_[there]), str):
            yield f"{name}.{field}: {below}"
        elif below:
            yield from drift(*below, seen)


def mismatch(hint: Any, there: str) -> str | tuple[type[msgspec.Struct], str] | None:
    """What differs, or the structs still to be compared, or nothing."""
    if hint in WRITTEN:
        return None if there == WRITTEN[hint] else f"{hint} here, {there} there"
    if isinstance(hint, types.UnionType):
        hint = next(option for option in typing.get_args(hint) if option is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        items = re.fullmatch(r"List\[(.+)\]", there)
        return mismatch(typing.get_args(hint)[0], items[1]) if items else f"a list here, {there} there"
    if hint is Present:
        return None if there.startswith("V1") else f"an object here, {there} there"
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint, there
    here = "Dict[str, str]" if hint in (dict[str, str], Quantities) else SCALARS[hint]
    return None if here == BASE64.get(there, there) else f"{here} here, {there} there"


@pytest.mark.parametrize(("kind", "name"), ROOTS, ids=lambda value: getattr(value, "__name__", value))
def test_every_field_is_the_clients(kind: type[msgspec.Struct], name: str) -> None:
    seen: set[tuple[type, str]] = set()
    assert list(drift(kind, name, seen)) == []
    assert (kind, name) in seen


def test_the_walk_reaches_what_lies_deep() -> None:
    seen: set[tuple[type, str]] = set()
    assert list(drift(PodTemplate, "V1Pod", seen)) == []
    assert {"V1Capabilities", "V1HTTPGetAction", "V1EphemeralContainer", "V1OwnerReference"} <= {
        name for _, name in seen
    }


class Drifted(msgspec.Struct, rename="camel"):
    name: int = 0
    immage: str = ""
    env: tuple[str, ...] = ()


def test_a_field_that_drifts_is_told() -> None:
    assert list(drift(Drifted, "V1Container", set())) == [
        "V1Container.name: int here, str there",
        "V1Container.immage: immage here, None there",
        "V1Container.env: str here, V1EnvVar there",
    ]


def test_every_list_of_containers_is_known() -> None:
    spec = client("V1PodSpec")
    lists = {spec.attribute_map[name] for name, kind in spec.openapi_types.items() if "Container]" in kind}
    assert lists == set(CONTAINER_LISTS)


def test_every_source_of_a_volume_is_known() -> None:
    assert set(client("V1Volume").attribute_map.values()) == set(Volume.__struct_encode_fields__)
