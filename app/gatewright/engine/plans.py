"""Which rules a request meets: decided from its target, its scope and the configuration, and kept compiled."""

import functools
from collections.abc import Collection, Mapping
from typing import NamedTuple

from gatewright.engine import pod_security
from gatewright.engine.config import Configuration, Layer
from gatewright.engine.decision import Mode
from gatewright.engine.match import Target, holds, view_of
from gatewright.engine.memory import Memory
from gatewright.engine.pod_security import Labels
from gatewright.engine.rules import Rule, Scope, compile_rules, quarantine, strongest
from gatewright.model.pod import TEMPLATES
from gatewright.model.review import CONNECT, AdmissionRequest
from gatewright.policy import Policy

KEPT = 4096
"""Plans and sets of rules that are kept; beyond them the least used are compiled again."""


class Plan(NamedTuple):
    """What can apply to a target: the policies with their views, and the strongest mode any of them could have."""

    policies: tuple[tuple[Policy, type], ...]
    strongest: Mode


def _applies(layer: Layer, request: AdmissionRequest, labels: Mapping[str, str]) -> bool:
    for condition in layer.conditions:  # noqa: SIM110  # a generator costs as much again, for every request
        if not holds(condition, request, request.name, labels):
            return False
    return True


class Plans:
    """The configuration, ready to be asked."""

    def __init__(
        self, configuration: Configuration, only: Collection[str] = (), quarantined: Collection[str] = ()
    ) -> None:
        self.configuration = configuration
        self._quarantined = quarantined
        self.templates = TEMPLATES | configuration.templates
        self.policies = tuple(
            policy for id_, policy in configuration.catalog.policies.items() if not only or id_ in only
        )
        self.of = functools.lru_cache(KEPT)(self._plan)
        self._compiled = functools.lru_cache(KEPT)(self._compile)
        self.memory = Memory()
        self._conditional = [(index, layer) for index, layer in enumerate(configuration.layers) if layer.conditions]

    def _plan(self, target: Target) -> Plan:
        """The plan of a target."""
        matched = [(policy, view_of(policy, target, self.templates)) for policy in self.policies]
        policies = tuple((policy, view) for policy, view in matched if view is not None)
        return Plan(policies, strongest(self.configuration, [policy for policy, _ in policies]))

    def rules(self, target: Target, request: AdmissionRequest, labels: Mapping[str, str]) -> tuple[Rule, ...]:
        """The rules that run on a request in a namespace with those labels."""
        left_out = tuple([index for index, layer in self._conditional if not _applies(layer, request, labels)])
        return self._compiled(target, left_out, pod_security.labels_of(labels))

    def _compile(self, target: Target, left_out: tuple[int, ...], labels: Labels | None) -> tuple[Rule, ...]:
        layers = tuple(index for index in range(len(self.configuration.layers)) if index not in left_out)
        is_template = bool(self.templates.get(target.kind))
        scope = Scope(layers, labels, is_template, target.operation == CONNECT)
        rules = compile_rules(self.configuration, self.of(target).policies, scope)
        return tuple(quarantine(rule) if rule.policy.id in self._quarantined else rule for rule in rules)
