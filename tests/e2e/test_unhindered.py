"""What goes on where something is enforced: old offenders, rollouts, scaling, deletion, and what is not our concern."""

import json

import pytest
from service import until

from tests.e2e.cluster import HOST_PID, Cluster, Said, a_pod, a_workload, offence

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

DENIED = 'admission webhook "workloads.gatewright.dev" denied the request: '
REPLICA_SETS = '{range .items[*]}{.spec.replicas} of hostPID={.spec.template.spec.hostPID}{"\\n"}{end}'


def test_exec_is_asked_about_and_goes_on(enforcing: Cluster) -> None:
    place = enforcing.namespace("exec")
    enforcing.apply(a_pod(place, "web"))
    no_kubelet = "error: unable to upgrade connection: pod web does not have a host assigned\n"
    assert enforcing.kubectl("exec", "web", "-n", place, "--", "id") == Said(1, "", no_kubelet)
    enforcing.apply(a_pod(place, "last"))
    enforcing.pod.decision(namespace=place, name="last")
    seen = enforcing.pod.decisions(namespace=place, kind="Pod", operation="CREATE")
    assert [(line["operation"], line["name"]) for line in seen] == [("CREATE", "web"), ("CREATE", "last")]
    asked = enforcing.pod.decisions(operation="CONNECT", namespace=place)
    assert asked
    assert all(line["allowed"] and line["findings"] == [] for line in asked)


def test_an_old_offender_may_be_relabelled_and_resized_but_runs_no_other_image(enforcing: Cluster) -> None:
    place = enforcing.namespace("offender", "privileged")
    requests = {"spec.containers[0].resources": {"requests": {"cpu": "1"}}}
    enforcing.apply(a_pod(place, "web", {**HOST_PID, **requests}))
    enforcing.tighten(place, "baseline")
    container = {"name": "app", "resources": {"requests": {"cpu": "2"}}}
    patch = json.dumps({"spec": {"containers": [container]}})
    web = ("web", "-n", place)
    assert enforcing.kubectl("label", "pod", *web, "team=a") == Said(0, "pod/web labeled\n", "")
    assert enforcing.kubectl("annotate", "pod", *web, "team=a") == Said(0, "pod/web annotated\n", "")
    resized = enforcing.kubectl("patch", "pod", *web, "--subresource=resize", "-p", patch)
    assert resized == Said(0, "pod/web patched\n", "")
    assert enforcing.pod.decision(namespace=place, subresource="resize")["findings"] == []
    failed = "error: failed to patch image update to pod template: "
    told = enforcing.kubectl("set", "image", "pod/web", "-n", place, "app=registry.example/app:2")
    assert told == Said(1, "", failed + DENIED + offence("Pod offender/web"))


def test_a_resize_of_what_is_allowed_is_seen(enforcing: Cluster) -> None:
    place = enforcing.namespace("resize")
    enforcing.apply(a_pod(place, "web", {"spec.containers[0].resources": {"requests": {"cpu": "1"}}}))
    patch = json.dumps({"spec": {"containers": [{"name": "app", "resources": {"requests": {"cpu": "2"}}}]}})
    told = enforcing.kubectl("patch", "pod", "web", "-n", place, "--subresource=resize", "-p", patch)
    assert told == Said(0, "pod/web patched\n", "")
    assert enforcing.pod.decision(namespace=place, subresource="resize")["allowed"] is True


def test_deletion_is_never_in_our_way(enforcing: Cluster) -> None:
    place = enforcing.namespace("deletes", "privileged")
    finalizer = {"metadata.finalizers": ["example.org/kept"]}
    enforcing.apply(a_pod(place, "a", HOST_PID), a_pod(place, "b"), a_pod(place, "c", {**HOST_PID, **finalizer}))
    enforcing.tighten(place, "baseline")
    deleted = "".join(f'pod "{name}" deleted from deletes namespace\n' for name in "abc")
    assert enforcing.kubectl("delete", "pods", "--all", "-n", place, "--wait=false") == Said(0, deleted, "")
    kept = enforcing.kubectl("get", "pods", "-n", place, "-o", "name")
    assert kept == Said(0, "pod/c\n", "")
    let_go = enforcing.kubectl("patch", "pod", "c", "-n", place, "-p", '{"metadata": {"finalizers": null}}')
    assert let_go == Said(0, "pod/c patched\n", "")
    assert enforcing.kubectl("get", "pods", "-n", place, "-o", "name") == Said(0, "", "")


