"""What is denied where the default profile is enforced, word for word, at kubectl."""

import json

import pytest
from service import ROOT

from tests.e2e.cluster import BARE, HOST_PID, PRIVILEGED, Cluster, Said, a_pod, a_workload, offence

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

DENIED = 'admission webhook "workloads.gatewright.dev" denied the request: '
CREATING = f'Error from server (Forbidden): error when creating "STDIN": {DENIED}'
ESCALATES = (
    'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must '
    "set securityContext.allowPrivilegeEscalation to false)\n"
)


def runs_privileged(subject: str, at: str) -> str:
    return f"""{subject}: 1 violation, 1 warning [decision ID]
 1. privileged (high): container "app" runs privileged
    at {at}.containers[0].securityContext.privileged = true
    fix: set it to false
Why, and what is allowed: gatewright policies privileged
"""


def test_a_privileged_pod_is_denied(enforcing: Cluster) -> None:
    place = enforcing.namespace("pod")
    told = enforcing.apply(a_pod(place, "web", PRIVILEGED))
    assert told == Said(1, "", ESCALATES + CREATING + runs_privileged("Pod pod/web", "spec"))
    assert enforcing.kubectl("get", "pods", "-n", place) == Said(0, "", "No resources found in pod namespace.\n")


def test_a_deployment_is_denied_where_a_person_is_looking(enforcing: Cluster) -> None:
    place = enforcing.namespace("deployment")
    told = enforcing.apply(a_workload(place, "web", PRIVILEGED))
    denial = runs_privileged("Deployment deployment/web", "spec.template.spec")
    assert told == Said(1, "", ESCALATES + CREATING + denial)


