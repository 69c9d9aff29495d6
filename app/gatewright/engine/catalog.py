"""Finds policies by path: the built-in ones and an operator's own by the same loader, with the same rights."""

import hashlib
import importlib
import importlib.util
import inspect
import itertools
import sys
import traceback
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import gatewright
from gatewright.model.kinds import STORED
from gatewright.policy import Policy, PolicyError

_packages = itertools.count()


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy in its place: `subject` is the folder that it lies in; `is_built_in`: it came with us."""

    policy: Policy
    subject: str
    file: Path
    is_built_in: bool = False


@dataclass(frozen=True, slots=True)
class Catalog:
    """The policies that were found, by id in order, and what is wrong with those that could not be loaded.

    `digest` is the SHA-256 of the code that was loaded: of the policies and of what they share.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    digest: str = ""

    @property
    def policies(self) -> dict[str, Policy]:
        """The policies by id."""
        return {id_: entry.policy for id_, entry in self.entries.items()}

    @property
    def aliases(self) -> dict[str, str]:
        """Upstream's spelling of an id → the id."""
        return {entry.policy.alias: id_ for id_, entry in self.entries.items() if entry.policy.alias}


def built_in() -> Path:
    """The folder of the built-in policies: in the wheel inside the package, in a checkout beside app/."""
    package = Path(gatewright.__file__).parent
    inside = package / "policies"
    return inside if inside.is_dir() else package.parent.parent / "policies"


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # a name that is too long for one
        return False


def load(folders: Iterable[Path]) -> Catalog:
    """The policies of the folders. A file that does not load becomes a problem; the others are still there."""
    entries: dict[str, Entry] = {}
    problems: list[str] = []
    folders = tuple(folders)
    problems += [f"{folder}: there is no such folder of policies" for folder in folders if not _is_there(folder)]
    for folder in filter(_is_there, folders):
        for file, module in _modules(folder):
            try:
                policy = _policy(importlib.import_module(module), file)
                entry = Entry(policy, file.parent.name, file, folder == built_in())
                if (known := entries.get(entry.policy.id)) is not None:
                    raise PolicyError(f"{entry.policy.id} is already defined in {known.file}")
                entries[entry.policy.id] = entry
            except (Exception, SystemExit) as error:  # noqa: BLE001  # running anybody's file: whatever it raises
                words = error.msg if isinstance(error, SyntaxError) else str(error)
                said = words if isinstance(error, PolicyError) else f"{type(error).__name__}: {words}"
                problems.append(f"{file}{_line(error, file)}: {said}")
    for entry in entries.values():
        for target in sorted(entry.policy.overrides - entries.keys()):
            problems.append(f"{entry.file}: overrides {target}, which does not exist")
    return Catalog(dict(sorted(entries.items())), tuple(problems), folders, _digest(folders))


def _line(error: BaseException, file: Path) -> str:
    """`:12`, the last line of a file that an error came by; nothing where it came by none."""
    if isinstance(error, SyntaxError):
        return f":{error.lineno}" if error.filename == str(file) and error.lineno else ""
    lines = [at.lineno for at in traceback.extract_tb(error.__traceback__) if at.filename == str(file)]
    return f":{lines[-1]}" if lines else ""


def _digest(folders: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for folder in filter(_is_there, folders):
        for file in sorted(folder.rglob("*.py")):
            digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _modules(folder: Path) -> Iterator[tuple[Path, str]]:
    """The policy files below a folder with the names to import them by: a package of their own, so that neither a
    user's `policies` nor another folder is ever taken for it, and relative imports of `_shared` work."""
    root = types.ModuleType(f"gatewright_policies_{next(_packages)}")
    root.__path__ = [str(folder)]
    sys.modules[root.__name__] = root
    importlib.invalidate_caches()
    for file in sorted(folder.rglob("*.py")):
        parts = file.relative_to(folder).with_suffix("").parts
        if not any(part.startswith(("_", ".")) for part in parts):
            yield file, ".".join((root.__name__, *parts))


def _policy(module: types.ModuleType, file: Path) -> Policy:
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, Policy) and value.check.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise PolicyError(f"a policy's file declares one policy with @policy, this one {len(found)}")
    policy = found[0]
    if policy.id != file.stem.replace("_", "-"):
        raise PolicyError(f"the policy is called {policy.id}, so its file must be {policy.id.replace('-', '_')}.py")
    if not inspect.getdoc(module):
        raise PolicyError("the file needs a docstring: it is the policy's page")
    for parameter, kind in policy.stores.items():
        if kind not in STORED:
            raise PolicyError(f"{parameter}: there is no store of {kind.__name__}")
    return policy
