"""`@policy`: a function becomes a policy, its signature the declaration of what it needs."""

import datetime
import enum
import inspect
import types
import typing
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gatewright.model.cluster import Connect, Namespace, Resource
from gatewright.model.kinds import MODELS
from gatewright.model.pod import Pod
from gatewright.model.review import CONNECT, CREATE, OPERATIONS, UPDATE
from gatewright.model.version import KubernetesVersion, V
from gatewright.policy.access import Access
from gatewright.policy.grants import Grants
from gatewright.policy.params import Params
from gatewright.policy.severity import Severity
from gatewright.policy.store import Store
from gatewright.policy.violation import Violations

SUBJECTS = (Pod, Grants, Connect, Resource, *MODELS)


class PolicyError(Exception):
    """A policy that is not declared as it must be."""


class User(NamedTuple):
    """Who asked: the requester's name and groups, as the API server authenticated them."""

    name: str
    groups: tuple[str, ...]


class Level(enum.StrEnum):
    """The pod-security level that a check belongs to (KEP-2579)."""

    BASELINE = "baseline"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A declared policy: what the engine knows of it. `check` is the author's function."""

    id: str
    check: Callable[..., Violations]
    severity: Severity
    on: frozenset[str]
    subjects: tuple[type, ...]
    kinds: frozenset[str]
    subresources: frozenset[str]
    since: KubernetesVersion
    overrides: frozenset[str]
    level: Level | None
    reason: str
    alias: str
    topic: str
    is_registered: bool
    params: type[Params] | None
    needs: frozenset[str]
    stores: dict[str, type] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The first line of the file's text."""
        return self.text.partition("\n")[0].rstrip(".")

    @property
    def text(self) -> str:
        """The docstring of the policy's file: what auditors and users read."""
        return inspect.getdoc(inspect.getmodule(self.check)) or ""


def policy(
    *,
    severity: Severity,
    on: Collection[str] = frozenset({CREATE, UPDATE}),
    kinds: Collection[str] = (),
    subresources: Collection[str] = (),
    since: KubernetesVersion = V(1, 0),
    overrides: str | Collection[str] = (),
    level: Level | None = None,
    reason: str = "",
    alias: str = "",
    topic: str = "",
    is_registered: bool = True,
) -> Callable[[Callable[..., Violations]], Policy]:
    """Declares the function below it as a policy.

    Args:
        severity: of its violations, unless one says otherwise.
        on: the operations that are judged.
        kinds: as `Kind.group` or `Kind`, for a `Resource` subject.
        subresources: those judged beside the object itself. Pods need none: every one that carries a pod is judged.
        since: the first Kubernetes version that has this rule.
        overrides: the policies, or the one, that are silent wherever this one runs at the same mode or a stronger one.
        level: the pod-security level that the check belongs to; namespaces then choose its mode by their labels.
        reason: upstream's words for the check, which join it with the others of its level.
        alias: upstream's spelling of the id, accepted in the configuration.
        topic: what its warnings are about: those of one topic are told in one line.
        is_registered: whether the webhook is registered for what it judges. Where not, it judges what comes for the
            sake of others, and files.

    Raises:
        PolicyError: the signature asks for something that does not exist.
    """

    def declare(check: Callable[..., Violations]) -> Policy:
        name = check.__name__
        subjects, params, needs, stores = _signature(check)
        if unknown := set(on) - set(OPERATIONS):
            raise PolicyError(f"{name}: on: {', '.join(sorted(unknown))} is no operation")
        if bool(kinds) != (Resource in subjects):
            raise PolicyError(f"{name}: kinds goes with a Resource subject, and a Resource subject needs it")
        if (Connect in subjects) != (CONNECT in on):
            raise PolicyError(f"{name}: a Connect subject goes with on={{CONNECT}}")
        if bool(level) != bool(reason):
            raise PolicyError(f"{name}: level and reason go together")
        return Policy(
            id=name.replace("_", "-"),
            check=check,
            severity=severity,
            on=frozenset(on),
            subjects=subjects,
            kinds=frozenset(kinds),
            subresources=frozenset(subresources),
            since=since,
            overrides=frozenset({overrides} if isinstance(overrides, str) else overrides),
            level=level,
            reason=reason,
            alias=alias,
            topic=topic,
            is_registered=is_registered,
            params=params,
            needs=needs,
            stores=stores,
        )

    return declare


KEYWORDS = {
    "version": KubernetesVersion,
    "user": User | None,
    "namespace": Namespace | None,
    "today": datetime.date,
    "access": Access,
}
"""What a check can ask for by name, beside `params`, `old` (of the subject's type) and stores."""

RESERVED = frozenset({"mode", "critical", "high", "medium", "low", "else"})
"""Names that a parameter cannot have: they mean something beside it in the configuration."""


def _signature(
    check: Callable[..., Violations],
) -> tuple[tuple[type, ...], type[Params] | None, frozenset[str], dict[str, type]]:
    name = check.__name__
    hints = typing.get_type_hints(check)
    names = list(inspect.signature(check).parameters)
    if not names:
        raise PolicyError(f"{name}: its first parameter is the subject, and it has none")
    first, *rest = names
    subjects = _options(hints.get(first))
    if not subjects or any(subject not in SUBJECTS for subject in subjects):
        known = ", ".join(subject.__name__ for subject in SUBJECTS)
        raise PolicyError(f"{name}: {first} is the subject; its type must be one of {known}, or a union of them")
    params: type[Params] | None = None
    stores: dict[str, type] = {}
    for parameter in rest:
        hint = hints.get(parameter)
        if parameter == "params" and isinstance(hint, type) and issubclass(hint, Params):
            params = _checked(name, hint)
        elif parameter == "old" and _options(hint) == (*subjects, types.NoneType):
            continue
        elif typing.get_origin(hint) is Store:
            stores[parameter] = typing.get_args(hint)[0]
        elif parameter not in KEYWORDS or KEYWORDS[parameter] != hint:
            raise PolicyError(
                f"{name}: a check cannot take {parameter}: {hint}; it can take params: Params, "
                "version: KubernetesVersion, old: its subject | None, user: User | None, "
                "namespace: Namespace | None, today: date, access: Access, and stores: Store[X]"
            )
    return subjects, params, frozenset(rest), stores


def _options(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,) if hint else ()


def _checked(name: str, params: type[Params]) -> type[Params]:
    for parameter, info in params.model_fields.items():
        if info.is_required():
            raise PolicyError(f"{name}: parameter {parameter} needs a default")
        if info.alias in RESERVED:
            raise PolicyError(f"{name}: a parameter cannot be called {info.alias}")
    return params
