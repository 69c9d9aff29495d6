"""Namespaces and what decides who may do what: labels that mean nothing, that tighten, that would exempt themselves."""

import json
import time
from typing import Any

import pytest
from service import until

from tests.builders import PREFIX, namespace
from tests.e2e.cluster import BARE, HOST_PID, Cluster, Said, a_pod, offence, said

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

FORBIDDEN = "Error from server (Forbidden): "
REFUSED = 'admission webhook "access.gatewright.dev" denied the request: '
CREATING = 'Error from server (Forbidden): error when creating "STDIN": '
DENIED = f'{CREATING}admission webhook "workloads.gatewright.dev" denied the request: '
LEVELS = "must be one of privileged, baseline, restricted"
WHY = "Why, and what is allowed: gatewright policies pod-security-labels\n"


def bypass(cluster: Cluster, name: str, way: str, labels: dict[str, str]) -> Said:
    """What kubectl says as labels are given to a namespace with one of its subresources."""
    item = json.loads(cluster.plane.kubectl("get", "namespace", name, "-o", "json", check=True).stdout)
    item["metadata"]["labels"] |= labels
    return said(cluster.plane, "replace", f"--raw=/api/v1/namespaces/{name}/{way}", "-f", "-", objects=(item,))


def test_labels_that_mean_nothing_are_denied_on_create(enforcing: Cluster) -> None:
    told = enforcing.apply(namespace("misspelt", enforce="Restricted", warn_version="1.30"))
    assert told == Said(1, "", f"""{CREATING}{REFUSED}Namespace misspelt: 2 violations [decision ID]
 1. pod-security-labels (medium): Invalid value: "Restricted": {LEVELS}
    at metadata.labels[{PREFIX}enforce]
    fix: set it to "restricted"
 2. pod-security-labels (medium): Invalid value: "1.30": must be "latest" or "v1.x"
    at metadata.labels[{PREFIX}warn-version]
    fix: set it to "v1.30"
{WHY}""")  # fmt: skip
    gone = 'Error from server (NotFound): namespaces "misspelt" not found\n'
    assert enforcing.kubectl("get", "namespace", "misspelt") == Said(1, "", gone)


def test_and_on_update(enforcing: Cluster) -> None:
    place = enforcing.namespace("relabelled")
    label = ("label", "namespace", place)
    told = enforcing.kubectl(*label, f"{PREFIX}enforce=strict")
    assert told == Said(1, "", f"""{FORBIDDEN}{REFUSED}Namespace relabelled: 1 violation [decision ID]
 1. pod-security-labels (medium): Invalid value: "strict": {LEVELS}
    at metadata.labels[{PREFIX}enforce]
{WHY}""")  # fmt: skip
    assert enforcing.kubectl(*label, f"{PREFIX}enforce=baseline") == Said(0, "namespace/relabelled labeled\n", "")


def test_tighter_labels_tell_of_the_pods_that_are_there(enforcing: Cluster) -> None:
    place = enforcing.namespace("tighter", "privileged")
    bad = [a_pod(place, name, HOST_PID) for name in ("bad-1", "bad-2", "bad-3")]
    enforcing.apply(*bad, a_pod(place, "bare-1", BARE), a_pod(place, "bare-2", BARE), a_pod(place, "good"))
    violated = 'Warning: existing pods in namespace "tighter" violate the new PodSecurity enforce level'
    baseline = f'{violated} "baseline:latest"\nWarning: bad-1 (and 2 other pods): host namespaces\n'
    label = ("label", "namespace", place, "--overwrite")
    dry = enforcing.kubectl(*label, f"{PREFIX}enforce=baseline", "--dry-run=server")
    assert dry == Said(0, "namespace/tighter labeled (server dry run)\n", baseline)
    labelled = "namespace/tighter labeled\n"
    assert enforcing.kubectl(*label, f"{PREFIX}enforce=baseline") == Said(0, labelled, baseline)
    restricted = (
        f'{violated} "restricted:latest"\nWarning: bad-1 (and 2 other pods): host namespaces\n'
        "Warning: bare-1 (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities, "
        "runAsNonRoot != true, seccompProfile\n"
    )
    assert enforcing.kubectl(*label, f"{PREFIX}enforce=restricted") == Said(0, labelled, restricted)
    assert enforcing.kubectl(*label, f"{PREFIX}enforce=baseline") == Said(0, labelled, "")
    assert enforcing.kubectl("label", "namespace", place, "team=a") == Said(0, labelled, "")


