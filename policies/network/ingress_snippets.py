"""An Ingress brings no configuration of its own into its controller.

Fields:  metadata.annotations of an Ingress, and spec.rules[*].http.paths[*].path
Allowed: any annotation but those that take pieces of configuration (configuration-snippet, server-snippet and the
         like, with any prefix), and the values of those of ingress-nginx that end a directive, as a semicolon outside
         of quotes does, or name the controller's files. A path without control characters, quotes, semicolons, and
         braces but those that count, as in [0-9]{4}, and without such files
Why:     the controller runs it with rights of its own: it reads the Secrets of every namespace, and its traffic.
Source:  CVE-2021-25742, CVE-2021-25745, CVE-2021-25746, CVE-2023-5043, CVE-2023-5044, CVE-2025-1097, CVE-2025-1098,
         CVE-2025-24514; ingress-nginx, internal/ingress/inspector/rules.go; F5 NGINX Ingress Controller and HAProxy
         Ingress, annotations
"""

import re2

from gatewright.policy import REMOVE, Ingress, Severity, Violation, Violations, policy, quote

SNIPPETS = frozenset(
    {
        "auth-snippet",
        "configuration-snippet",
        "modsecurity-snippet",
        "server-snippet",
        "stream-snippet",
        "location-snippets",
        "server-snippets",
        "backend-config-snippet",
        "frontend-config-snippet",
        "config-backend",
        "config-frontend",
        "config-tcp-service",
    }
)
"""Annotations that are configuration of nginx or HAProxy, without their prefix: a controller can be told another."""

PREFIX = "nginx.ingress.kubernetes.io/"

FILES = r"/var/run/secrets|/run/secrets/|/etc/(?:passwd|shadow|group|nginx|ingress-controller)|_by_lua"
"""What rules.go looks for, and where /var/run leads to."""

RISKY_VALUE = re2.compile(
    rf"(?is)[\x00-\x08\x0b-\x1f\x7f]|\n.*[;{{}}]|[;{{}}].*\n|{FILES}|\bload_module\b|\bssl_engine\b"
)
"""What ends a directive and begins the next one. A brace alone does not: ${request_uri}."""

QUOTED = re2.compile(r"""(?:^|[ \t])(?:"[^"]*"|'[^']*')""")
"""What nginx takes as one word, a semicolon as well: "/; Secure". Quotes within a word are none to it."""

REALM = "auth-realm"
"""The annotation whose value the controller quotes itself."""

RISKY_PATH = re2.compile(rf"""(?is)[\x00-\x1f\x7f"'`;]|{FILES}""")
COUNTED = re2.compile(r"\{[0-9]+(?:,[0-9]*)?\}")


@policy(severity=Severity.HIGH)
def ingress_snippets(ingress: Ingress) -> Violations:
    for key, value in ingress.metadata.annotations.items():
        if key.rpartition("/")[2] in SNIPPETS:
            message = f"annotation {quote(key)} is configuration of the controller"
            yield Violation(ingress.metadata, ("annotations", key), message, fix=REMOVE)
        elif key.startswith(PREFIX) and _leaves_its_place(key.removeprefix(PREFIX), value.strip()):
            message = f"annotation {quote(key)} leaves its place in the controller's configuration"
            yield Violation(ingress.metadata, ("annotations", key), message, fix=REMOVE)
    for rule in ingress.spec.rules:
        for path in rule.http.paths:
            bare = COUNTED.sub("", path.path)
            if RISKY_PATH.search(path.path) or "{" in bare or "}" in bare:
                message = f"path {quote(path.path)} leaves its place in the controller's configuration"
                yield Violation(path, "path", message)


def _leaves_its_place(name: str, value: str) -> bool:
    if RISKY_VALUE.search(value):
        return True
    return '"' in value if name == REALM else ";" in QUOTED.sub("", value)
