"""Policies with one thing wrong: a condition turned round, a bound moved, a name left out, or a field that is not read.

What is turned round is whatever is asked for its truth: tests, filters, guards, operands of `and`, `or` and `not`,
comparisons wherever they stand, what `any` and `all` go over, and what a function of a truth returns.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any, TypeGuard

Place = tuple[ast.AST, str, int | None]

MOVED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}


@dataclass(frozen=True)
class Mutant:
    """A source with one thing wrong: what, in which line, and where it is one that is not read the attribute."""

    what: str
    line: int
    code: CodeType
    attribute: str = ""

    def __str__(self) -> str:
        return f"{self.line}: {self.what}"


MUTANT = "a policy"
"""What stands for the file that a mutant is of."""


def compiled(tree: ast.Module) -> CodeType:
    """The tree as `exec` runs it."""
    return compile(ast.fix_missing_locations(tree), MUTANT, "exec")


def mutants(source: str) -> Iterator[Mutant]:
    """Every one of a source."""
    tree = ast.parse(source)
    for change in (_turned, _moved, _never, _shorter, _unread):
        yield from (Mutant(what, line, compiled(tree)) for what, line in change(tree))
    errors = {one for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) for one in ast.walk(node)}
    reads = {node.attr: node.lineno for node in ast.walk(tree) if _is_read(node) and node not in errors}
    for name, line in sorted(reads.items()):
        yield Mutant(f"without .{name}", line, compiled(_Without(name).visit(copy.deepcopy(tree))), name)


Changes = Iterator[tuple[str, int]]
"""What is wrong with the tree just now, and where; the tree is whole again once the next is asked for."""


def _turned(tree: ast.Module) -> Changes:
    """Each condition, the other way round."""
    truths = set(_truths(tree))
    for place, node in _places(tree):
        parent, name, _ = place
        if isinstance(node, ast.BoolOp | ast.Constant) or (isinstance(node, ast.UnaryOp) and _is_not(node)):
            continue  # what it is made of has its own turn
        asked = name in {"test", "ifs", "guard"} or isinstance(parent, ast.BoolOp) or _is_not(parent)
        if isinstance(node, ast.expr) and (asked or isinstance(node, ast.Compare) or node in truths):
            yield from _with(place, node, ast.UnaryOp(ast.Not(), node), f"not ({ast.unparse(node)})")


def _truths(tree: ast.Module) -> Iterator[ast.expr]:
    """What `any` and `all` go over, and what functions return that are annotated to return a truth."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("any" | "all"), [ast.GeneratorExp(elt)]):
                yield elt
            case ast.FunctionDef(returns=ast.Name("bool")):
                yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value)


def _moved(tree: ast.Module) -> Changes:
    """Each bound, with its own value on the other side."""
    for place, node in _places(tree):
        if isinstance(node, ast.cmpop) and (other := MOVED.get(type(node))):
            yield from _with(place, place[0], other(), f"the bound of {ast.unparse(place[0])}")


def _never(tree: ast.Module) -> Changes:
    """Each case of a `match`, as one that never is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.match_case):
            what = f"never case {ast.unparse(node.pattern)}"
            yield from _with((node, "guard", None), node.pattern, ast.Constant(value=False), what)


def _shorter(tree: ast.Module) -> Changes:
    """Each set, and each tuple, list and dict beside the functions, that names nothing but constants, without one."""
    beside = {one for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) for one in ast.walk(node)}
    slices = {node.slice for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(tree):
        names: list[Any] = []
        lists: list[list[Any]] = []
        if isinstance(node, ast.Set) or (isinstance(node, ast.Tuple | ast.List) and node in beside - slices):
            names, lists = list(node.elts), [node.elts]
        elif isinstance(node, ast.Dict) and node in beside:
            names, lists = list(node.keys), [node.keys, node.values]
        if not all(isinstance(name, ast.Constant) for name in names):
            continue
        for index, name in enumerate(names):
            left = [(some, some.pop(index)) for some in lists]
            yield f"{ast.unparse(name)} left out", name.lineno
            for some, one in left:
                some.insert(index, one)


def _unread(tree: ast.Module) -> Changes:
    """Each look into what has no types, `x.get(name)` or `find(x, path)`, as one that finds nothing."""
    for place, node in _places(tree):
        match node:
            case ast.Call(ast.Attribute(_, "get"), [ast.Constant() | ast.Name(), *otherwise]):
                pass
            case ast.Call(ast.Name("find"), [_, _, *otherwise]):
                pass
            case _:
                continue
        default = otherwise[0] if otherwise else ast.Constant(None)
        yield from _with(place, node, default, f"without {ast.unparse(node)}")


def _with(place: Place, node: ast.AST, value: ast.AST, what: str) -> Changes:
    parent, name, index = place
    there = getattr(parent, name)
    setattr(parent, name, value if index is None else [*there[:index], value, *there[index + 1 :]])
    yield what, getattr(node, "lineno", 0)
    setattr(parent, name, there)


def _places(tree: ast.Module) -> list[tuple[Place, ast.AST]]:
    """Every node but the first, and where it stands."""
    return [
        ((parent, name, index), one)
        for parent in ast.walk(tree)
        for name, value in ast.iter_fields(parent)
        for index, one in (enumerate(value) if isinstance(value, list) else [(None, value)])
        if isinstance(one, ast.AST)
    ]


def _is_not(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _is_read(node: ast.AST) -> TypeGuard[ast.Attribute]:
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
