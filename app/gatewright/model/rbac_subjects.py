"""Whom a binding is for, and all the rules that somebody has.

After upstream's pkg/registry/rbac/validation/rule.go of 1.37.2. Members of system:masters need no rule: that they may
do everything is not RBAC's, and not told here.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject
from gatewright.model.review import UserInfo

AnyRole = Role | ClusterRole
AnyBinding = RoleBinding | ClusterRoleBinding
Place = tuple[str, str]
"""Namespace and name of a role or a binding; the namespace of a cluster-scoped one is EVERYWHERE."""
EVERYWHERE = ""

ANONYMOUS, AUTHENTICATED, UNAUTHENTICATED = "system:anonymous", "system:authenticated", "system:unauthenticated"
ACCOUNT, ACCOUNTS = "system:serviceaccount", "system:serviceaccounts"
MASTERS = "system:masters"


class Grant(NamedTuple):
    """A rule, and how one comes to have it: as the subject of a binding to the role."""

    rule: PolicyRule
    binding: AnyBinding
    role: AnyRole
    subject: Subject


class View(Protocol):
    """Roles and bindings, as far as one can see them."""

    def bindings(self, who: UserInfo, namespace: str) -> Iterable[AnyBinding]:
        """At least those RoleBindings of a namespace or, EVERYWHERE, ClusterRoleBindings that are for them.

        Bindings for others do no harm, they are passed over.
        """

    def role(self, namespace: str, name: str) -> AnyRole | None:
        """The Role of a namespace or, EVERYWHERE, the ClusterRole; an aggregated one with the rules it comes to."""


def service_account(namespace: str, name: str) -> UserInfo:
    """A ServiceAccount as the API server knows it, with the groups that it is in."""
    groups = (ACCOUNTS, f"{ACCOUNTS}:{namespace}", AUTHENTICATED)
    return UserInfo(username=f"{ACCOUNT}:{namespace}:{name}", groups=groups)


def account(subject: Subject, namespace: str) -> tuple[str, str] | None:
    """Namespace and name of the ServiceAccount that a subject is, however it is written; None for any other."""
    match (user_name(subject, namespace) or "").split(":"):
        case ["system", "serviceaccount", str(owner), str(name)] if owner and name:
            return owner, name
    return None


def is_broad(subject: Subject) -> bool:
    """Whether it is nobody in particular: everybody, every program, or the group that may do everything anyway."""
    if subject.kind == "Group":
        everybody = {AUTHENTICATED, UNAUTHENTICATED, ACCOUNTS, MASTERS}
        return subject.name in everybody or subject.name.startswith(f"{ACCOUNTS}:")
    return subject.kind == "User" and subject.name == ANONYMOUS


def user_name(subject: Subject, namespace: str) -> str | None:
    """The name that the API server knows a subject by; None for a Group, and for what is nobody.

    `namespace` is the binding's, EVERYWHERE for a ClusterRoleBinding: it holds where a ServiceAccount names none.
    """
    if subject.kind == "User":
        return subject.name
    owner = subject.namespace or namespace
    return f"{ACCOUNT}:{owner}:{subject.name}" if subject.kind == "ServiceAccount" and owner else None


def applies(subject: Subject, who: UserInfo, namespace: str) -> bool:
    """Whether they are the subject of a binding; `namespace` is the binding's."""
    if subject.kind == "Group":
        return subject.name in who.groups
    return user_name(subject, namespace) == who.username


def holder(subject: Subject, namespace: str) -> UserInfo | None:
    """The least that is known of whoever a subject is: the user name, if it is one, and the groups that come with it.

    None for a subject that is nobody; `namespace` is the binding's.
    """
    if subject.kind == "Group":
        accounts = (ACCOUNTS,) if subject.name.startswith(f"{ACCOUNTS}:") else ()
        everybody = () if subject.name == UNAUTHENTICATED else (AUTHENTICATED,)
        return UserInfo(groups=tuple(dict.fromkeys((subject.name, *accounts, *everybody))))
    if found := account(subject, namespace):
        return service_account(*found)
    name = user_name(subject, namespace)
    groups = (UNAUTHENTICATED if name == ANONYMOUS else AUTHENTICATED,)
    return None if name is None else UserInfo(username=name, groups=groups)


def rules_for(who: UserInfo, namespace: str, view: View) -> Iterator[Grant]:
    """All the rules that they have in a namespace: those that hold everywhere come first, and are all for EVERYWHERE.

    A binding to a role that does not exist gives none. Rules for URLs that are no resource work only from everywhere.
    """
    for place in dict.fromkeys((EVERYWHERE, namespace)):
        yield from rules_of(who, place, view)


def rules_of(who: UserInfo, namespace: str, view: View) -> Iterator[Grant]:
    """The rules that RoleBindings of a namespace or, EVERYWHERE, ClusterRoleBindings give them."""
    for binding in view.bindings(who, namespace):
        subject = next((subject for subject in binding.subjects if applies(subject, who, namespace)), None)
        given = place_of_role(binding, namespace)
        if subject and given and (role := view.role(*given)):
            for rule in role.rules:
                yield Grant(rule, binding, role, subject)


def place_of_role(binding: AnyBinding, namespace: str) -> Place | None:
    """Where the role is that a binding gives, if there is one; `namespace` is the binding's."""
    match binding.role_ref.kind:
        case "ClusterRole":
            return EVERYWHERE, binding.role_ref.name
        case "Role" if namespace != EVERYWHERE:
            return namespace, binding.role_ref.name
    return None
