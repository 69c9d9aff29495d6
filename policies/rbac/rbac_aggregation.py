"""Labels give no dangerous rules to roles that others hold.

Fields:  metadata.labels of a ClusterRole that the aggregationRule of another one selects; rules
Allowed: rules that give nothing which the other one does not have already
Why:     the rules join admin, edit, view or whichever role selects them: all who hold those have them from then on,
         without any binding.
Source:  pkg/controller/clusterroleaggregation; Kubernetes, "Using RBAC Authorization", "Aggregated ClusterRoles"
"""

from gatewright.policy import Access, ClusterRole, Found, PolicyRule, Severity, Violation, Violations, policy, quote

from ._catalogue import RISKS

NOWHERE = ("",)
"""Where a role holds that nobody has: in no namespace that is like no other."""


@policy(severity=Severity.HIGH)
def rbac_aggregation(role: ClusterRole, old: ClusterRole | None, access: Access) -> Violations:
    before = set(access.joined(old)) if old else set()
    rules = _rules(role, access)
    found: dict[str, Found] = {}
    for name in access.joined(role):
        # What an aggregated role gains is judged where it comes from: here it is only the controller's to write.
        if not (role.aggregation_rule and name in before):
            held = _held(name, rules, access) + (old.rules if old and name in before else ())
            if worst := _new(rules, held, access.bound_in(name)):
                found[name] = worst
    if found:
        worst = max(found.values(), key=lambda one: one.severity)
        where = "in every namespace" if any(access.bound_in(name) is None for name in found) else "in their namespaces"
        message = f"the labels add ClusterRole {quote(role.name)} to {', '.join(map(quote, found))}"
        can = f"whose holders can then {worst.risk.says(worst.hits, where)}"
        instead = "drop the label, and bind the role to those who need it"
        yield Violation(role.metadata, "labels", f"{message}, {can}; instead, {instead}", severity=worst.severity)


def _rules(role: ClusterRole, access: Access) -> tuple[PolicyRule, ...]:
    """What it gives: of an aggregated role what that comes to, if it is there already."""
    live = access.role(None, role.name) if role.aggregation_rule else None
    return (live or role).rules


def _held(name: str, rules: tuple[PolicyRule, ...], access: Access) -> tuple[PolicyRule, ...]:
    """What the role that it joins has besides."""
    other = access.role(None, name)
    return tuple(rule for rule in (other.rules if other else ()) if rule not in rules)


def _new(
    rules: tuple[PolicyRule, ...], held: tuple[PolicyRule, ...], namespaces: tuple[str, ...] | None
) -> Found | None:
    """The worst that the rules add; as bad as in a namespace, unless somebody holds the role everywhere."""
    added = []
    for risk in RISKS.values():
        before, after = (
            risk.found(given, everywhere=namespaces is None, namespaces=namespaces or NOWHERE)
            for given in (held, (*held, *rules))
        )
        if after and (before is None or after.severity > before.severity):
            added.append(after)
    return max(added, key=lambda found: found.severity, default=None)