def test_labels_that_change_count_within_about_a_second(enforcing: Cluster) -> None:
    place = enforcing.namespace("changing")
    denied, created = Said(1, "", DENIED + offence("Pod changing/web")), "pod/web created (server dry run)\n"
    label = ("label", "namespace", place, "--overwrite")
    item = a_pod(place, "web", HOST_PID)
    assert enforcing.apply(item, dry_run=True) == denied
    for level, expected in (("privileged", Said(0, created, "")), ("baseline", denied)):
        enforcing.kubectl(*label, f"{PREFIX}enforce={level}")
        changed = time.monotonic()
        while enforcing.apply(item, dry_run=True) != expected:
            assert time.monotonic() - changed < 2.5  # a second, and kubectl twice on a busy machine


def test_a_namespace_cannot_exempt_itself_by_its_labels(enforcing: Cluster) -> None:
    place = enforcing.namespace("tenant")
    name = "kubernetes.io/metadata.name"
    tempting = ("control-plane=true", "gatewright.dev/ignore=true", "app.kubernetes.io/part-of=gatewright")
    told = enforcing.kubectl("label", "namespace", place, "--overwrite", f"{name}=kube-system", *tempting)
    assert told == Said(0, "namespace/tenant labeled\n", "")
    assert enforcing.get("namespace", place, place, f"{{.metadata.labels.{name.replace('.', chr(92) + '.')}}}") == place
    labels = {"metadata.labels": {"app.kubernetes.io/part-of": "gatewright", "gatewright.dev/ignore": "true"}}
    denied = Said(1, "", DENIED + offence("Pod tenant/web"))
    assert enforcing.apply(a_pod(place, "web", {**HOST_PID, **labels})) == denied
    born = namespace("born-exempt")
    born["metadata"]["labels"] = {name: "kube-system"}
    assert enforcing.apply(born) == Said(0, "namespace/born-exempt created\n", "")
    until(lambda: enforcing.kubectl("get", "serviceaccount", "default", "-n", "born-exempt").code == 0)
    denied = Said(1, "", DENIED + offence("Pod born-exempt/web"))
    assert enforcing.apply(a_pod("born-exempt", "web", HOST_PID)) == denied


def test_the_pods_of_kube_system_do_not_reach_us_but_its_rights_do(enforcing: Cluster) -> None:
    place = "kube-system"
    until(lambda: enforcing.kubectl("get", "serviceaccount", "default", "-n", place).code == 0)
    in_it = ("-n", place)
    grant = enforcing.kubectl("create", "rolebinding", "grab", "--clusterrole=cluster-admin", "--user=mallory", *in_it)
    assert grant == Said(0, "rolebinding.rbac.authorization.k8s.io/grab created\n", "")
    role = enforcing.kubectl("create", "role", "all", "--verb=*", "--resource=secrets", *in_it)
    assert role == Said(0, "role.rbac.authorization.k8s.io/all created\n", "")
    account = enforcing.kubectl("create", "serviceaccount", "spare", *in_it)
    assert account == Said(0, "serviceaccount/spare created\n", "")
    told = enforcing.kubectl("label", "namespace", place, f"{PREFIX}enforce=lax")
    assert told == Said(1, "", f"""{FORBIDDEN}{REFUSED}Namespace kube-system: 1 violation [decision ID]
 1. pod-security-labels (medium): Invalid value: "lax": {LEVELS}
    at metadata.labels[{PREFIX}enforce]
{WHY}""")  # fmt: skip
    assert enforcing.apply(a_pod(place, "agent", HOST_PID)) == Said(0, "pod/agent created\n", "")
    enforcing.kubectl("delete", "pod", "agent", *in_it)

    def here() -> list[dict[str, Any]]:
        lines = enforcing.pod.decisions(namespace=place, user="admin", dryRun=False)
        return [line for line in lines if "subresource" not in line]

    seen = until(lambda: [line for line in here() if line["kind"] == "Namespace"]) and here()
    assert [(line["kind"], line["operation"], line["name"], line["allowed"]) for line in seen] == [
        ("RoleBinding.rbac.authorization.k8s.io", "CREATE", "grab", True),
        ("Role.rbac.authorization.k8s.io", "CREATE", "all", True),
        ("ServiceAccount", "CREATE", "spare", True),
        ("Namespace", "UPDATE", place, False),
    ]
    assert enforcing.audited(place, "agent") == {}


