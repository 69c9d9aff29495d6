"""Whether the cases of a policy notice what is wrong in it."""

import ast
import contextlib
import dataclasses
import functools
import signal
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

from gatewright.engine import cases
from gatewright.engine.catalog import Entry
from gatewright.engine.cases import Case, CaseFile
from gatewright.engine.minimal import Variant, variants
from gatewright.engine.reading import the_document, validate
from gatewright.model.pod import CONTAINER_LISTS
from gatewright.policy import Policy
from tests.mutation.loading import loaded, name_of, reached, shared
from tests.mutation.mutants import Mutant, mutants


SECONDS = 1.0
"""Of the processor, after which a policy that judges one object is taken to loop for ever."""


class Forever(Exception):
    """It does not end: raised in the policy, where it is as any other error of it."""


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """What stands below ends, or raises."""

    def end(*_: object) -> None:
        raise Forever

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class Cases:
    """The cases of a policy: each on its first object, then each on all others. What failed last is asked first."""

    def __init__(self, entry: Entry, file: Path) -> None:
        self.entry = entry
        self._runs: list[tuple[Case, Variant]] = []
        others: list[tuple[Case, Variant]] = []
        for case in validate(CaseFile, the_document(file.read_bytes(), file.name), {}).cases:
            lists = case.lists or CONTAINER_LISTS
            first, *rest = variants(entry.policy, case.set, case.old, case.object, case.kinds, lists)
            self._runs.append((case, first))
            others += ((case, variant) for variant in rest)
        self._runs += others

    def notice(self, policy: Policy) -> bool:
        """Whether one fails where the policy is this one."""
        entry = dataclasses.replace(self.entry, policy=policy)
        for number, (case, variant) in enumerate(self._runs):
            if _fails(entry, case, variant):
                self._runs.insert(0, self._runs.pop(number))
                return True
        return False


def _fails(entry: Entry, case: Case, variant: Variant) -> bool:
    try:
        with _ending():
            return any(cases._failures(cases._engine(entry, case), case, variant))
    except Exception:  # noqa: BLE001  # parameters that the case needs are refused, or it does not end
        return True


def unnoticed(file: Path, users: list[Cases]) -> Iterator[Mutant]:
    """What is wrong in a file and fails no case of the policies that use it.

    A field that no case reads is among it, and what is left out and is none is not: a method, say.
    """
    users = list(users)
    for mutant in mutants(file.read_text()):
        reached.clear()
        last = next((user for user in users if _notices(user, file, mutant)), None)
        if last is not None:
            users.insert(0, users.pop(users.index(last)))
        elif not mutant.attribute or reached.get(mutant.attribute, True):
            yield mutant


def _notices(user: Cases, file: Path, mutant: Mutant) -> bool:
    try:
        policy = with_code(user.entry, file, mutant.code)
    except Exception:  # noqa: BLE001  # a mutant that does not load is noticed by everybody
        return True
    return user.notice(policy)


def with_code(entry: Entry, file: Path, code: CodeType) -> Policy:
    """A policy where a file, its own or one that it uses, is other code."""
    root = entry.file.parents[1]
    kept = {name: one for name, one in shared(root).items() if not uses(root / f"{name.replace('.', '/')}.py", file)}
    return loaded(entry.file, {name_of(file): code}, kept)


def uses(file: Path, other: Path) -> bool:
    """Whether a file is another one, or imports it, itself or through a third."""
    return file == other or any(uses(one, other) for one in _imported(file))


@functools.cache
def _imported(file: Path) -> list[Path]:
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = file.parents[node.level - 1]
            names = [node.module] if node.module else [one.name for one in node.names]
            found += [folder / f"{name.replace('.', '/')}.py" for name in names]
    return found
