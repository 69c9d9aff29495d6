"""The labels of the built-in Pod Security admission (KEP-2579), and what they do to the modes of its checks.

Source: k8s.io/pod-security-admission v0.37.2, api/helpers.go and admission/admission.go.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gatewright.engine.decision import Mode
from gatewright.engine.settings import LabelUse
from gatewright.model.pod import Pod
from gatewright.model.version import LATEST, parse_version
from gatewright.policy import Level

PREFIX = "pod-security.kubernetes.io/"
KEYS = tuple(f"{PREFIX}{mode}{part}" for mode in ("enforce", "audit", "warn") for part in ("", "-version"))
_NOTHING = (None,) * len(KEYS)
PRIVILEGED, BASELINE, RESTRICTED = LEVELS = ("privileged", "baseline", "restricted")
"""The levels, stricter ones later."""

LONGEST_LABEL = 63
"""Characters of a label's value that an API server takes."""

MOST_PODS = 3000
"""Existing pods that a changed Namespace has looked at."""


class Wish(NamedTuple):
    """What the labels of one mode ask for; None where they say nothing."""

    level: str | None = None
    version: str | None = None


class Labels(NamedTuple):
    """The six labels of a namespace. Stored invalid levels mean restricted where enforced, else privileged."""

    enforce: Wish = Wish()
    audit: Wish = Wish()
    warn: Wish = Wish()


def labels_of(labels: Mapping[str, str]) -> Labels | None:
    """What a namespace's labels ask for, or None where none of them is about pod security."""
    values = tuple(map(labels.get, KEYS))
    if values == _NOTHING:
        return None
    if max(map(len, filter(None, values)), default=0) > LONGEST_LABEL:
        return _labels(values)
    return _kept_labels(values)


def _labels(values: tuple[str | None, ...]) -> Labels | None:
    enforce, enforce_version, audit, audit_version, warn, warn_version = values
    asked = Labels(
        _wish(enforce, enforce_version, RESTRICTED),
        _wish(audit, audit_version, PRIVILEGED),
        _wish(warn, warn_version, PRIVILEGED),
    )
    return None if asked == Labels() else asked


_kept_labels = functools.lru_cache(1024)(_labels)


def _wish(level: str | None, version: str | None, invalid: str) -> Wish:
    if level is not None and level not in LEVELS:
        level = invalid
    if version is not None:
        try:
            parse_version(version)
        except ValueError:
            version = LATEST
    return Wish(level, version)


def assign(labels: Labels, use: LabelUse, level: Level, base: Mode) -> dict[Mode, str]:
    """The modes of a check of `level`, each with its version, where its mode without the labels is `base`.

    Each label replaces the level and the version of its own mode only.
    """
    enforce, audit, warn = labels
    if use == "at-most-warn":
        enforce, warn = Wish(), _stricter(enforce, warn)
    assigned: dict[Mode, str] = {base: LATEST} if base is not Mode.OFF else {}
    for mode, wish in ((Mode.ENFORCE, enforce), (Mode.AUDIT, audit), (Mode.WARN, warn)):
        if use == "tighten":
            if mode > base and includes(wish.level, level):
                assigned[mode] = wish.version or LATEST
        elif wish.level is None:
            if wish.version is not None and mode in assigned:
                assigned[mode] = wish.version
        elif includes(wish.level, level):
            assigned[mode] = wish.version or LATEST
        else:
            assigned.pop(mode, None)
    return assigned


def includes(wished: str | None, level: Level) -> bool:
    """Whether a level's rules have those checks among them."""
    return wished is not None and LEVELS.index(wished) >= LEVELS.index(level)


def _stricter(one: Wish, other: Wish) -> Wish:
    return max(one, other, key=lambda wish: -1 if wish.level is None else LEVELS.index(wish.level))


def newly_enforced(old: Labels | None, new: Labels | None) -> Wish | None:
    """The level that an UPDATE of a Namespace begins to enforce, or None where its pods need no look.

    They need none where enforce is unchanged, is privileged, or is a relaxation at the same version.
    """
    if new is None or new.enforce.level in {None, PRIVILEGED}:
        return None
    before = (
        Wish(PRIVILEGED, LATEST)
        if old is None
        else Wish(old.enforce.level or PRIVILEGED, old.enforce.version or LATEST)
    )
    after = Wish(new.enforce.level, new.enforce.version or LATEST)
    relaxed = _stricter(before, after) is before or before.level == after.level
    return None if after == before or (after.version == before.version and relaxed) else after


def prioritized(pods: Sequence[Pod]) -> list[Pod]:
    """The pods in the order to look at them: one of each controller first, so that few say much."""
    first: list[Pod] = []
    rest: list[Pod] = []
    seen: set[str] = set()
    for pod in pods:
        owner = next((owner.uid for owner in pod.metadata.owner_references if owner.controller), None)
        (rest if owner in seen else first).append(pod)
        if owner is not None:
            seen.add(owner)
    return first + rest


def notes(namespace: str, wish: Wish, reasons: Mapping[str, str], looked_at: int, total: int) -> Iterator[str]:
    """What is said of the existing pods that a newly enforced level forbids, in upstream's words.

    Args:
        namespace: its name.
        wish: the level and version.
        reasons: the joined reasons of each offending pod, by its name.
        looked_at: how many pods were judged.
        total: how many there are.
    """
    if looked_at < total:
        yield f"new PodSecurity enforce level only checked against the first {looked_at} of {total} existing pods"
    if reasons:
        level = f"{wish.level}:{wish.version}"
        yield f'existing pods in namespace "{namespace}" violate the new PodSecurity enforce level "{level}"'
    alike: dict[str, list[str]] = {}
    for name in sorted(reasons):
        alike.setdefault(reasons[name], []).append(name)
    more = {0: "", 1: " (and 1 other pod)"}
    yield from sorted(
        f"{names[0]}{more.get(len(names) - 1, f' (and {len(names) - 1} other pods)')}: {reason}"
        for reason, names in alike.items()
    )
