"""Policies made of code that is not what their files say, and what they read where a field is left out."""

import contextlib
import functools
import importlib
import itertools
import sys
import types
from collections.abc import Callable, Iterator, Mapping
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
    names = [name_of(file) for file in sorted(root.glob("*/_*.py"))]
    return {name: importlib.import_module(f"{package}.{name}") for name in names}


def name_of(file: Path) -> str:
    """What a policy's module, or a shared one, is called below the package of all: `pods._shared`."""
    return f"{file.parent.name}.{file.stem}"


@contextlib.contextmanager
def policies(
    root: Path, codes: Mapping[str, types.CodeType], kept: Mapping[str, types.ModuleType]
) -> Iterator[Callable[[Path], Policy]]:
    """Gives the policy of a file, as long as what stands below runs.

    Args:
        root: the folder of subjects.
        codes: the code that stands for some files, by their names.
        kept: modules that need not be made anew, by theirs. What is in neither is loaded from its file.

    Raises:
        Exception: whatever the code raises when it is run.
    """
    package = _package(root)
    try:
        sys.modules.update({f"{package}.{name}": module for name, module in kept.items()})
        for name, code in codes.items():
            module = types.ModuleType(f"{package}.{name}")
            vars(module).update(__package__=module.__name__.rpartition(".")[0], without__=without)
            sys.modules[module.__name__] = module
            exec(code, vars(module))  # noqa: S102  # it is ours
        yield functools.partial(_policy, package)
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]


def _policy(package: str, file: Path) -> Policy:
    module = importlib.import_module(f"{package}.{name_of(file)}")
    found = (one for one in vars(module).values() if isinstance(one, Policy))
    return next(one for one in found if one.check.__module__ == module.__name__)


def _package(root: Path) -> str:
    name = f"mutants_{next(_numbers)}"
    subjects = {f"{name}.{folder.name}": folder for folder in root.iterdir() if folder.is_dir()}
    for package, folder in {name: root, **subjects}.items():
        module = types.ModuleType(package)
        module.__path__ = [str(folder)]
        sys.modules[package] = module
    return name
