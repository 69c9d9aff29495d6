"""Labels give no dangerous rules to roles that others hold.

Fields:  metadata.labels of a ClusterRole that the aggregationRule of another one selects; rules
Allowed: rules that give nothing which the other one does not have already
Why:     the rules join admin, edit, view or whichever role selects them: all who hold those have them from then on,
         without any binding.
Source:  pkg/controller/clusterroleaggregation; Kubernetes, "Using RBAC Authorization", "Aggregated ClusterRoles"
"""

from gatewright.policy import Access, ClusterRole, Found, PolicyRule, Severity, Violation, Violations, policy, quote

from ._catalogue import RISKS


@policy(severity=Severity.HIGH)
def rbac_aggregation(role: ClusterRole, old: ClusterRole | None, access: Access) -> Violations:
    before = set(access.joined(old)) if old else set()
    given = _rules(role, access)
    found = {
        name: worst
        for name in access.joined(role)
        # What an aggregated role gains is judged where it comes from: here it is only the controller's to write.
        if not (role.aggregation_rule and name in before)
        if (
            worst := _new(
                given, _held(name, given, access) + (old.rules if old and name in before else ()), access, name
            )
        )
    }
    if found:
        worst = max(found.values(), key=lambda one: one.severity)
        where = "in every namespace" if any(map(access.is_bound_everywhere, found)) else "in their namespaces"
        joined = ", ".join(map(quote, found))
        message = f"the labels add ClusterRole {quote(role.name)} to {joined}, whose holders can then "
        instead = "drop the label, and bind the role to those who need it"
        says = worst.risk.says(worst.hits, where)
        yield Violation(role.metadata, "labels", f"{message}{says}; instead, {instead}", severity=worst.severity)


def _rules(role: ClusterRole, access: Access) -> tuple[PolicyRule, ...]:
    """What it gives: of an aggregated role what that comes to, if it is there already."""
    live = access.role(None, role.name) if role.aggregation_rule else None
    return (live or role).rules


def _held(name: str, given: tuple[PolicyRule, ...], access: Access) -> tuple[PolicyRule, ...]:
    """What the role that it joins has besides."""
    other = access.role(None, name)
    return tuple(rule for rule in (other.rules if other else ()) if rule not in given)


def _new(given: tuple[PolicyRule, ...], held: tuple[PolicyRule, ...], access: Access, name: str) -> Found | None:
    """The worst that the rules add; as bad as in a namespace, unless somebody holds the role everywhere."""
    everywhere = access.is_bound_everywhere(name)
    added = []
    for risk in RISKS.values():
        before, after = (risk.found(rules, everywhere=everywhere) for rules in (held, (*held, *given)))
        if after and (before is None or after.severity > before.severity):
            added.append(after)
    return max(added, key=lambda found: found.severity, default=None)
