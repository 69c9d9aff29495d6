"""Roles are given to somebody in particular.

Fields:  subjects[*] of a binding; rules[*] of a role that such a subject has
Allowed: users, groups and ServiceAccounts by their own names
Why:     system:authenticated is everybody who has a certificate or a token of the cluster, system:anonymous everybody
         who reaches its API server, system:serviceaccounts every program, and "default" whichever pod names none.
Source:  CIS Kubernetes Benchmark 5.1.5, 5.1.7; Kubernetes, "RBAC Good Practices", "General good practice"
Maps:    CIS 5.1.5, 5.1.7; OWASP K03
"""

from gatewright.policy import (
    EVERYWHERE,
    Access,
    Grants,
    Holder,
    Severity,
    Violation,
    Violations,
    account,
    is_broad,
    policy,
    quote,
)

from ._judged import is_raised
from ._worst import worst

EVERYBODY = "everybody who is logged in, every ServiceAccount among them,"
ANYBODY = "everybody who reaches the API server, without logging in,"
WHO = {
    "system:authenticated": EVERYBODY,
    "system:unauthenticated": ANYBODY,
    "system:anonymous": ANYBODY,
    "system:serviceaccounts": "every ServiceAccount of the cluster,",
    "system:masters": "who are asked for no rule and cannot be stopped,",
}


@policy(severity=Severity.MEDIUM)
def rbac_broad_subject(grants: Grants, access: Access) -> Violations:
    broad = {holder.name: holder for holder in grants.holders if is_broad(holder.subject) or _is_default(holder)}
    if not broad or not grants.rules or grants.role is None:
        return
    raised = any(is_raised(namespace, access) for namespace in grants.namespaces)
    found = worst((given.rule for given in grants.rules), everywhere=not grants.namespaces, raised=raised)
    severity = Severity(min(found.severity + 1, Severity.CRITICAL)) if found else Severity.LOW
    can = f"can {found.risk.says(found.hits, grants.where)}" if found else f"has it {grants.where}"
    for holder in broad.values():
        given = next((given for given in grants.rules if found and given.rule is found.hits[0].rule), grants.rules[0])
        node, field = (given.node, given.field) if grants.is_role else (holder.subject, ())
        by = f"by {type(grants.role).__name__} {quote(grants.role.name)}"
        yield Violation(
            node,
            field,
            f"{holder.name}, {_who(holder)} {can} {by}; instead, bind it to those who need it",
            severity=Severity.LOW if _is_default(holder) else severity,
        )


def _is_default(holder: Holder) -> bool:
    """Whether it is the ServiceAccount of whichever pod names none."""
    found = account(holder.subject, holder.namespace or EVERYWHERE)
    return found is not None and found[1] == "default"


def _who(holder: Holder) -> str:
    if _is_default(holder):
        return "which is that of every pod that names none,"
    return WHO.get(holder.subject.name, "every ServiceAccount of one namespace,")
