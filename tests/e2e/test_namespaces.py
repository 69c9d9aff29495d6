"""Namespaces and what decides who may do what: labels that mean nothing, that tighten, that would exempt themselves."""

import time

import pytest
from service import until

from tests.builders import PREFIX, namespace
from tests.e2e.cluster import BARE, HOST_PID, Cluster, Said, a_pod, offence

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

FORBIDDEN = "Error from server (Forbidden): "
REFUSED = 'admission webhook "access.gatewright.dev" denied the request: '
CREATING = 'Error from server (Forbidden): error when creating "STDIN": '
DENIED = f'{CREATING}admission webhook "workloads.gatewright.dev" denied the request: '
LEVELS = "must be one of privileged, baseline, restricted"
WHY = "Why, and what is allowed: gatewright policies pod-security-labels\n"


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
    enforcing.pod.decision(namespace=place, kind="Namespace")
    seen = enforcing.pod.decisions(namespace=place, user="admin", dryRun=False)
    assert [(line["kind"], line["operation"], line["name"], line["allowed"]) for line in seen] == [
        ("RoleBinding.rbac.authorization.k8s.io", "CREATE", "grab", True),
        ("Role.rbac.authorization.k8s.io", "CREATE", "all", True),
        ("ServiceAccount", "CREATE", "spare", True),
        ("Namespace", "UPDATE", place, False),
    ]
    assert enforcing.audited(place, "agent") == {}


def test_rights_everywhere_reach_us_too(enforcing: Cluster) -> None:
    enforcing.kubectl("create", "clusterrole", "e2e-all", "--verb=*", "--resource=*.*")
    enforcing.kubectl("create", "clusterrolebinding", "e2e-all", "--clusterrole=e2e-all", "--user=mallory")
    role, binding = (f"{kind}.rbac.authorization.k8s.io" for kind in ("ClusterRole", "ClusterRoleBinding"))
    assert enforcing.pod.decision(kind=role, name="e2e-all", user="admin")["operation"] == "CREATE"
    assert enforcing.pod.decision(kind=binding, name="e2e-all", user="admin")["operation"] == "CREATE"