def test_so_is_every_other_workload(enforcing: Cluster) -> None:
    kinds = ("DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "CronJob")
    told = enforcing.apply(*(a_workload("default", "other", HOST_PID, kind) for kind in kinds))
    places = dict.fromkeys(kinds, "spec.template.spec") | {"CronJob": "spec.jobTemplate.spec.template.spec"}
    denials = (CREATING + offence(f"{kind} default/other", at) for kind, at in places.items())
    assert told == Said(1, "", "".join(denials))


def test_the_files_of_the_readme(enforcing: Cluster) -> None:
    enforcing.namespace("shop")
    enforcing.kubectl("create", "serviceaccount", "api", "-n", "shop")
    files = [ROOT / "hack" / "manifests" / f"{name}.yaml" for name in ("denied", "warned", "allowed")]
    assert [enforcing.kubectl("apply", "-f", file) for file in files] == [
        Said(
            1,
            "",
            'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (containers '
            '"api", "proxy" must set securityContext.allowPrivilegeEscalation to false), unrestricted capabilities '
            '(containers "api", "proxy" must drop capability ALL), runAsNonRoot != true (containers "api", "proxy" '
            'must set securityContext.runAsNonRoot to true), seccompProfile (containers "api", "proxy" must set '
            "securityContext.seccompProfile.type to RuntimeDefault or Localhost)\n"
            f'Error from server (Forbidden): error when creating "{files[0]}": {DENIED}Deployment shop/web: '
            """2 violations, 1 warning [decision ID]
 1. host-ports (high): container "api" uses host port 80
    at spec.template.spec.containers[0].ports[0].hostPort = 80
    fix: remove it
 2. privileged (high): containers "api", "proxy" run privileged
    at spec.template.spec.containers[0].securityContext.privileged = true
    at spec.template.spec.containers[1].securityContext.privileged = true
    fix: set it to false
Why, and what is allowed: gatewright policies host-ports
""",
        ),
        Said(
            0,
            "pod/hello created\n",
            'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container '
            '"nginx" must set securityContext.allowPrivilegeEscalation to false), unrestricted capabilities (container '
            '"nginx" must drop capability ALL), runAsNonRoot != true (container "nginx" must set '
            'securityContext.runAsNonRoot to true), seccompProfile (container "nginx" must set '
            "securityContext.seccompProfile.type to RuntimeDefault or Localhost)\n",
        ),
        Said(0, "pod/careful created\n", ""),
    ]


def test_the_decision_in_the_message_is_found_in_the_logs(enforcing: Cluster) -> None:
    place = enforcing.namespace("found")
    item = json.dumps(a_pod(place, "web", HOST_PID))
    told = enforcing.plane.kubectl("create", "-f", "-", input=item).stderr
    line = enforcing.pod.decision(namespace=place, name="web")
    assert f"[decision {line['id']}]" in told
    assert (line["user"], line["kind"], line["operation"]) == ("admin", "Pod", "CREATE")
    assert (line["allowed"], line["dryRun"]) == (False, False)
    assert enforcing.audited(place, "web") == {
        "workloads.gatewright.dev/decision": line["id"],
        "workloads.gatewright.dev/denied": "host-namespaces",
    }


def test_debug_is_judged_by_its_ephemeral_container(enforcing: Cluster) -> None:
    place = enforcing.namespace("debug")
    enforcing.apply(a_pod(place, "web"))
    debug = ("debug", "web", "-n", place, "--image=registry.example/tools:1")
    assert enforcing.kubectl(*debug, "--profile=sysadmin", "--container=probe") == Said(
        1,
        "",
        'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "probe" '
        'must set securityContext.allowPrivilegeEscalation to false), unrestricted capabilities (container "probe" '
        'must drop capability ALL), runAsNonRoot != true (container "probe" must set securityContext.runAsNonRoot to '
        'true), seccompProfile (container "probe" must set securityContext.seccompProfile.type to RuntimeDefault or '
        "Localhost)\n"
        f"Error from server (Forbidden): {DENIED}Pod debug/web (ephemeralcontainers): "
        """1 violation, 1 warning [decision ID]
 1. privileged (high): container "probe" runs privileged
    at spec.ephemeralContainers[0].securityContext.privileged = true
    fix: set it to false
Why, and what is allowed: gatewright policies privileged
""",
    )
    assert enforcing.kubectl(*debug, "--profile=restricted", "--container=careful") == Said(0, "", "")
    assert enforcing.get("pod", "web", place, "{.spec.ephemeralContainers[*].name}") == "careful"


def test_a_generated_name_is_in_the_message(enforcing: Cluster) -> None:
    place = enforcing.namespace("generated")
    item = a_pod(place, "", {**HOST_PID, "metadata.name": None, "metadata.generateName": "job-"})
    assert enforcing.create(item) == Said(1, "", CREATING + offence("Pod generated/job-NAME"))


def test_a_dry_run_has_the_same_words_and_leaves_nothing(enforcing: Cluster) -> None:
    place = enforcing.namespace("dry-run")
    denied, allowed = a_pod(place, "denied", HOST_PID), a_pod(place, "allowed")
    told = enforcing.apply(denied, dry_run=True)
    assert told == Said(1, "", CREATING + offence("Pod dry-run/denied"))
    assert enforcing.apply(allowed, dry_run=True) == Said(0, "pod/allowed created (server dry run)\n", "")
    assert [enforcing.pod.decision(namespace=place, name=name)["dryRun"] for name in ("denied", "allowed")] == [
        True
    ] * 2
    assert enforcing.kubectl("get", "pods", "-n", place) == Said(0, "", "No resources found in dry-run namespace.\n")
    assert enforcing.apply(denied) == told


def test_of_several_documents_the_offender_alone_is_denied(enforcing: Cluster) -> None:
    place = enforcing.namespace("several")
    told = enforcing.apply(a_pod(place, "one"), a_pod(place, "two", HOST_PID), a_workload(place, "three"))
    created = "pod/one created\ndeployment.apps/three created\n"
    assert told == Said(1, created, CREATING + offence("Pod several/two"))


def test_what_latest_means_follows_the_server(enforcing: Cluster) -> None:
    place = enforcing.namespace("latest")
    sysctl = {"spec.securityContext.sysctls": [{"name": "net.ipv4.tcp_slow_start_after_idle", "value": "0"}]}
    unmasked = {"spec.hostUsers": False, "spec.containers[0].securityContext.procMount": "Unmasked"}
    as_root = {"spec.hostUsers": False, "spec.containers[0].securityContext.runAsUser": 0}
    items = [
        a_pod(place, "sysctl", sysctl),
        a_pod(place, "unmasked", unmasked),
        a_pod(place, "root", as_root | {"spec.containers[0].securityContext.runAsNonRoot": None}),
    ]
    old = [
        Said(1, "", f"""{CREATING}Pod latest/sysctl: 1 violation [decision ID]
 1. sysctls (medium): sysctl "net.ipv4.tcp_slow_start_after_idle" is not allowed
    at spec.securityContext.sysctls[0]
    fix: remove it
Why, and what is allowed: gatewright policies sysctls
"""),
        Said(1, "", f"""{CREATING}Pod latest/unmasked: 1 violation [decision ID]
 1. proc-mount (high): container "app" must not set securityContext.procMount to "Unmasked"
    at spec.containers[0].securityContext.procMount = "Unmasked"
    fix: set it to "Default"
Why, and what is allowed: gatewright policies proc-mount
"""),
        Said(
            0,
            "pod/root created\n",
            'Warning: would violate PodSecurity "restricted:latest": runAsNonRoot != true (container "app" must set '
            'securityContext.runAsNonRoot to true), runAsUser=0 (container "app" must not set '
            "securityContext.runAsUser to 0)\n",
        ),
    ]  # fmt: skip
    new = [
        Said(0, "pod/sysctl created\n", ""),
        Said(
            0,
            "pod/unmasked created\n",
            'Warning: would violate PodSecurity "restricted:latest": procMount (container "app" must not set '
            'securityContext.procMount to "Unmasked")\n',
        ),
        Said(0, "pod/root created\n", ""),
    ]
    assert [enforcing.apply(item) for item in items] == (old if enforcing.plane.emulate else new)


def test_a_bare_pod_is_warned_of(enforcing: Cluster) -> None:
    place = enforcing.namespace("bare")
    told = enforcing.apply(a_pod(place, "web", BARE))
    assert told == Said(
        0,
        "pod/web created\n",
        'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" '
        'must set securityContext.allowPrivilegeEscalation to false), unrestricted capabilities (container "app" must '
        'drop capability ALL), runAsNonRoot != true (container "app" must set securityContext.runAsNonRoot to true), '
        'seccompProfile (container "app" must set securityContext.seccompProfile.type to RuntimeDefault or '
        "Localhost)\n",
    )
    decision = enforcing.pod.decision(namespace=place, name="web")["id"]
    assert enforcing.audited(place, "web") == {"workloads.gatewright.dev/decision": decision}
