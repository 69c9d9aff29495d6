"""The roles and bindings that a cluster has before anybody adds one: the API server's own, and those of kubeadm.

The API server's are recorded by hack/bootstrap, a file for each minor. Kubeadm's are `baseline_kubeadm`. An object is
known by its kind, namespace and name and by what it gives, never by its labels or annotations: anyone can set those.
"""

import functools
import itertools
from collections.abc import Hashable, Iterable, Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

from gatewright.model.baseline_kubeadm import KUBEADM
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject
from gatewright.model.rbac_aggregation import aggregated
from gatewright.model.rbac_rules import breakdown
from gatewright.model.rbac_subjects import AnyBinding, AnyRole
from gatewright.model.version import NEWEST, KubernetesVersion, V, parse_version

_MODELS: dict[str, type[AnyRole | AnyBinding]] = {
    model.__name__: model for model in (Role, ClusterRole, RoleBinding, ClusterRoleBinding)
}
_GROUP = "rbac.authorization.k8s.io"
_Parts = frozenset[Hashable]
_Place = tuple[type, str, str]


class _Baseline(NamedTuple):
    """What an object of a name may give: exactly one of `wholes`, and so nothing but `parts`."""

    wholes: frozenset[_Parts]
    parts: _Parts


class _Recorded(msgspec.Struct):
    objects: list[dict[str, Any]]


@functools.cache
def recorded() -> tuple[KubernetesVersion, ...]:
    """The minors that there is a file of, oldest first."""
    return tuple(sorted(parse_version(file.name.removesuffix(".json")) for file in _folder().iterdir()))


def objects(version: KubernetesVersion) -> tuple[dict[str, Any], ...]:
    """The API server's own roles and bindings of a minor, as manifests, or of the recorded minor that is nearest to it.

    Aggregated roles come without rules: `rbac_aggregation.aggregated` says what they come to among all others.
    """
    return tuple(msgspec.json.decode(_file(_nearest(version)), type=_Recorded).objects)


def is_bootstrap(
    item: AnyRole | AnyBinding,
    version: KubernetesVersion = NEWEST,  # noqa: ARG001 - of which minor decides nothing, as said below
) -> bool:
    """Whether it is one of the API server's own, and gives exactly what that gives.

    Of which recorded minor does not matter: a cluster may be behind, emulate or have been updated. A newer API server
    adds what its minor has more, and takes nothing away (storage_rbac.go leaves RemoveExtraPermissions off): so what
    some minors in a row give together is the API server's as well.

    An aggregated role gives what its aggregationRule selects: that must be the same, and the rules may be fewer.
    """
    return _is_known(item, _bootstrap())


def is_kubeadm(item: AnyRole | AnyBinding) -> bool:
    """Whether it is one of those that kubeadm makes, and gives exactly what that gives.

    A binding to a Role is only as good as that: ask for both.
    """
    return _is_known(item, _kubeadm())


def extra_rules(role: AnyRole) -> tuple[PolicyRule, ...]:
    """Its rules, the same objects, that allow something which no minor's bootstrap role of that name does.

    All of them, where there is no such bootstrap role.
    """
    known = _bootstrap().get(_place(role))
    # Far more rules than there are things to allow say the same again and again: they are not the API server's.
    if known is None or len(role.rules) > len(known.parts):
        return role.rules
    return tuple(rule for rule in role.rules if any(part not in known.parts for part in _broken(rule)))


def extra_subjects(binding: AnyBinding) -> tuple[Subject, ...]:
    """Its subjects, the same objects, that no minor's bootstrap binding of that name has.

    All of them, where there is no such bootstrap binding, or where it gives another role.
    """
    known = _bootstrap().get(_place(binding))
    if known is None or _reference(binding) not in known.parts:
        return binding.subjects
    return tuple(subject for subject in binding.subjects if _subject(subject) not in known.parts)


