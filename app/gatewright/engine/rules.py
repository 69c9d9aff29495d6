"""From layers to rules: what runs on a request, with which parameters, at which version, under which modes."""

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gatewright.engine.config import Configuration, Layer
from gatewright.engine.decision import Check, Mode
from gatewright.engine.modes import Modes
from gatewright.engine.pod_security import Labels, assign
from gatewright.engine.settings import EnforceOn, EnforceRoles, LabelUse
from gatewright.model.pod import Pod
from gatewright.model.version import LATEST, KubernetesVersion, parse_version
from gatewright.policy import Policy, Violations

STATIC = frozenset({"params", "version"})
"""What a check can ask for that is known before a request is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy, compiled: `call(subject, **dynamic)` gives its violations, by the rules of a version.

    `unbound` is the strongest mode of what is given to nobody yet. `is_function`: what it says depends on
    nothing but what it is given.
    """

    policy: Policy
    view: type
    version: KubernetesVersion
    modes: Modes
    call: Callable[..., Violations]
    unbound: Mode
    asks: tuple[str, ...]
    check: Check | None
    is_function: bool

    @property
    def strongest(self) -> Mode:
        """The strongest mode that a violation of any severity has."""
        return max(self.modes)


class Quarantined(Exception):
    """A policy that once did not return is not run any more."""


def quarantine(rule: Rule) -> Rule:
    """The rule, its policy left out: it is never decided."""

    def call(*_: Any, **__: Any) -> Violations:
        raise Quarantined

    return replace(rule, call=call, asks=())


@dataclass(frozen=True, slots=True)
class Scope:
    """What decides, apart from the policies, how they run: equal scopes have equal rules."""

    layers: tuple[int, ...]
    labels: Labels | None
    is_template: bool
    is_connect: bool


def compile_rules(
    configuration: Configuration, policies: Sequence[tuple[Policy, type]], scope: Scope
) -> tuple[Rule, ...]:
    """The rules of some policies, each with the view that it judges, where the layers of a scope apply."""
    matched = tuple(configuration.layers[index] for index in scope.layers)
    before = matched[: sum(index < len(configuration.before_labels) for index in scope.layers)]
    after = matched[len(before) :]
    rules = [
        rule
        for policy, view in policies
        for modes, version in _runs(policy, before, after, scope)
        if (rule := _rule(configuration, policy, view, modes, version, matched)) is not None
    ]
    return tuple(rule for rule in rules if not any(_silences(other, rule) for other in rules))


def _runs(
    policy: Policy, before: tuple[Layer, ...], after: tuple[Layer, ...], scope: Scope
) -> Iterator[tuple[Modes, str]]:
    """The modes of a policy, by the version that it is judged at."""
    use, where = label_use(before + after), enforce_on(before + after)
    modes = _last(policy, before) or Modes.all(Mode.OFF)
    runs: dict[str, Modes] = {LATEST: modes}
    if policy.level and scope.labels and use != "ignore":
        assigned = assign(scope.labels, use, policy.level, modes.of(policy.severity))
        runs = {}
        for mode, version in sorted(assigned.items()):  # weaker first: of one version the strongest mode stays
            runs[version] = Modes.all(mode)
    if (said := _last(policy, after)) is not None:
        runs = {LATEST: said}
    for version, modes in runs.items():
        capped = modes
        if scope.is_connect:
            capped = Modes(Mode.AUDIT if mode is Mode.WARN else mode for mode in modes)
        elif scope.is_template and policy.level and where == "pods":
            capped = Modes(min(mode, Mode.WARN) for mode in modes)
        yield capped, version


def label_use(layers: tuple[Layer, ...]) -> LabelUse:
    """What a namespace's pod-security labels do where the layers apply."""
    return next((layer.labels for layer in reversed(layers) if layer.labels), "honour")


def enforce_on(layers: tuple[Layer, ...]) -> EnforceOn:
    """Whether the pod-security checks deny workloads too where the layers apply."""
    return next((layer.enforce_on for layer in reversed(layers) if layer.enforce_on), "workloads")


def enforce_roles(layers: tuple[Layer, ...]) -> EnforceRoles:
    """Whether a role is denied for what it merely contains where the layers apply."""
    return next((layer.enforce_roles for layer in reversed(layers) if layer.enforce_roles), "all")


def _last(policy: Policy, layers: tuple[Layer, ...]) -> Modes | None:
    return next((layer.modes[policy.id] for layer in reversed(layers) if policy.id in layer.modes), None)


def _rule(
    configuration: Configuration, policy: Policy, view: type, modes: Modes, version: str, layers: tuple[Layer, ...]
) -> Rule | None:
    at = parse_version(version, configuration.latest)
    if max(modes) is Mode.OFF or at < policy.since:
        return None
    static = {"version": at, "params": configuration.params(policy.id, layers)}
    check = Check(policy.level, version, policy.reason) if policy.level else None
    unbound = Mode.WARN if enforce_roles(layers) == "bound" else Mode.ENFORCE
    asks = tuple(sorted(policy.needs - STATIC))
    is_function = view is Pod and configuration.catalog.entries[policy.id].is_built_in
    return Rule(policy, view, at, modes, _call(policy, static), unbound, asks, check, is_function)


def _call(policy: Policy, static: dict[str, Any]) -> Callable[..., Violations]:
    """The check with what is known of its parameters already."""
    check, parameters = policy.check, inspect.signature(policy.check).parameters
    known = [static[name] for name in parameters if name in static]
    if policy.needs - STATIC or any(one.kind is one.KEYWORD_ONLY for one in parameters.values()):
        return functools.partial(check, **{name: static[name] for name in policy.needs & STATIC})
    match known:  # by place: a partial copies its keywords at every call
        case []:
            return check
        case [one]:
            return lambda subject: check(subject, one)
        case _:
            one, other = known
            return lambda subject: check(subject, one, other)


def _silences(strong: Rule, weak: Rule) -> bool:
    """Whether the weak rule is left out: upstream too leaves a check out only where both are of one version."""
    is_overridden = weak.policy.id in strong.policy.overrides and strong.version == weak.version
    return is_overridden and min(strong.modes) >= max(weak.modes)


def strongest(configuration: Configuration, policies: Sequence[Policy]) -> Mode:
    """The strongest mode that the configuration could give one of the policies, anywhere."""
    labels = _labels_at_most(configuration)
    return max((_at_most(configuration, policy, labels) for policy in policies), default=Mode.OFF)


def _at_most(configuration: Configuration, policy: Policy, labels: Mode) -> Mode:
    modes = _candidates([Mode.OFF], policy, configuration.before_labels)
    if policy.level:
        modes.append(labels)
    return max(_candidates(modes, policy, configuration.after_labels))


def _candidates(modes: list[Mode], policy: Policy, layers: tuple[Layer, ...]) -> list[Mode]:
    """The modes that a policy can still have after some layers: one without a condition leaves none of those before."""
    for layer in layers:
        if policy.id in layer.modes:
            modes = [*(modes if layer.conditions else ()), max(layer.modes[policy.id])]
    return modes


def _labels_at_most(configuration: Configuration) -> Mode:
    uses: list[LabelUse] = ["honour"]
    for layer in configuration.layers:
        if layer.labels:
            uses = [*(uses if layer.conditions else ()), layer.labels]
    return max({"ignore": Mode.OFF, "at-most-warn": Mode.WARN}.get(use, Mode.ENFORCE) for use in uses)
