"""The hosts that an Ingress or a route of the Gateway API is for, and which of them meet."""

import re
from collections.abc import Iterator

from gatewright.policy import GRPCRoute, HTTPRoute, Ingress, TLSRoute

Route = Ingress | HTTPRoute | GRPCRoute | TLSRoute
Place = tuple[str | int, ...]

EVERY = ""
"""No host: every one, as the API has it."""

ALIASES = frozenset({"redirect-from", "redirect-from-regex", "server-alias", "server-alias-regex"})
"""Annotations that name further hosts whose requests an Ingress takes, without their prefix."""

LONGEST = 253
"""Characters of a name in DNS."""

_PLAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def normal(host: str) -> str:
    """A host as DNS compares it: `*` alone is every one."""
    name = host.strip().lower().rstrip(".")
    return EVERY if name == "*" else name


def is_wildcard(name: str) -> bool:
    """Whether a normal name is for several hosts: `*.shop.example`, or an expression of an ingress controller."""
    return not _PLAIN.fullmatch(name)


def served(route: Route) -> Iterator[tuple[str, Place]]:
    """The hosts whose requests the route takes, as they are written and where."""
    if not isinstance(route, Ingress):
        yield from _hostnames(route)
        return
    for index, rule in enumerate(route.spec.rules):
        yield rule.host, ("spec", "rules", index, "host")
    if route.spec.default_backend is not None:
        yield EVERY, ("spec", "defaultBackend")
    for key, value in route.metadata.annotations.items():
        if key.partition("/")[2] in ALIASES:
            for alias in filter(None, map(str.strip, value.split(","))):
                yield alias, ("metadata", "annotations", key)


def _hostnames(route: HTTPRoute | GRPCRoute | TLSRoute) -> Iterator[tuple[str, Place]]:
    parents = route.spec.parent_refs
    if parents and all(parent.kind == "Service" and not parent.group for parent in parents):
        return  # it directs what is sent to Services inside of the cluster, whatever the host
    if not route.spec.hostnames:
        yield EVERY, ("spec", "hostnames")
    for index, host in enumerate(route.spec.hostnames):
        yield host, ("spec", "hostnames", index)


def certified(route: Route) -> Iterator[tuple[str, Place]]:
    """The hosts that only a certificate is asked for, as they are written and where."""
    if isinstance(route, Ingress):
        known = {EVERY, *(normal(rule.host) for rule in route.spec.rules)}
        for number, tls in enumerate(route.spec.tls):
            for index, host in enumerate(tls.hosts):
                if normal(host) not in known:
                    yield host, ("spec", "tls", number, "hosts", index)


def keys(route: Route) -> Iterator[str]:
    """What the route is found under: each of its hosts, and every domain that one is below, with a dot in front."""
    for host, _ in served(route):
        name = normal(host)
        if name != EVERY:
            yield name
            yield from (f".{domain}" for domain in _domains(name))


def meeting(name: str) -> Iterator[str]:
    """The keys of all hosts that share a request with a normal name; `*.` stands for any number of labels."""
    yield f".{name.removeprefix('*.')}" if name.startswith("*.") else name
    yield from (wildcard for domain in _domains(name) if (wildcard := f"*.{domain}") != name)


def _domains(name: str) -> Iterator[str]:
    """What a name is below: of a.b.c it is b.c and c. What is no name can be an annotation's whole text."""
    _, dot, rest = name.partition(".") if len(name) <= LONGEST else ("", "", "")
    while dot:
        yield rest
        _, dot, rest = rest.partition(".")
