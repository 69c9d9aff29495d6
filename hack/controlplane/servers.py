"""How the three servers are started: their flags, and what the API server writes into its audit log."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def service_ip(port: int, number: int) -> str:
    """An address for Services, of loopback and of the plane with that port alone, so that two never share one."""
    return f"127.{port >> 8}.{port & 255}.{number}"


"""Where Services get their addresses. A process on this machine can listen on one, and the API server calls it."""

CONTROLLERS = ("system:kube-controller-manager", "system:apiserver")

AUDIT_POLICY: dict[str, Any] = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "omitManagedFields": True,
    "rules": [
        {"level": "None", "nonResourceURLs": ["/healthz*", "/livez*", "/readyz*", "/openapi*", "/api*"]},
        {"level": "None", "resources": [{"group": "events.k8s.io"}, {"resources": ["events"]}]},
        {"level": "None", "resources": [{"group": "coordination.k8s.io"}]},
        {"level": "None", "verbs": ["get", "list", "watch"], "users": CONTROLLERS},
        {"level": "None", "verbs": ["get", "list", "watch"], "userGroups": ["system:serviceaccounts:kube-system"]},
        {"level": "Metadata", "resources": [{"resources": ["secrets", "serviceaccounts/token"]}]},
        {"level": "Request", "verbs": ["create", "update", "patch", "delete", "deletecollection"]},
        {"level": "Metadata"},
    ],
}
"""What changes something, with its body; what is only read, without; no controller's reads, no health, no discovery."""


@dataclass(frozen=True)
class Options:
    """How a control plane differs from the default."""

    emulate: str = ""
    """The minor that the servers behave as, `1.34`; empty: their own."""
    disable: tuple[str, ...] = ()
    """Admission plugins that are on by default and shall be off."""
    port: int = 0
    """The API server's on 127.0.0.1; 0: a free one."""
    arguments: tuple[str, ...] = ()
    """Further flags of kube-apiserver, `--name=value`."""

    @property
    def emulation(self) -> list[str]:
        """The flag that two of the servers share."""
        return [f"--emulated-version=kube={self.emulate}"] if self.emulate else []


def etcd(folder: Path) -> Iterable[str]:
    """etcd's flags. It listens on sockets in its folder only: no port, and no user but this one gets at it."""
    return (
        f"--data-dir={folder / 'etcd'}",
        "--unsafe-no-fsync",  # what it keeps is thrown away
        "--listen-client-urls=unix://etcd.sock",  # from the folder that it is started in: a socket's path is short
        "--listen-peer-urls=unix://peer.sock",
        "--advertise-client-urls=http://127.0.0.1:0",  # must have a port, and nobody asks
        "--name=control-plane",
        "--log-level=warn",
    )


def kube_apiserver(folder: Path, port: int, options: Options) -> Iterable[str]:
    """The API server's flags."""
    url = f"https://127.0.0.1:{port}"
    return (
        "--etcd-servers=unix://etcd.sock",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        f"--secure-port={port}",
        "--permit-port-sharing",  # with the socket that reserves it
        "--endpoint-reconciler-type=none",  # endpoints on loopback are refused
        f"--service-cluster-ip-range={service_ip(port, 0)}/24",
        f"--tls-cert-file={folder / 'kube-apiserver.crt'}",
        f"--tls-private-key-file={folder / 'kube-apiserver.key'}",
        f"--client-ca-file={folder / 'ca.crt'}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--allow-privileged",
        f"--service-account-issuer={url}",
        f"--service-account-key-file={folder / 'service-accounts.pub'}",
        f"--service-account-signing-key-file={folder / 'service-accounts.key'}",
        f"--audit-policy-file={folder / 'audit-policy.json'}",
        f"--audit-log-path={folder / 'audit.log'}",
        "--audit-log-mode=blocking",  # an answer comes after its event
        "--audit-log-maxsize=0",  # one file, however large
        *options.emulation,
        *([f"--disable-admission-plugins={','.join(options.disable)}"] if options.disable else []),
        *options.arguments,
    )


def kube_controller_manager(folder: Path, options: Options) -> Iterable[str]:
    """The controllers' flags. Each acts as a service account of its own, as in a cluster that kubeadm has set up."""
    return (
        f"--kubeconfig={folder / 'kube-controller-manager.kubeconfig'}",
        "--secure-port=0",
        "--leader-elect=false",
        "--use-service-account-credentials",
        f"--service-account-private-key-file={folder / 'service-accounts.key'}",
        f"--root-ca-file={folder / 'ca.crt'}",
        "--kube-api-qps=200",  # a burst of objects in a test is no reason to wait
        "--kube-api-burst=400",
        *options.emulation,
    )