@pytest.mark.parametrize("place", ["aside", "kube-system"])
@pytest.mark.parametrize("way", ["status", "finalize"])
def test_labels_that_come_with_a_subresource_are_judged_as_well(enforcing: Cluster, place: str, way: str) -> None:
    name = place if place == "kube-system" else enforcing.namespace(f"{place}-{way}")
    told = bypass(enforcing, name, way, {f"{PREFIX}enforce": "bogus"})
    assert told == Said(1, "", f"""{FORBIDDEN}{REFUSED}Namespace {name} ({way}): 1 violation [decision ID]
 1. pod-security-labels (medium): Invalid value: "bogus": {LEVELS}
    at metadata.labels[{PREFIX}enforce]
{WHY}""")  # fmt: skip
    assert enforcing.get("namespace", name, name, "{.metadata.labels}") == f'{{"kubernetes.io/metadata.name":"{name}"}}'


@pytest.mark.parametrize("way", ["status", "finalize"])
def test_pods_that_are_there_are_told_of_by_either_way(enforcing: Cluster, way: str) -> None:
    place = enforcing.namespace(f"told-{way}", "privileged")
    enforcing.apply(a_pod(place, "bad", HOST_PID))
    told = bypass(enforcing, place, way, {f"{PREFIX}enforce": "baseline"})
    assert (told.code, json.loads(told.out)["metadata"]["labels"][f"{PREFIX}enforce"]) == (0, "baseline")
    assert told.err == (
        f'Warning: existing pods in namespace "{place}" violate the new PodSecurity enforce level "baseline:latest"\n'
        "Warning: bad: host namespaces\n"
    )


def test_a_namespace_that_goes_away_is_in_nobodys_way(enforcing: Cluster) -> None:
    """Its status and its finalizers change, and what they do not change is not asked about."""
    place = enforcing.namespace("leaving", "baseline")
    deleted = enforcing.kubectl("delete", "namespace", place)
    assert deleted == Said(0, 'namespace "leaving" deleted\n', "")
    enforcing.namespace("left")
    enforcing.pod.decision(namespace="left", kind="Namespace")
    seen = enforcing.pod.decisions(namespace=place, kind="Namespace")
    assert [(line["operation"], line.get("subresource")) for line in seen] == [("CREATE", None)]


def test_rights_everywhere_reach_us_too(enforcing: Cluster) -> None:
    enforcing.kubectl("create", "clusterrole", "e2e-all", "--verb=*", "--resource=*.*")
    enforcing.kubectl("create", "clusterrolebinding", "e2e-all", "--clusterrole=e2e-all", "--user=mallory")
    role, binding = (f"{kind}.rbac.authorization.k8s.io" for kind in ("ClusterRole", "ClusterRoleBinding"))
    assert enforcing.pod.decision(kind=role, name="e2e-all", user="admin")["operation"] == "CREATE"
    assert enforcing.pod.decision(kind=binding, name="e2e-all", user="admin")["operation"] == "CREATE"
