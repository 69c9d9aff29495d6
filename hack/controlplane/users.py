"""Who may do what: the users of a run, their tokens, the kubeconfigs."""

import base64
import csv
import json
import secrets
from pathlib import Path
from typing import Any

from controlplane.certificates import write_secret

USERS = {"admin": "", "editor": "edit", "viewer": "view", "nobody": ""}
"""Users with a token, each with the built-in ClusterRole that is bound to it everywhere.

`admin` needs none, it is in system:masters; `nobody` has none.
"""


def write_tokens(file: Path) -> dict[str, str]:
    """Writes kube-apiserver's token file; the token of each user."""
    tokens = {user: secrets.token_urlsafe(24) for user in USERS}
    groups = {"admin": ",system:masters"}
    lines = [f"{token},{user},{user}{groups.get(user, '')}" for user, token in tokens.items()]
    write_secret(file, "".join(f"{line}\n" for line in lines).encode())
    return tokens


def read_tokens(file: Path) -> dict[str, str]:
    """The token of each user."""
    with file.open(newline="") as lines:
        return {user: token for token, user, *_ in csv.reader(lines)}


def bindings() -> list[dict[str, Any]]:
    """The ClusterRoleBindings of the users."""
    group = "rbac.authorization.k8s.io"
    return [
        {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": f"control-plane:{user}"},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": role},
            "subjects": [{"apiGroup": group, "kind": "User", "name": user}],
        }
        for user, role in USERS.items()
        if role
    ]


def write_kubeconfig(file: Path, url: str, certificate: str, tokens: dict[str, str] | None = None) -> None:
    """Writes a kubeconfig that holds all it needs, as JSON, which is YAML.

    Its current user comes by a certificate of the file's folder, and by name there is one for each token besides.
    """
    folder = file.parent
    user = {
        "client-certificate-data": _base64(folder / f"{certificate}.crt"),
        "client-key-data": _base64(folder / f"{certificate}.key"),
    }
    users = {name: {"token": token} for name, token in (tokens or {}).items()} | {certificate: user}
    cluster = {"server": url, "certificate-authority-data": _base64(folder / "ca.crt")}
    contexts = [{"name": name, "context": {"cluster": "control-plane", "user": name}} for name in users]
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": certificate,
        "clusters": [{"name": "control-plane", "cluster": cluster}],
        "contexts": contexts,
        "users": [{"name": name, "user": user} for name, user in users.items()],
    }
    write_secret(file, json.dumps(kubeconfig, indent=2).encode())


def _base64(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()
