"""Configurations, case by case: random ones are either taken or refused with the line and the key."""

import json
import re
from collections import Counter
from random import Random
from typing import Any

from fuzz import yaml_texts
from fuzz.tally import Tally
from gatewright.engine import config
from gatewright.engine.catalog import Catalog
from gatewright.engine.config import Configuration
from gatewright.engine.engine import Engine
from gatewright.engine.reading import ConfigError
from gatewright.engine.world import ClosedWorld
from gatewright.model.review import CREATE, AdmissionRequest, Kind

SOURCE = "fuzz.yaml"
STRANGERS = (
    *("polcies", "mdoe", "profiles", "Profile", "strangér"),
    *("__class__", "model_config", "policy_0", "pattern_0", "api_version", "self"),
)
"""Keys that no block has, spelt as a slip of the hand or as what the code calls things."""

_MODES: tuple[Any, ...] = (
    *("enforce", "warn", "audit", "off", False, {"high": "enforce", "else": "warn"}),
    *({"high": "enforce"}, {"else": "x"}, {}, "deny", True, 1),
)
_RIGHT = 6
"""So many of them are modes."""

_GLOBS: tuple[Any, ...] = ([], "a*", ["kube-*", "?"], [1], {}, "[", ["**"], 5, "")
_CONDITIONS: dict[str, tuple[Any, ...]] = {
    "namespaces": _GLOBS,
    "namespaceLabels": ({"a": "b"}, {}, {"a": 1}, "a", []),
    "kinds": _GLOBS,
    "names": _GLOBS,
    "operations": (["CREATE"], [], ["create"], "UPDATE", ["*"]),
    "users": _GLOBS,
    "groups": _GLOBS,
    "profile": ("observe", "default", "strict", "Strict", "", 1),
}
_FILE: dict[str, tuple[Any, ...]] = {
    "apiVersion": ("gatewright/v1", "v1", 1),
    "profile": ("observe", "default", "strict", "none", [], 1),
    "kubernetes": ("v1.36", "latest", "1.36", 1.36, "v1.99", "v1.0", "", []),
    "templates": (
        *({"argoproj.io/Rollout": "spec.template"}, {"apps/Deployment": "spec.template"}, {"a b": "x"}, {"A": "a..b"}),
        *({"A": ""}, [], {"A": 5}, {}),
    ),
    "policyFolders": ([], "own", ["own"], [1], {}, [""], ["\0"]),
    "podSecurityLabels": ("honour", "at-most-warn", "tighten", "ignore", "honor", True),
    "enforceOn": ("workloads", "pods", "both", []),
}  # fmt: skip
_ALLOWED: tuple[Any, ...] = (
    *([], ["Unconfined"], "x", 80, [80, "5000-6000"], None),
    *(["6000-5000"], [0], [70000], ["a-b"], {}, [[]], True, 1.5),
)


class Configurations:
    """Makes configurations, and has them read."""

    def __init__(self) -> None:
        self._catalog: Catalog = config.load().catalog
        self._ids = ["*", "pod_security/*", *self._catalog.entries, *self._catalog.aliases]

    def case(self, rng: Random) -> bytes:
        """A configuration, perhaps with one of the `STRANGERS` as a key."""
        block = self._block(rng, _FILE)
        if rng.random() < 0.5:
            block["overrides"] = [self._block(rng, _CONDITIONS) for _ in range(rng.randint(0, 3))]
        stranger = rng.choice(STRANGERS) if rng.random() < 0.3 else ""
        if stranger:
            holders = [
                block,
                *block.get("overrides", []),
                *([block["policies"]] if isinstance(block.get("policies"), dict) else []),
            ]
            rng.choice(holders)[stranger] = rng.choice(("enforce", 1, {}, [], "x"))
        elif rng.random() < 0.1:
            return yaml_texts.text(rng)
        return json.dumps(block, indent=rng.choice((None, 1)), ensure_ascii=False).encode()

    def _block(self, rng: Random, table: dict[str, tuple[Any, ...]]) -> dict[str, Any]:
        # mostly the first value of each key, which is right: else hardly a block would be taken
        block: dict[str, Any] = {}
        for key, values in table.items():
            if rng.random() < 0.25:
                block[key] = rng.choice(values) if rng.random() < 0.25 else values[0]
        if rng.random() < 0.8:
            block["policies"] = {rng.choice(self._ids): self._setting(rng) for _ in range(rng.randint(0, 4))}
        elif rng.random() < 0.2:
            block["policies"] = rng.choice((None, [], "enforce", {"*": None}, {"": "warn"}))
        return block

    def _setting(self, rng: Random) -> Any:
        if rng.random() < 0.7:
            return rng.choice(_MODES[:_RIGHT] if rng.random() < 0.9 else _MODES)
        return {
            key: rng.choice(values) for key, values in (("allowed", _ALLOWED), ("mode", _MODES)) if rng.random() < 0.6
        }

    async def wrong(self, body: bytes, tally: Tally) -> str:
        """Why a configuration is read wrongly; nothing where it is read rightly, and counted."""
        outcomes, stranger = tally.outcomes, _stranger(body)
        try:
            configuration = config.load(body, SOURCE, loaded=self._catalog)
        except ConfigError as error:
            return _unclear(error, stranger) or _count(outcomes, "refused: a strange key" if stranger else "refused")
        except Exception as error:  # noqa: BLE001  # whatever escapes the reader is what is looked for
            return f"{type(error).__name__} escaped: {error}"
        if stranger:
            return f"the key {stranger} was taken"
        try:
            _judge(configuration)
        except Exception as error:  # noqa: BLE001  # what is taken must work
            return f"it was taken, and {type(error).__name__} was raised: {error}"
        return _count(outcomes, "taken")

    def close(self) -> None:
        """It holds nothing."""


def _stranger(body: bytes) -> str:
    """The key of a configuration that no block has, if there is one."""
    return next((name for name in STRANGERS if f'"{name}":'.encode() in body), "")


def _count(outcomes: Counter[str], outcome: str) -> str:
    outcomes[outcome] += 1
    return ""


def _judge(configuration: Configuration) -> None:
    kind = Kind("", "v1", "Pod")
    Engine(configuration, ClosedWorld()).judge(AdmissionRequest(uid="a", kind=kind, namespace="a", operation=CREATE))


_PLACED = re.compile(rf"{re.escape(SOURCE)}:[0-9]+: .")


def _unclear(error: ConfigError, stranger: str) -> str:
    """What is unclear in a refusal."""
    if not error.problems:
        return "it was refused without a word"
    for problem in error.problems:
        if not problem.isprintable():
            return f"a problem that is not one line: {problem!r}"
        if not _PLACED.match(problem) and not problem.startswith(
            (f"{SOURCE}: overrides[", f"{SOURCE}: policies", f"{SOURCE}: policyFolders")
        ):
            return f"a problem without its place: {problem}"
    is_about_folders = any("policyFolders" in problem for problem in error.problems)  # told before all else
    if stranger and not is_about_folders and not any(stranger in problem for problem in error.problems):
        return f"the key {stranger} is not named: {error.problems}"
    return ""
