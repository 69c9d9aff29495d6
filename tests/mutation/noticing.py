"""Whether the cases of a policy notice what is wrong in it."""

import ast
import contextlib
import dataclasses
import functools
import signal
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType

from gatewright.engine import cases
from gatewright.engine.cases import Case, CaseFile
from gatewright.engine.catalog import Entry
from gatewright.engine.minimal import Variant, variants
from gatewright.engine.reading import the_document, validate
from gatewright.model.pod import CONTAINER_LISTS
from gatewright.policy import Policy
from tests.mutation.loading import name_of, policies, reached, shared
from tests.mutation.mutants import MUTANT, Mutant, mutants

SECONDS = 1.0
"""Of the processor, after which a policy that judges one object is taken to loop for ever."""


TICK = 0.01
"""Seconds of the processor between two attempts to end it."""

OURS = (MUTANT, *(f"{Path(__file__).parents[2] / folder}/" for folder in ("app", "policies")))
"""How the files are called that hold policies, and the code that they call."""


class Forever(Exception):
    """It does not end: raised in the policy, where it is as any other error of it."""


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """What stands below ends, or raises."""

    def end(_: int, frame: FrameType | None) -> None:
        if frame and frame.f_code.co_filename.startswith(OURS):
            raise Forever  # and not in a callback of the collector's, which would swallow it: then at the next tick

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, TICK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class Cases:
    """The cases of a policy: each on its first object, and each on all others. What failed last is asked first."""

    def __init__(self, entry: Entry, file: Path) -> None:
        self.entry = entry
        self._first: list[tuple[Case, Variant]] = []
        self._others: list[tuple[Case, Variant]] = []
        for case in validate(CaseFile, the_document(file.read_bytes(), file.name), {}).cases:
            lists = case.lists or CONTAINER_LISTS
            first, *others = variants(entry.policy, case.set, case.old, case.object, case.kinds, lists)
            self._first.append((case, first))
            self._others += ((case, other) for other in others)

    def notice(self, policy: Policy, *, is_all: bool) -> bool:
        """Whether a case fails where the policy is this one: on its first object, or on one of all others."""
        entry = dataclasses.replace(self.entry, policy=policy)
        runs = self._others if is_all else self._first
        for number, (case, variant) in enumerate(runs):
            if _fails(entry, case, variant):
                runs.insert(0, runs.pop(number))
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
    users = list(users)  # who noticed the last one is asked first: what stands together is for the same policies
    for mutant in sorted(mutants(file.read_text()), key=lambda mutant: mutant.line):
        reached.clear()
        number = noticing(file, mutant.code, users)
        if number is not None:
            users.insert(0, users.pop(number))
        elif not mutant.attribute or reached.get(mutant.attribute, True):
            yield mutant


def noticing(file: Path, code: CodeType, users: list[Cases]) -> int | None:
    """Which of the users of a file first fails where it is other code, if one does: each on little, then on all."""
    root = file.parents[1]
    kept = {name: one for name, one in shared(root).items() if not uses(root / f"{name.replace('.', '/')}.py", file)}
    number = 0
    try:
        with policies(root, {name_of(file): code}, kept) as policy_of:
            for is_all in (False, True):
                for number, user in enumerate(users):
                    if user.notice(policy_of(user.entry.file), is_all=is_all):
                        return number
    except Exception:  # noqa: BLE001  # code that does not load is noticed by everybody
        return number
    return None


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
