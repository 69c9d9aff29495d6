"""What our service answers to a real API server: no answer counts as a failed call, and none says what gets lost.

A denial has 403, all that is wrong in its order, and a cause for each violation. Warnings are of one line, fewer than
4,096 characters together, and say how many they leave out. Keys of annotations are names. What is too deep to be read
is denied in so many words, what is merely large is judged, exec and attach are denied or annotated, never warned of.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from controlplane import ControlPlane
from service import until

from tests.e2e.cluster import HOST_PID, Cluster, Said, a_pod, offence
from tests.e2e.contract import policies
from tests.e2e.contract.offender import CAUSES, RESTRICTED, VIOLATIONS, WRONG
from tests.e2e.contract.registration import events, notes_of
from tests.e2e.contract.service import REST, WORKLOADS, config_map, ours, send

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

FORBIDDEN = "Error from server (Forbidden): "
DENIED = f'admission webhook "{WORKLOADS}" denied the request: '
REST_DENIED = f'admission webhook "{REST}" denied the request: '
CREATING = f'{FORBIDDEN}error when creating "STDIN": {DENIED}'
WHY = "Why, and what is allowed: gatewright policies "
UPGRADING = "error: unable to upgrade connection: "

FAILED = re.compile(r"^apiserver_admission_webhook_(?:fail_open|rejection_count\{error_type=\"calling).*", re.MULTILINE)
"""The API server's metrics of calls that failed: without one they are not there."""

DEPTH = 9990
"""Of an object, nearly what the API server itself still passes on."""

RECORDED = (
    "All commands and output from this session will be recorded in container logs, including credentials and sensitive "
    "information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n"
)
"""What kubectl says itself before it attaches."""


@pytest.fixture(name="plane", scope="module")
def _plane() -> Iterator[ControlPlane]:
    with ControlPlane(disable=["PodSecurity"]) as plane:
        yield plane


