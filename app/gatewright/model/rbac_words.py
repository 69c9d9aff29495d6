"""Permissions in words, and words as questions."""

import re

from msgspec import structs

from gatewright.model.kinds import KINDS
from gatewright.model.rbac import ALL, PolicyRule, Subject
from gatewright.model.rbac_rules import Request
from gatewright.model.rbac_subjects import EVERYWHERE, AnyBinding, AnyRole, account, holder
from gatewright.model.review import UserInfo
from gatewright.model.text import escape, quote

BESIDES = frozenset({ALL, "bindings", "componentstatuses", "events", "groups", "persistentvolumeclaims", "users"})
"""What is asked for in the core group, besides the kinds: whom to impersonate is, though it is no resource."""

_VERSION = re.compile(r"v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?\.")


def request_of(verb: str, resource: str, name: str = "", namespace: str = "") -> Request:
    """`get`, `deployments.apps/scale` or `/healthz` as a request.

    A resource of a built-in kind finds its group itself; a version is passed over, and a dot at the end is the core
    group. What is in no namespace is asked for in none, and a Namespace in that of its own name, as the API server has
    it.

    Raises:
        ValueError: the verb is none, or the resource.
    """
    if not verb or verb != verb.lower():
        raise ValueError("a verb is written in small letters, like get")
    if resource.startswith("/"):
        return Request(verb, path=resource)
    whole, slash, subresource = resource.partition("/")
    plural, dot, group = whole.partition(".")
    if not plural or (slash and not subresource.strip("/")) or subresource.startswith("/"):
        raise ValueError("a resource is one like pods, pods/exec or deployments.apps, or a URL like /healthz")
    group = _VERSION.sub("", f"{group}.", count=1).rstrip(".") if dot else _group(plural)
    if not _is_namespaced(plural, group):
        namespace = name if plural == "namespaces" else EVERYWHERE
    return Request(verb, plural, group, subresource, name, namespace)


def _group(plural: str) -> str:
    """The group of a built-in resource.

    Raises:
        ValueError: it is not known.
    """
    groups = [key.partition(".")[2] for key, kind in KINDS.items() if kind.resource == plural]
    if not groups and plural not in BESIDES:
        raise ValueError("it is not known by this name alone; write the plural and its API group, as deployments.apps")
    return groups[0] if groups else ""


def _is_namespaced(plural: str, group: str) -> bool:
    """Whether there may be one in a namespace: of what is not known, that is taken for granted."""
    return all(
        kind.is_namespaced for key, kind in KINDS.items() if kind.resource == plural and key.partition(".")[2] == group
    )


def somebody(text: str, groups: tuple[str, ...] = ()) -> UserInfo:
    """`ns/name` as a ServiceAccount, `group:NAME` as one of a group, everything else as a user, in more groups.

    A user whose name looks like one of the others is `user:NAME`.

    Raises:
        ValueError: it is nobody.
    """
    kind, colon, name = text.partition(":")
    namespace, _, account_name = text.partition("/")
    if colon and kind in {"group", "user"}:
        subject = Subject(kind=kind.capitalize(), name=name)
    elif text.count("/") == 1:
        subject = Subject(kind="ServiceAccount", namespace=namespace, name=account_name)
    else:
        subject = Subject(kind="User", name=text)
    who = holder(subject, EVERYWHERE) if subject.name else None
    if who is None:
        raise ValueError("somebody is a user, NAMESPACE/NAME of a service account, or group:NAME")
    return structs.replace(who, groups=(*who.groups, *groups))


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
    groups = [group or "the core group" for group in rule.api_groups]
    of = f" of {', '.join(groups)}" if any(rule.api_groups) else ""
    objects = ", ".join((*rule.resources, *rule.non_resource_urls))
    only = f" (only {', '.join(map(quote, rule.resource_names))})" if rule.resource_names else ""
    return escape(f"{', '.join(rule.verbs)} {objects}{of}{only}")
