"""Roles are given to somebody in particular.

Fields:  subjects[*] of a binding; rules[*] of a role that such a subject has
Allowed: users, groups and ServiceAccounts by their own names
Why:     system:authenticated is everybody who has a certificate or a token of the cluster, system:anonymous everybody
         who reaches its API server, system:serviceaccounts every program, and "default" whichever pod names none.
Source:  CIS Kubernetes Benchmark 5.1.5, 5.1.7; Kubernetes, "RBAC Good Practices", "General good practice"
Maps:    CIS 5.1.5, 5.1.7; OWASP K03
"""

from gatewright.policy import (
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

from ._judged import above
from ._worst import worst

LOGGED_IN = "everybody who can log in, programs as well,"
ANYBODY = "everybody who reaches the API server, without logging in,"
WHO = {
    "system:authenticated": LOGGED_IN,
    "system:unauthenticated": ANYBODY,
    "system:anonymous": ANYBODY,
    "system:serviceaccounts": "every ServiceAccount of the cluster,",
    "system:masters": "who are asked for no rule, and from whom nothing can be taken,",
}


@policy(severity=Severity.MEDIUM)
def rbac_broad_subject(grants: Grants, access: Access) -> Violations:
    broad = {holder.name: holder for holder in grants.holders if is_broad(holder.subject) or _is_default(holder)}
    rules = (*grants.rules, *grants.usual)
    if not broad or not rules or grants.role is None:
        return
    raised = any(above(namespace, access) for namespace in grants.namespaces)
    everywhere = not grants.namespaces
    found = worst((given.rule for given in rules), grants.namespaces, everywhere=everywhere, raised=raised)
    severity = Severity(min(found.severity + 1, Severity.CRITICAL)) if found else Severity.LOW
    given = next((given for given in rules if found and given.rule is found.hits[0].rule), rules[0])
    can = found.risk.says(found.hits, grants.where) if found else f"do what it says {grants.where}"
    role = f"{type(grants.role).__name__} {quote(grants.role.name)}"
    for holder in broad.values():
        yield Violation(
            given.node if grants.is_role else holder.subject,
            (),
            f"{role} lets {holder.name}, {_who(holder)} {can}; instead, bind it to those who need it",
            severity=Severity.LOW if _is_default(holder) else severity,
        )


def _is_default(holder: Holder) -> bool:
    """Whether it is the ServiceAccount of whichever pod names none."""
    found = account(holder.subject, holder.namespace)
    return found is not None and found[1] == "default"


def _who(holder: Holder) -> str:
    if _is_default(holder):
        return "the one of every pod that names none,"
    return WHO.get(holder.subject.name, "every ServiceAccount of one namespace,")
