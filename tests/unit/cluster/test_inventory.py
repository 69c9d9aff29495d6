"""What a scan of a live cluster reads, judges and tells."""

from typing import Any

import pytest

from gatewright.cluster.api import Forbidden, NoPath
from gatewright.cluster.inventory import Inventory, cluster_of, take, without_repeated
from gatewright.engine.decision import Decision, Finding, Mode
from gatewright.engine.documents import Document
from gatewright.engine.scan import Scanned, creation_of
from gatewright.policy import Severity
from tests.builders import Object, namespace, pod
from tests.unit.cluster.apis import Api

PODS, SHOP_PODS, NAMESPACES = "/api/v1/pods", "/api/v1/namespaces/shop/pods", "/api/v1/namespaces"


def listed(kind: str, *items: Object, following: str = "") -> Object:
    """A list as an API server writes it: its items do not say what they are."""
    bare = [{key: value for key, value in item.items() if key not in ("apiVersion", "kind")} for item in items]
    return {"kind": f"{kind}List", "metadata": {"continue": following}, "items": bare}


def named(inventory: Inventory) -> list[tuple[str, str, str]]:
    """Kind, apiVersion and name of what is judged."""
    values = [document.value for document in inventory.documents]
    return [(value["kind"], value["apiVersion"], value["metadata"]["name"]) for value in values]


def test_all_objects_of_a_kind_are_read_by_pages() -> None:
    first, second = (
        pod({"metadata.name": "a", "metadata.managedFields": [{"manager": "m"}]}),
        pod({"metadata.name": "b"}),
    )
    api = Api({PODS: listed("Pod", first, following="x"), f"{PODS}?continue=x": listed("Pod", second)})
    inventory = take(api, ["Pod"], {"Pod"}, set())
    assert named(inventory) == [("Pod", "v1", "a"), ("Pod", "v1", "b")]
    assert [document.source for document in inventory.documents] == ["cluster", "cluster"]
    assert [document.line_of(("spec",)) for document in inventory.documents] == [1, 1]
    assert "managedFields" not in inventory.documents[0].value["metadata"]
    assert (inventory.errors, inventory.unread) == ([], {})
    assert api.calls == [("get", PODS, {"limit": 500}), ("get", PODS, {"limit": 500, "continue": "x"})]
    assert api.timeouts == [30.0, 30.0]


def test_what_is_only_read_is_known_and_not_judged() -> None:
    inventory = take(Api({NAMESPACES: listed("Namespace", namespace())}), ["Namespace"], set(), {"Namespace"})
    assert named(inventory) == []
    assert [item["metadata"]["name"] for item in inventory.objects] == ["shop"]


def test_what_may_not_be_read_is_an_error_and_not_known() -> None:
    api = Api({PODS: Forbidden(f"GET {PODS}: 403"), NAMESPACES: {"kind": "Status", "items": 5}})
    inventory = take(api, ["Namespace", "Pod"], {"Pod", "Namespace"}, set())
    wrong = "items must be a list, not an integer"
    assert inventory.unread == {"Namespace": wrong, "Pod": f"GET {PODS}: 403"}
    assert [str(error) for error in inventory.errors] == [f"cluster: {wrong}", f"cluster: GET {PODS}: 403"]


@pytest.mark.parametrize("answer", [{"kind": "Status"}, {"kind": "PodList", "items": [5]}])
def test_another_answer_is_no_list(answer: Object) -> None:
    inventory = take(Api({PODS: answer}), ["Pod"], {"Pod"}, set())
    reasons = {"Status": f"GET {PODS}: the answer is no list", "PodList": "Pod: the answer is no list of objects"}
    assert inventory.unread == {"Pod": reasons[answer["kind"]]}


def test_of_one_namespace_its_objects_are_judged_and_all_is_known_that_policies_read() -> None:
    services = "/api/v1/services"
    other = {"metadata": {"name": "web", "namespace": "other"}}
    api = Api(
        {
            SHOP_PODS: listed("Pod", pod()),
            NAMESPACES: listed("Namespace", namespace(), namespace("other")),
            services: listed("Service", {"metadata": {"name": "web", "namespace": "shop"}}, other),
        }
    )
    kinds = ["Namespace", "Node", "Pod", "Service"]
    inventory = take(api, kinds, set(kinds), {"Namespace", "Service"}, "shop")
    assert named(inventory) == [("Namespace", "v1", "shop"), ("Pod", "v1", "web"), ("Service", "v1", "web")]
    assert [item["metadata"]["name"] for item in inventory.others] == ["other", "web"]
    assert [path for _, path, _ in api.calls] == [NAMESPACES, SHOP_PODS, services]


