import ipaddress
import re
from pathlib import Path

import pytest
from controlplane import servers
from controlplane.servers import Options

FOLDER = Path("/run/folder")


def flags(options: Options) -> dict[str, list[str]]:
    return {
        "etcd": list(servers.etcd(FOLDER)),
        "kube-apiserver": list(servers.kube_apiserver(FOLDER, 6443, options)),
        "kube-controller-manager": list(servers.kube_controller_manager(FOLDER, options)),
    }


def test_nothing_but_loopback_is_named() -> None:
    told = " ".join(flag for server in flags(Options()).values() for flag in server)
    addresses = re.findall(r"\d+\.\d+\.\d+\.\d+", told)
    assert len(addresses) == 5
    assert all(ipaddress.ip_address(address).is_loopback for address in addresses)


def test_every_file_is_in_the_folder_and_no_two_planes_have_equal_commands() -> None:
    for server in flags(Options()).values():
        files = [flag.partition("=")[2] for flag in server if flag.partition("=")[2].startswith("/")]
        assert files
        assert all(Path(file).is_relative_to(FOLDER) for file in files)


def test_both_of_kubernetes_servers_emulate() -> None:
    plain, emulating = flags(Options()), flags(Options(emulate="1.34"))
    for name, more in (("etcd", []), ("kube-apiserver", ["--emulated-version=kube=1.34"])):
        assert [flag for flag in emulating[name] if flag not in plain[name]] == more
    assert "--emulated-version=kube=1.34" in emulating["kube-controller-manager"]


@pytest.mark.parametrize(
    ("options", "more"),
    [
        (Options(disable=("PodSecurity", "LimitRanger")), ["--disable-admission-plugins=PodSecurity,LimitRanger"]),
        (Options(arguments=("--v=4", "--feature-gates=A=true")), ["--v=4", "--feature-gates=A=true"]),
    ],
)
def test_the_api_server_is_told_what_is_different(options: Options, more: list[str]) -> None:
    plain = flags(Options())
    assert flags(options) == plain | {"kube-apiserver": [*plain["kube-apiserver"], *more]}


@pytest.mark.parametrize(
    ("verb", "user", "group", "resource", "level"),
    [
        ("create", "editor", "", "pods", "Request"),
        ("deletecollection", "system:serviceaccount:kube-system:replicaset-controller", "", "pods", "Request"),
        ("create", "editor", "", "secrets", "Metadata"),
        ("create", "system:kube-controller-manager", "", "serviceaccounts/token", "Metadata"),
        ("get", "editor", "", "secrets", "Metadata"),
        ("list", "viewer", "apps", "deployments", "Metadata"),
        ("list", "system:serviceaccount:kube-system:replicaset-controller", "apps", "replicasets", "None"),
        ("watch", "system:apiserver", "", "pods", "None"),
        ("create", "system:kube-controller-manager", "events.k8s.io", "events", "None"),
        ("create", "system:kube-controller-manager", "", "events", "None"),
        ("update", "system:kube-controller-manager", "coordination.k8s.io", "leases", "None"),
    ],
)
def test_the_audit_log_has_the_body_of_what_changes_something(
    verb: str, user: str, group: str, resource: str, level: str
) -> None:
    groups = ["system:serviceaccounts:kube-system"] if user.startswith("system:serviceaccount:kube-system:") else []

    def holds(rule: dict[str, list[object]]) -> bool:
        resources = rule.get("resources", [{}])
        return (
            "nonResourceURLs" not in rule
            and verb in rule.get("verbs", [verb])
            and user in rule.get("users", [user])
            and ("userGroups" not in rule or any(name in rule["userGroups"] for name in groups))
            and any(
                isinstance(named, dict)
                and ("resources" not in rule or named.get("group", "") == group)
                and resource in named.get("resources", [resource])
                for named in resources
            )
        )

    assert next(rule["level"] for rule in servers.AUDIT_POLICY["rules"] if holds(rule)) == level
