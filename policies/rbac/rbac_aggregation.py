"""Labels give no dangerous rules to roles that others hold.

Fields:  metadata.labels of a ClusterRole that the aggregationRule of another one selects; rules
Allowed: rules that give nothing which the other one does not have already; what is no worse than that is medium at most
Why:     the rules join admin, edit, view or whichever role selects them: all who hold those have them from then on,
         without any binding.
Source:  pkg/controller/clusterroleaggregation; Kubernetes, "Using RBAC Authorization", "Aggregated ClusterRoles"
"""

from gatewright.policy import (
    Access,
    ClusterRole,
    Found,
    PolicyRule,
    Severity,
    Violation,
    Violations,
    made_up,
    policy,
    quote,
)

from ._catalogue import RISKS

NOWHERE = ("",)
"""Where a role holds that nobody has: in no namespace that is like no other."""


@policy(severity=Severity.HIGH)
def rbac_aggregation(role: ClusterRole, old: ClusterRole | None, access: Access) -> Violations:
    before = set(access.joined(old)) if old else set()
    rules = _rules(role, access)
    found: dict[str, tuple[Severity, Found]] = {}
    for name in access.joined(role):
        # What an aggregated role gains is judged where it comes from: here it is only the controller's to write.
        if not (role.aggregation_rule and name in before):
            held = _held(name, rules, access) + (old.rules if old and name in before else ())
            if added := _added(rules, held, access.bound_in(name)):
                found[name] = added
    if found:
        severity, worst = max(found.values(), key=lambda one: one[0])
        where = "in every namespace" if any(access.bound_in(name) is None for name in found) else "in their namespaces"
        message = f"the labels add ClusterRole {quote(role.name)} to {', '.join(map(quote, found))}"
        can = f"whose holders can then {worst.risk.says(worst.hits, where)}"
        instead = "drop the label, and bind the role to those who need it"
        yield Violation(role.metadata, "labels", f"{message}, {can}; instead, {instead}", severity=severity)


def _rules(role: ClusterRole, access: Access) -> tuple[PolicyRule, ...]:
    """What somebody has put into it: of an aggregated role what that comes to, if it is there already."""
    live = access.role(None, role.name) if role.aggregation_rule else None
    return access.added(live or role)


def _held(name: str, rules: tuple[PolicyRule, ...], access: Access) -> tuple[PolicyRule, ...]:
    """What the role that it joins has besides."""
    other = access.role(None, name)
    return tuple(rule for rule in (other.rules if other else ()) if rule not in rules)


def _added(
    rules: tuple[PolicyRule, ...], held: tuple[PolicyRule, ...], namespaces: tuple[str, ...] | None
) -> tuple[Severity, Found] | None:
    """The worst that the rules add, and how bad that is: less where the role has something as bad already."""
    before, after = (_by_row(given, namespaces) for given in (held, (*held, *rules)))
    new = [one for id_, one in after.items() if id_ not in before or one.severity > before[id_].severity]
    if not new:
        return None
    worst = max(new, key=lambda one: one.severity)
    is_no_worse = any(one.severity >= worst.severity for one in before.values())
    return min(worst.severity, Severity.MEDIUM) if is_no_worse else worst.severity, worst


def _by_row(rules: tuple[PolicyRule, ...], namespaces: tuple[str, ...] | None) -> dict[str, Found]:
    """What rules give where a role holds; that is everywhere if somebody has it everywhere."""
    return dict(made_up(rules, RISKS, everywhere=namespaces is None, namespaces=namespaces or NOWHERE))
