"""Permissions in words, and words as questions."""

from gatewright.model.kinds import KINDS
from gatewright.model.rbac import PolicyRule, Subject
from gatewright.model.rbac_rules import Request
from gatewright.model.rbac_subjects import AUTHENTICATED, AnyBinding, AnyRole, account, service_account
from gatewright.model.review import UserInfo
from gatewright.model.text import escape, quote

MASTERS = "system:masters"
"""The group that may do everything without any rule: the API server asks no role for its members."""


def request_of(verb: str, resource: str, name: str = "", namespace: str = "") -> Request:
    """`get`, `deployments.apps/scale` or `/healthz` as a request.

    A resource of a built-in kind finds its group itself. A Namespace is in the namespace of its own name, as the API
    server has it.

    Raises:
        ValueError: it is no resource.
    """
    if resource.startswith("/"):
        return Request(verb, path=resource)
    whole, _, subresource = resource.partition("/")
    plural, _, group = whole.partition(".")
    if not plural or subresource.startswith("/"):
        raise ValueError("must be a resource like pods, pods/exec or deployments.apps, or a URL like /healthz")
    group = group or _group(plural)
    if plural == "namespaces" and not group and name:
        namespace = name
    return Request(verb, plural, group, subresource, name, namespace)


def _group(plural: str) -> str:
    """The group of a built-in resource; the core group of every other."""
    groups = [key.partition(".")[2] for key, kind in KINDS.items() if kind.resource == plural]
    return groups[0] if groups and "" not in groups else ""


def somebody(text: str, groups: tuple[str, ...] = ()) -> UserInfo:
    """`ns/name` as a ServiceAccount, `group:NAME` as one of a group, everything else as a user, in more groups.

    Raises:
        ValueError: it is nobody.
    """
    kind, colon, rest = text.partition(":")
    if kind == "group" and colon and rest:
        return UserInfo("", "", (rest, AUTHENTICATED, *groups))
    if text.count("/") == 1 and all(text.split("/")):
        who = service_account(*text.split("/"))
        return UserInfo(who.username, "", (*who.groups, *groups))
    found = account(Subject(kind="User", name=text), "")
    if found:
        who = service_account(*found)
        return UserInfo(who.username, "", (*who.groups, *groups))
    if not text:
        raise ValueError("must be a user, NAMESPACE/NAME of a service account, or group:NAME")
    return UserInfo(text, "", (AUTHENTICATED, *groups))


def named(subject: Subject, namespace: str) -> str:
    """`ServiceAccount mon/agent`, `Group "devs"`; `namespace` is the binding's."""
    found = account(subject, namespace)
    return f"ServiceAccount {found[0]}/{found[1]}" if found else f"{subject.kind} {quote(subject.name)}"


def titled(item: AnyRole | AnyBinding) -> str:
    """`RoleBinding shop/team`."""
    within = f"{item.namespace}/" if item.namespace else ""
    return escape(f"{type(item).__name__} {within}{item.name}")


def told(rule: PolicyRule) -> str:
    """`get, list secrets, configmaps (only "a")`."""
    groups = [group for group in rule.api_groups if group]
    of = f" of {', '.join(groups)}" if groups else ""
    objects = ", ".join((*rule.resources, *rule.non_resource_urls))
    only = f" (only {', '.join(map(quote, rule.resource_names))})" if rule.resource_names else ""
    return escape(f"{', '.join(rule.verbs)} {objects}{of}{only}")
