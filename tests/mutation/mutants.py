"""Policies with one thing wrong: a condition turned round, or a field that is not read."""

import ast
import copy
import itertools
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from pydantic import BaseModel

from gatewright.model.pod import Pod
from gatewright.policy import Connect, Policy, Resource, User

ABSENT: dict[type, dict[str, Any]] = {
    Pod: {"containers": (), "scheduled_containers": (), "is_template": False, "is_windows": False, "namespace": None},
    User: {"name": "", "groups": ()},
    Resource: {"api_version": "v1", "kind": "", "namespace": None},
    Connect: {"resource": "", "subresource": "", "namespace": None, "name": "", "options": {}},
}
"""What stands where a field is not read, of views that are no plain structs."""

dropped: set[str] = set()
"""Fields that were left out since it was cleared: an attribute that is no field, a method say, never is."""

_numbers = itertools.count()


def without(holder: Any, name: str) -> Any:
    """A field as it is where it is absent; every other attribute as it is."""
    for kind, fields in ABSENT.items():
        if isinstance(holder, kind) and name in fields:
            return _dropped(name, fields[name])
    if isinstance(holder, msgspec.Struct) and name in holder.__struct_fields__:
        return _dropped(name, next(_default(one) for one in msgspec.structs.fields(type(holder)) if one.name == name))
    if isinstance(holder, BaseModel) and name in type(holder).model_fields:
        return _dropped(name, type(holder).model_fields[name].get_default(call_default_factory=True))
    return getattr(holder, name)


def _dropped(name: str, value: Any) -> Any:
    dropped.add(name)
    return value


def _default(field: Any) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


@dataclass(frozen=True)
class Mutant:
    """A source with one thing wrong."""

    what: str
    tree: ast.Module
    field: str = ""


def mutants(source: str) -> Iterator[Mutant]:
    """Every condition turned round, and every attribute that is read left out."""
    whole = ast.parse(source)
    conditions = [(node, name) for node in ast.walk(whole) for name in _conditions(node)]
    for number, (node, where) in enumerate(conditions):
        tree = copy.deepcopy(whole)
        twin = [one for one in ast.walk(tree) for _ in _conditions(one)][number]
        written = ast.unparse(_at(node, where))
        _put(twin, where, ast.UnaryOp(ast.Not(), _at(twin, where)))
        yield Mutant(f"{getattr(node, 'lineno', _at(node, where).lineno)}: not ({written})", tree)
    for name in sorted({node.attr for node in ast.walk(whole) if _is_read(node)}):
        tree = _Without(name).visit(copy.deepcopy(whole))
        yield Mutant(f"without .{name}", tree, name)


Where = tuple[str, int | None]


def _conditions(node: ast.AST) -> Iterator[Where]:
    """The places of a node at which a condition stands, each operand of an `and` or an `or` for itself."""
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.BoolOp):
        yield "test", None
    elif isinstance(node, ast.comprehension):
        yield from (("ifs", index) for index, one in enumerate(node.ifs) if not isinstance(one, ast.BoolOp))
    elif isinstance(node, ast.BoolOp):
        yield from (
            ("values", index) for index, one in enumerate(node.values) if not isinstance(one, ast.BoolOp | ast.Constant)
        )


def _at(node: Any, where: Where) -> Any:
    name, index = where
    return getattr(node, name) if index is None else getattr(node, name)[index]


def _put(node: Any, where: Where, value: ast.expr) -> None:
    name, index = where
    if index is None:
        setattr(node, name, value)
    else:
        getattr(node, name)[index] = value


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr.islower()


class _Without(ast.NodeTransformer):
    """Leaves an attribute out."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if not _is_read(node) or node.attr != self._name:
            return node
        return ast.Call(ast.Name("without__", ast.Load()), [node.value, ast.Constant(node.attr)], [])


def loaded(file: Path, tree: ast.Module, shared: dict[str, ast.Module]) -> Policy:
    """The policy in a file, made of a tree; what it imports from beside it is made of others.

    Raises:
        Exception: whatever the tree raises when it is run.
    """
    package = f"mutants_{next(_numbers)}"
    sys.modules[package] = _module(package, file.parent)
    try:
        for name, other in shared.items():
            _run(f"{package}.{name}", package, other, file)
        module = _run(f"{package}.{file.stem}", package, tree, file)
        (policy,) = (
            one for one in vars(module).values() if isinstance(one, Policy) and one.check.__module__ == module.__name__
        )
        return policy
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]


def _module(name: str, folder: Path) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__path__ = [str(folder)]
    return module


def _run(name: str, package: str, tree: ast.Module, file: Path) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__package__ = package
    vars(module)["without__"] = without
    sys.modules[name] = module
    exec(compile(ast.fix_missing_locations(tree), str(file), "exec"), vars(module))  # noqa: S102  # it is ours
    return module
