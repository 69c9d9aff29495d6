"""Policies made of code that is not what their files say, and what they read where a field is left out."""

import functools
import importlib
import itertools
import sys
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel

from gatewright.policy import Policy

reached: dict[str, bool] = {}
"""The attributes that were asked for and should be left out, and whether one was a field: a method is not."""

_ZERO = (bool, int, float, str, bytes, tuple, list, dict, set, frozenset)
_numbers = itertools.count()


def without(holder: Any, name: str) -> Any:
    """A field as it is where it is absent; what is no field of ours, a method say, as it is."""
    value = getattr(holder, name)
    is_field = _is_ours(holder) and not callable(value)
    reached[name] = is_field or reached.get(name, False)
    return _absent(holder, name, value) if is_field else value


def _is_ours(holder: Any) -> bool:
    return isinstance(holder, BaseModel) or type(holder).__module__.startswith("gatewright.")


def _absent(holder: Any, name: str, value: Any) -> Any:
    if name == "namespace":
        return None
    if isinstance(holder, BaseModel) and name in type(holder).model_fields:
        return type(holder).model_fields[name].get_default(call_default_factory=True)
    if isinstance(holder, msgspec.Struct) and name in holder.__struct_fields__:
        field = next(one for one in msgspec.structs.fields(type(holder)) if one.name == name)
        if not field.required:
            return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    return type(value)() if type(value) in _ZERO or isinstance(value, msgspec.Struct) else None


@functools.cache
def shared(root: Path) -> Mapping[str, types.ModuleType]:
    """What the policies below a folder of subjects share, by `name_of` its file, as it is."""
    package = _package(root)
    return {name_of(file): importlib.import_module(f"{package}.{name_of(file)}") for file in sorted(root.glob("*/_*.py"))}


def name_of(file: Path) -> str:
    """What a policy's module, or a shared one, is called below the package of all: `pods._shared`."""
    return f"{file.parent.name}.{file.stem}"


def loaded(file: Path, codes: Mapping[str, types.CodeType], kept: Mapping[str, types.ModuleType]) -> Policy:
    """The policy of a file.

    Args:
        file: whose policy.
        codes: the code that stands for some files, by their names.
        kept: modules that need not be made anew, by theirs. What is in neither is loaded from its file.

    Raises:
        Exception: whatever the code raises when it is run.
    """
    package = _package(file.parents[1])
    try:
        sys.modules.update({f"{package}.{name}": module for name, module in kept.items()})
        for name, code in codes.items():
            module = types.ModuleType(f"{package}.{name}")
            vars(module).update(__package__=module.__name__.rpartition(".")[0], without__=without)
            sys.modules[module.__name__] = module
            exec(code, vars(module))  # noqa: S102  # it is ours
        found = vars(importlib.import_module(f"{package}.{name_of(file)}")).values()
        return next(one for one in found if isinstance(one, Policy) and one.check.__module__.startswith(package))
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]


def _package(root: Path) -> str:
    name = f"mutants_{next(_numbers)}"
    for package, folder in {name: root, **{f"{name}.{one.name}": one for one in root.iterdir() if one.is_dir()}}.items():
        module = types.ModuleType(package)
        module.__path__ = [str(folder)]
        sys.modules[package] = module
    return name