def _is_known(item: AnyRole | AnyBinding, baselines: Mapping[_Place, _Baseline]) -> bool:
    known = baselines.get(_place(item))
    if known is None:
        return False
    if isinstance(item, Role | ClusterRole) and len(item.rules) > len(known.parts):
        return False
    # One part after the other: lists of an object can make up more than 10¹² of them.
    return all(part in known.parts for part in _parts(item)) and _whole(item) in known.wholes


def _place(item: AnyRole | AnyBinding) -> _Place:
    return type(item), item.namespace or "", item.name


def _whole(item: AnyRole | AnyBinding) -> _Parts:
    """What must be the same: of an aggregated role its aggregationRule alone."""
    if isinstance(item, ClusterRole) and item.aggregation_rule:
        return frozenset(_selectors(item))
    return frozenset(_parts(item))


def _parts(item: AnyRole | AnyBinding) -> Iterator[Hashable]:
    """What it gives, in the smallest pieces that can be told apart."""
    if isinstance(item, RoleBinding | ClusterRoleBinding):
        yield _reference(item)
        yield from map(_subject, item.subjects)
        return
    for rule in item.rules:
        yield from _broken(rule)
    if isinstance(item, ClusterRole):
        yield from _selectors(item)


def _broken(rule: PolicyRule) -> Iterator[PolicyRule]:
    """The rule as rules of one verb on one thing, none of them twice."""
    yield from breakdown(PolicyRule(*(tuple(dict.fromkeys(words)) for words in structs.astuple(rule))))


def _selectors(role: ClusterRole) -> Iterator[bytes]:
    for selector in role.aggregation_rule.cluster_role_selectors if role.aggregation_rule else ():
        yield msgspec.json.encode(selector, order="sorted")


def _reference(binding: AnyBinding) -> Hashable:
    return binding.role_ref.api_group or _GROUP, binding.role_ref.kind, binding.role_ref.name


def _subject(subject: Subject) -> Hashable:
    """A subject with the group that an API server gives it where it names none (pkg/apis/rbac/v1/defaults.go)."""
    group = "" if subject.kind == "ServiceAccount" else _GROUP
    return subject.api_group or group, subject.kind, subject.name, subject.namespace


@functools.cache
def _bootstrap() -> dict[_Place, _Baseline]:
    return _baselines([[_made(item) for item in objects(minor)] for minor in recorded()])


@functools.cache
def _kubeadm() -> dict[_Place, _Baseline]:
    return _baselines([KUBEADM])


def _made(item: dict[str, Any]) -> AnyRole | AnyBinding:
    return msgspec.convert(item, _MODELS[item["kind"]])


def _baselines(minors: Iterable[Iterable[AnyRole | AnyBinding]]) -> dict[_Place, _Baseline]:
    """By place, of objects that are given minor by minor."""
    wholes: dict[_Place, list[_Parts]] = {}
    parts: dict[_Place, _Parts] = {}
    for minor in minors:
        found = {_place(item): item for item in minor}
        rules = aggregated(item for item in found.values() if isinstance(item, ClusterRole))
        for place, item in found.items():
            wholes.setdefault(place, []).append(_whole(item))
            lent = frozenset(itertools.chain.from_iterable(map(_broken, rules.get(item.name, ()))))
            lent = lent if isinstance(item, ClusterRole) else frozenset()
            parts[place] = parts.get(place, frozenset()).union(lent, _parts(item))
    return {place: _Baseline(_together(wholes[place]), parts[place]) for place in wholes}


def _together(minors: list[_Parts]) -> frozenset[_Parts]:
    """What each minor gives, and what those of every series of them give together."""
    series = (minors[start:end] for start in range(len(minors)) for end in range(start + 1, len(minors) + 1))
    return frozenset(frozenset[Hashable]().union(*one) for one in series)


def _nearest(version: KubernetesVersion) -> KubernetesVersion:
    return min(recorded(), key=lambda minor: abs(minor.minor - version.minor))


@functools.cache
def _file(minor: KubernetesVersion) -> bytes:
    return _folder().joinpath(f"{V(*minor)}.json").read_bytes()


def _folder() -> Traversable:
    return resources.files("gatewright.model") / "bootstrap"
