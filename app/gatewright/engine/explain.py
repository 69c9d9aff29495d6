"""What a configuration amounts to, and which of its parts decides: for people who wonder."""

from collections.abc import Mapping
from typing import Any

from gatewright.engine import pod_security
from gatewright.engine.config import Configuration, Layer
from gatewright.engine.decision import Mode
from gatewright.engine.match import Target, holds
from gatewright.engine.modes import Modes
from gatewright.engine.plans import Plans
from gatewright.engine.rules import enforce_on, enforce_roles, label_use
from gatewright.engine.settings import Condition
from gatewright.model.path import render
from gatewright.model.review import CONNECT, CREATE, AdmissionRequest, Kind

_ELSEWHERE = ("kinds", "names", "operations", "users", "groups")


def resolved(configuration: Configuration) -> dict[str, Any]:
    """The configuration where no override holds: each policy's mode, its parameters and the part that decides."""
    layers = tuple(layer for layer in configuration.layers if not layer.conditions)
    return {
        "profile": configuration.profile,
        "configHash": configuration.hash,
        **_settings(configuration, layers),
        "policies": [_policy(configuration, id_, layers) for id_ in configuration.catalog.entries],
        "elsewhere": [_described(layer) for layer in configuration.layers if layer.conditions],
    }


def explained(configuration: Configuration, namespace: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """What applies to a Pod that is created in a namespace with those labels, and why."""
    request = AdmissionRequest(uid="", kind=Kind("", "v1", "Pod"), namespace=namespace, operation=CREATE)
    matched = tuple(
        layer
        for layer in configuration.layers
        if all(_by_namespace(condition) and holds(condition, request, "", labels) for condition in layer.conditions)
    )
    policies = [_policy(configuration, id_, matched) for id_ in configuration.catalog.entries]
    rules = Plans(configuration).rules(Target("Pod", CREATE, ""), request, labels)
    after = {layer.name for layer in configuration.after_labels}
    for one in policies:
        checks = [rule for rule in rules if rule.policy.id == one["policy"] and rule.check]
        if pod_security.labels_of(labels) and one["level"] and one["why"] not in after:
            modes = [f"{rule.strongest} at {rule.check.version}" for rule in checks if rule.check]
            one |= {
                "mode": ", ".join(modes) or str(Mode.OFF),
                "why": f"{one['why']}, and the namespace's pod-security labels",
            }
        louder = [rule.policy.id for rule in rules if one["policy"] in rule.policy.overrides]
        if louder and not checks and one["mode"] != str(Mode.OFF):
            one |= {"mode": str(Mode.OFF), "why": f"silenced by {louder[0]}"}
    return {
        "profile": configuration.profile,
        "configHash": configuration.hash,
        **_settings(configuration, matched),
        "policies": policies,
        "elsewhere": [
            _described(layer)
            for layer in configuration.layers
            if not all(_by_namespace(condition) for condition in layer.conditions)
        ],
    }


def _settings(configuration: Configuration, layers: tuple[Layer, ...]) -> dict[str, Any]:
    return {
        "podSecurityLabels": label_use(layers),
        "enforceOn": enforce_on(layers),
        "enforceRoles": enforce_roles(layers),
        "templates": {kind: render(path) for kind, path in configuration.templates.items()},
    }


def _by_namespace(condition: Condition) -> bool:
    return all(getattr(condition, name) is None for name in _ELSEWHERE)


def _policy(configuration: Configuration, policy_id: str, layers: tuple[Layer, ...]) -> dict[str, Any]:
    deciding = next((layer for layer in reversed(layers) if policy_id in layer.modes), None)
    params = {key: value for layer in layers for key, value in layer.params.get(policy_id, {}).items()}
    level = configuration.catalog.entries[policy_id].policy.level
    return {
        "policy": policy_id,
        "level": level and str(level),
        "mode": str(deciding.modes[policy_id] if deciding else Modes.all(Mode.OFF)),
        "why": deciding.name if deciding else "nothing turns it on",
        "params": params,
    }


def _described(layer: Layer) -> str:
    conditions = []
    for condition in layer.conditions:
        given = condition.model_dump(include=set(Condition.model_fields), exclude_none=True, by_alias=True)
        for key, value in given.items():
            words = [f"{label}={one}" for label, one in value.items()] if isinstance(value, dict) else value
            conditions.append(f"{key} {', '.join(words)}")
    return f"{layer.name} ({'; '.join(conditions)}): {', '.join(layer.written) or 'nothing of policies'}"


def warnings(configuration: Configuration) -> list[str]:
    """What is allowed in a configuration but does not do what it seems to."""
    connecting = [id_ for id_, policy in configuration.catalog.policies.items() if CONNECT in policy.on]
    return [
        f"{layer.name}: {id_}: warn acts as audit on CONNECT, where no warning reaches anyone"
        for layer in configuration.after_labels
        for id_ in connecting
        if Mode.WARN in layer.modes.get(id_, ())
    ]