@pytest.fixture(name="registered", scope="module")
def _registered(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with ours(plane, tmp_path_factory.mktemp("ours")) as cluster:
        yield cluster


@pytest.fixture(name="cluster")
def _cluster(registered: Cluster) -> Iterator[Cluster]:
    """Whatever is asked, no call fails."""
    yield registered
    assert FAILED.findall(registered.plane.kubectl("get", "--raw", "/metrics", check=True).stdout) == []


def test_a_warning_is_one_line_and_arrives(cluster: Cluster) -> None:
    place = cluster.namespace("warned")
    long = "x" * 200
    told = cluster.create(config_map(place, "web", note=f"two\nlines, a\ttab, \x1b[31mred, \u202eturned {long}"))
    note = rf"two\u000alines, a\u0009tab, \u001b[31mred, \u202eturned {long}"
    assert told == Said(0, "configmap/web created\n", f"Warning: notes: {note} (at data.note)\n")


def test_what_would_be_too_long_is_counted(cluster: Cluster) -> None:
    place = cluster.namespace("long")
    told = cluster.create(config_map(place, "web", aside="a" * 5000, note="n" * 5000, remark="r" * 5000))
    more = ": gatewright scan FILE lists them all"
    warned = (f"asides: {'a' * 1991}…", f"notes: {'n' * 1992}…", f"+1 more warning{more}")
    assert told == Said(0, "configmap/web created\n", "".join(f"Warning: {line}\n" for line in warned))
    ports = [{"containerPort": number, "hostPort": number} for number in range(101, 161)]
    told = cluster.create(a_pod(place, "web", {"spec.containers[0].ports": ports}))
    listed = (
        f"""{index + 1:>2}. host-ports (high): container "app" uses host port {101 + index}
    at spec.containers[0].ports[{index}].hostPort = {101 + index}
    fix: remove it
"""
        for index in range(11)
    )
    head = "Pod long/web: 60 violations [decision ID]\n"
    assert told == Said(1, "", f"{CREATING}{head}{''.join(listed)}+49 more{more}\n{WHY}host-ports\n")


def test_a_denial_has_all_that_is_wrong_in_order(cluster: Cluster) -> None:
    place = cluster.namespace("wrong")
    told = cluster.create(a_pod(place, "offender", WRONG))
    assert told == Said(1, "", f"{RESTRICTED}{CREATING}{VIOLATIONS}{WHY}host-ports\n")
    [event] = events(cluster.plane, "create", place, "offender")
    answer = event["responseStatus"]
    causes = answer["details"].pop("causes")
    assert (answer["code"], answer["reason"], answer["details"]) == (
        403,
        "Forbidden",
        {"name": "offender", "kind": "Pod"},
    )
    assert [(cause["reason"], cause["field"], cause["message"]) for cause in causes] == CAUSES


def test_a_dry_run_is_denied_in_the_same_words_and_leaves_nothing(cluster: Cluster) -> None:
    place = cluster.namespace("dry")
    dry, wet = (cluster.apply(a_pod(place, "web", HOST_PID), dry_run=is_dry) for is_dry in (True, False))
    assert dry == wet == Said(1, "", CREATING + offence("Pod dry/web"))
    assert cluster.kubectl("get", "pods", "-n", place) == Said(0, "", "No resources found in dry namespace.\n")


def test_only_findings_are_annotated_and_under_names(cluster: Cluster) -> None:
    place = cluster.namespace("annotated")
    told = cluster.create(a_pod(place, "clean"), config_map(place, "audited", audited="two\nlines"))
    assert told == Said(0, "pod/clean created\nconfigmap/audited created\n", "")
    [clean], [found] = (events(cluster.plane, "create", place, name) for name in ("clean", "audited"))
    decision = cluster.pod.decision(namespace=place, name="audited")["id"]
    key = policies.LONG.replace("_", "-")[:63]
    assert notes_of(clean) == {}
    assert notes_of(found) == {f"{REST}/decision": decision, f"{REST}/{key}": r"two\u000alines (at data.audited)"}


def test_a_configuration_that_is_none_changes_no_answer(cluster: Cluster) -> None:
    place = cluster.namespace("configured")
    file = cluster.pod.folder / "gatewright.yaml"
    text = file.read_text()
    file.write_text(f"{text}overides: []\n")
    try:
        refused = "configuration refused, the last one stays"
        [line] = until(lambda: [line for line in cluster.pod.lines if line["msg"] == refused])
        told = cluster.create(a_pod(place, "web", HOST_PID))
    finally:
        file.write_text(text)
    last = text.count("\n") + 1
    assert line["errors"] == [f"{file}:{last}: overides: unknown key; did you mean overrides?"]
    assert told == Said(1, "", CREATING + offence("Pod configured/web"))


def test_what_is_large_is_judged(cluster: Cluster, tmp_path: Path) -> None:
    """The API server takes 3 MiB, and makes 17 MB of them: JSON, as Go writes it, has six bytes for `<`."""
    place = cluster.namespace("large")
    args = {"spec.containers[0].args": ["<" * 2_900_000]}
    path = f"/api/v1/namespaces/{place}/pods"
    good, bad = (json.dumps(a_pod(place, "web", {**args, **more})) for more in ({}, HOST_PID))
    created = send(cluster, tmp_path / "good", path, good)
    assert (created.code, created.err) == (0, "")
    assert json.loads(created.out)["spec"]["containers"][0]["args"] == args["spec.containers[0].args"]
    assert cluster.pod.decision(namespace=place, name="web")["allowed"] is True
    refused = Said(1, "", f"{FORBIDDEN}{DENIED}{offence('Pod large/web')}")
    assert send(cluster, tmp_path / "bad", path, bad) == refused


def test_what_is_too_deep_to_be_read_is_denied(cluster: Cluster, tmp_path: Path) -> None:
    """How deep that is depends on Python; what it can read, it judges."""
    place = cluster.namespace("deep")
    deep = '{"a":' * DEPTH + "1" + "}" * DEPTH
    head = '"apiVersion": "contract.example/v1", "kind": "Nest", "metadata": {"name": "nest"}'
    item = f'{{{head}, "spec": {{"told": "it is bad", "deep": {deep}}}}}'
    told = send(cluster, tmp_path / "deep", f"/apis/contract.example/v1/namespaces/{place}/nests", item)
    unread = " 1. GW006: gatewright could not decide (the review is nested too deeply)\n"
    judged = f" 1. nests (low): it is bad\n    at spec.told\n{WHY}nests\n"
    assert told in (
        Said(1, "", f"{FORBIDDEN}{REST_DENIED}AdmissionReview UID: 1 not decided [decision ID]\n{unread}"),
        Said(1, "", f"{FORBIDDEN}{REST_DENIED}Nest deep/nest: 1 violation [decision ID]\n{judged}"),
    )


def test_exec_and_attach_are_denied_or_annotated_and_never_warned_of(cluster: Cluster) -> None:
    place = cluster.namespace("connected")
    cluster.create(a_pod(place, "guarded"), a_pod(place, "watched"))
    no_kubelet = f"{UPGRADING}pod watched does not have a host assigned\n"
    for verb, kind, before in (("exec", "PodExecOptions", ""), ("attach", "PodAttachOptions", RECORDED)):
        command = ["--", "id"] if verb == "exec" else []
        guarded, watched = (cluster.kubectl(verb, name, "-n", place, *command) for name in ("guarded", "watched"))
        denial = f"{kind} connected/guarded ({verb}): 1 violation [decision ID]\n 1. guards (low): {verb} is watched\n"
        assert guarded == Said(1, "", f"{before}{UPGRADING}{REST_DENIED}{denial}{WHY}guards\n")
        assert watched == Said(1, "", before + no_kubelet)
        [event] = events(cluster.plane, "get", place, "watched", verb)
        assert notes_of(event).keys() == {f"{REST}/decision", f"{REST}/watches"}
        assert notes_of(event)[f"{REST}/watches"] == f"{verb} is watched"


def test_what_is_deleted_is_judged_as_it_was(cluster: Cluster) -> None:
    place = cluster.namespace("deleted")
    cluster.create(config_map(place, "kept", keep="it is to be kept"), config_map(place, "web"))
    finding = f" 1. keeps (low): it is to be kept\n    at data.keep\n{WHY}keeps\n"
    refused = f"{FORBIDDEN}{REST_DENIED}ConfigMap deleted/kept: 1 violation [decision ID]\n{finding}"
    told = cluster.kubectl("delete", "configmap", "kept", "web", "-n", place)
    assert told == Said(1, 'configmap "web" deleted from deleted namespace\n', refused)
    collection = f"/api/v1/namespaces/{place}/configmaps"
    assert cluster.kubectl("delete", "--raw", collection) == Said(1, "", refused)
    denied = until(lambda: cluster.pod.decisions(operation="DELETE", namespace=place, allowed=False)[1:])
    assert [line["name"] for line in denied] == [""]