def test_nor_is_that_of_a_collection(enforcing: Cluster) -> None:
    place = enforcing.namespace("collection", "privileged")
    enforcing.apply(*(a_pod(place, name, HOST_PID) for name in ("a", "b")), a_pod(place, "c"))
    enforcing.tighten(place, "baseline")
    path = f"/api/v1/namespaces/{place}/pods"
    told = enforcing.kubectl("delete", "--raw", path)
    listed = json.loads(told.out)
    assert (told.code, told.err, told.out.count("\n")) == (0, "", told.out.endswith("\n"))
    assert (listed["kind"], [item["metadata"]["name"] for item in listed["items"]]) == ("PodList", ["a", "b", "c"])
    assert enforcing.kubectl("get", "pods", "-n", place) == Said(0, "", "No resources found in collection namespace.\n")
    events = [event for event in enforcing.plane.audit_events() if event["requestURI"] == path]
    assert [(one["verb"], one["user"]["username"], one["responseStatus"]["code"]) for one in events] == [
        ("deletecollection", "admin", 200)
    ]
    assert [key for key in events[0]["annotations"] if "gatewright" in key] == []


def test_a_rollout_of_a_good_template_replaces_a_bad_one(enforcing: Cluster) -> None:
    place = enforcing.namespace("rollout", "privileged")
    enforcing.apply(a_workload(place, "web", HOST_PID))
    enforcing.run_pods(place)
    enforcing.tighten(place, "baseline")
    web = ("deployment", "web", "-n", place)
    assert enforcing.kubectl("label", *web, "team=a") == Said(0, "deployment.apps/web labeled\n", "")
    denial = offence("Deployment rollout/web", "spec.template.spec")
    image = enforcing.kubectl("set", "image", "deployment/web", "-n", place, "app=registry.example/app:2")
    assert image == Said(1, "", f"error: failed to patch image update to pod template: {DENIED}{denial}")
    restart = enforcing.kubectl("rollout", "restart", *web)
    assert restart == Said(1, "", f"error: failed to patch: {DENIED}{denial}")
    good = enforcing.apply(a_workload(place, "web", {"spec.containers[0].image": "registry.example/app:2"}))
    assert good == Said(0, "deployment.apps/web configured\n", "")
    enforcing.run_pods(place)
    ready = "jsonpath={.status.conditions[?(@.type=='Progressing')].reason}"
    until(lambda: enforcing.kubectl("get", *web, "-o", ready).out == "NewReplicaSetAvailable")
    rolled = enforcing.kubectl("rollout", "status", *web, "--timeout=30s")
    assert rolled == Said(0, 'deployment "web" successfully rolled out\n', "")
    sets = enforcing.plane.kubectl("get", "replicasets", "-n", place, "-o", f"jsonpath={REPLICA_SETS}").stdout
    assert sorted(sets.splitlines()) == ["0 of hostPID=true", "1 of hostPID="]
    lines = enforcing.pod.decisions(namespace=place, kind="ReplicaSet.apps", operation="UPDATE")
    assert {line["user"] for line in lines} == {"system:serviceaccount:kube-system:deployment-controller"}
    assert all(line["findings"] == [] for line in lines)


def test_a_bad_template_does_not_replace_a_good_one(enforcing: Cluster) -> None:
    place = enforcing.namespace("worse")
    enforcing.apply(a_workload(place, "web"))
    told = enforcing.apply(a_workload(place, "web", HOST_PID))
    assert (told.code, told.out) == (1, "")
    assert told.err.endswith('for: "STDIN": error when patching "STDIN": ' + DENIED + offence(
        "Deployment worse/web", "spec.template.spec"
    ))  # fmt: skip
    assert enforcing.get("deployment", "web", place, "{.spec.template.spec.hostPID}") == ""


def test_an_old_offender_is_scaled_down_but_gets_no_more_pods(enforcing: Cluster) -> None:
    place = enforcing.namespace("scale", "privileged")
    enforcing.apply(a_workload(place, "web", HOST_PID))
    enforcing.run_pods(place)
    enforcing.tighten(place, "baseline")
    scale = ("scale", "deployment", "web", "-n", place)
    assert enforcing.kubectl(*scale, "--replicas=3") == Said(0, "deployment.apps/web scaled\n", "")
    failed = ("get", "events", "-n", place, "--field-selector=reason=FailedCreate", "-o")
    told = until(lambda: enforcing.kubectl(*failed, "jsonpath={.items[0].message}").out)
    assert told == f"Error creating: {DENIED}{offence('Pod scale/web-NAME').removesuffix(chr(10))}"
    assert enforcing.kubectl(*scale, "--replicas=0") == Said(0, "deployment.apps/web scaled\n", "")
    until(lambda: enforcing.kubectl("get", "pods", "-n", place).err == "No resources found in scale namespace.\n")
    lines = enforcing.pod.decisions(namespace=place, kind="ReplicaSet.apps", operation="UPDATE")
    assert [line["findings"] for line in lines] == [[]] * len(lines) != []
    assert enforcing.pod.decisions(namespace=place, kind="Scale.autoscaling") == []
