"""Nobody is given rights without a login, and not every program at once.

Fields:  subjects[*] of a RoleBinding or a ClusterRoleBinding
Allowed: users, groups and ServiceAccounts other than User system:anonymous, Group system:unauthenticated and Group
         system:serviceaccounts; the bindings to them that an API server or kubeadm makes, as long as they are what
         those made
Why:     whoever reaches the API server is system:anonymous: what is given to that is given to the network. And what
         every ServiceAccount may, every container may that somebody broke into.
Source:  Kubernetes documentation, "Authenticating" (anonymous requests) and "Using RBAC Authorization" (discovery
         roles); the bindings of an empty cluster of 1.37
Maps:    NSA/CISA "Authentication and authorization"; OWASP K03 (2022)
"""

from gatewright.policy import (
    REMOVE,
    ClusterRoleBinding,
    RoleBinding,
    Severity,
    Violation,
    Violations,
    policy,
    quote,
)

NOBODY = {
    ("User", "system:anonymous"): ("everybody who reaches the API server, without a login,", Severity.HIGH),
    ("Group", "system:unauthenticated"): ("everybody who reaches the API server, without a login,", Severity.HIGH),
    ("Group", "system:serviceaccounts"): ("every ServiceAccount of the cluster", Severity.MEDIUM),
}
"""Who is meant, by kind and name of a subject."""

EVERYWHERE = "*"
AUTHENTICATED, UNAUTHENTICATED = ("Group", "system:authenticated"), ("Group", "system:unauthenticated")
SERVICE_ACCOUNTS = ("Group", "system:serviceaccounts")

BOOTSTRAP = {
    (EVERYWHERE, "system:public-info-viewer"): (
        ("ClusterRole", "system:public-info-viewer"),
        {AUTHENTICATED, UNAUTHENTICATED},
    ),
    (EVERYWHERE, "system:service-account-issuer-discovery"): (
        ("ClusterRole", "system:service-account-issuer-discovery"),
        {SERVICE_ACCOUNTS},
    ),
    (EVERYWHERE, "system:cluster-trust-bundle-discovery"): (
        ("ClusterRole", "system:cluster-trust-bundle-discovery"),
        {SERVICE_ACCOUNTS},
    ),
    ("kube-public", "kubeadm:bootstrap-signer-clusterinfo"): (
        ("Role", "kubeadm:bootstrap-signer-clusterinfo"),
        {("User", "system:anonymous")},
    ),
}
"""The role and the subjects of the bindings that a new cluster has, by where they hold and their name."""


@policy(severity=Severity.HIGH)
def anonymous_access(binding: RoleBinding | ClusterRoleBinding) -> Violations:
    role = binding.role_ref
    where = EVERYWHERE if isinstance(binding, ClusterRoleBinding) else binding.namespace or ""
    subjects = [(subject.kind, subject.name) for subject in binding.subjects]
    if BOOTSTRAP.get((where, binding.name)) == ((role.kind, role.name), set(subjects)):
        return
    scope = "in every namespace" if where == EVERYWHERE else f"in namespace {quote(where)}" if where else "there"
    for index, subject in enumerate(subjects):
        if subject in NOBODY:
            who, severity = NOBODY[subject]
            message = f"{who} gets what {role.kind} {quote(role.name)} grants {scope}"
            yield Violation(binding, ("subjects", index), message, severity=severity, fix=REMOVE)