GROUP = "example.org"
GROUPS = {"kind": "APIGroupList", "groups": [{"name": GROUP, "versions": [{"groupVersion": f"{GROUP}/v2"}]}]}
RESOURCES = {
    "kind": "APIResourceList",
    "resources": [{"name": "widgets", "kind": "Widget", "namespaced": True, "verbs": ["list"]}],
}


@pytest.mark.parametrize("namespace", ["", "shop"])
def test_kinds_of_ones_own_are_looked_for(namespace: str) -> None:
    within = f"/namespaces/{namespace}" if namespace else ""
    widget = {"metadata": {"name": "w", "namespace": "shop"}}
    items = {f"/apis/{GROUP}/v2{within}/widgets": listed("Widget", widget)}
    api = Api({"/apis": GROUPS, f"/apis/{GROUP}/v2": RESOURCES, **items})
    kinds = [f"Widget.{GROUP}", "Gadget.example.com"]
    inventory = take(api, kinds, set(kinds), set(), namespace)
    assert (named(inventory), inventory.unread) == ([("Widget", f"{GROUP}/v2", "w")], {})


def test_a_kind_that_is_not_served_has_no_objects() -> None:
    path = "/apis/gateway.networking.k8s.io/v1/httproutes"
    key = "HTTPRoute.gateway.networking.k8s.io"
    api = Api({path: NoPath(f"GET {path}: 404"), "/apis": {"kind": "APIGroupList"}})
    assert take(api, [key], {key}, set()) == Inventory()
    api.items["/apis"] = "503"
    assert take(api, [key], {key}, set()).unread == {key: "GET /apis: 503"}


def test_a_cluster_as_a_whole_is_an_object() -> None:
    node = {"metadata": {"name": "n1"}, "status": {"nodeInfo": {"kubeletVersion": "v1.36.1"}}}
    assert cluster_of("prod", "v1.37.2", [node]) == {
        "apiVersion": "gatewright/v1",
        "kind": "Cluster",
        "metadata": {"name": "prod"},
        "version": "v1.37.2",
        "nodes": [{"name": "n1", "kubeletVersion": "v1.36.1"}],
    }


def scanned(uid: str, *messages: str, owner: str = "", is_controller: Any = True) -> Scanned:
    """An object of which something was found, and which names an owner."""
    owners = [{"uid": "other"}, {"uid": owner, "controller": is_controller}] if owner else None
    item = pod({"metadata.uid": uid, "metadata.ownerReferences": owners})
    document = Document.empty("cluster")
    findings = tuple(Finding("p", Severity.LOW, Mode.WARN, (), message) for message in messages)
    object.__setattr__(document, "value", item)
    return Scanned(document, creation_of(document, item), Decision(findings), (None,) * len(findings))


def told(*objects: Scanned) -> list[str]:
    return [one.document.value["metadata"]["uid"] for one in without_repeated(objects)]


def test_what_a_controller_made_is_told_of_at_the_object_that_it_was_made_from() -> None:
    deployment, replica_set = scanned("d", "a", "b"), scanned("r", "a", "b", owner="d")
    made = scanned("p", "a", owner="r")
    assert told(made, replica_set, deployment) == ["d"]


def test_unless_more_was_found_in_it() -> None:
    deployment, replica_set = scanned("d", "a"), scanned("r", "a", "b", owner="d")
    assert told(scanned("p", "a", "b", owner="r"), replica_set, deployment) == ["r", "d"]
    assert told(scanned("p", "c", owner="r"), replica_set, deployment) == ["p", "r", "d"]


@pytest.mark.parametrize("is_controller", [False, None, "true", 1])
def test_an_owner_that_controls_nothing_says_nothing(is_controller: Any) -> None:
    assert told(scanned("d", "a"), scanned("p", "a", owner="d", is_controller=is_controller)) == ["d", "p"]


def test_a_claim_hides_nothing() -> None:
    """Anybody can name an owner that is not there, the object itself, or each other."""
    assert told(scanned("p", "a", owner="gone")) == ["p"]
    assert told(scanned("p", "a", owner="p")) == ["p"]
    assert told(scanned("p", "a", owner="q"), scanned("q", "a", owner="p")) == ["p", "q"]
    assert told(scanned("d", "a"), scanned("p", "a", "b", owner="d")) == ["d", "p"]
