"""A reflector, step by step: what it asks for, what it keeps, how long it waits."""

import datetime
import threading
from typing import Any

import pytest

from gatewright.cluster import kept as kepts
from gatewright.cluster.api import Forbidden, Gone, NoPath
from gatewright.cluster.kept import STALE, Kept
from gatewright.cluster.reflector import LISTING, LONGEST_WAIT, PAGE, PAGE_BYTES, SILENCE, STEADY, UNSERVED, Reflector
from gatewright.engine.world import StoreState, Unavailable
from gatewright.policy import HTTPRoute, Namespace, NetworkPolicy
from tests.builders import Object, namespace, raises
from tests.unit.cluster.apis import Api

PATH = "/api/v1/namespaces"
WATCH = {"allowWatchBookmarks": "true", "timeoutSeconds": 450}
BROKEN = Unavailable(f"GET {PATH}: ProtocolError")
EXPIRED = {"type": "ERROR", "object": {"kind": "Status", "code": 410}}


def listed(*names: str, version: str = "5", following: str = "") -> Object:
    """A NamespaceList."""
    metadata = {"resourceVersion": version} | ({"continue": following} if following else {})
    return {"kind": "NamespaceList", "metadata": metadata, "items": [namespace(name) for name in names]}


def event(type_: str, name: str, version: str, **labels: str) -> Object:
    item = namespace(name, **labels)
    item["metadata"]["resourceVersion"] = version
    return {"type": type_, "object": item}


class Cluster:
    """A store, its reflector, their API server and their clock."""

    def __init__(self, *lists: Any, kind: type = Namespace, path: str = PATH) -> None:
        self.now = 100.0
        self.api = Api({path: list(lists)} if lists else {})
        self.kept: Kept[Any] = Kept(
            kind, self.clock, lambda: datetime.datetime(2026, 11, 24, 16, 40, 2, tzinfo=datetime.UTC)
        )
        self.told: list[tuple[str, str, str, str]] = []
        self.reflector = Reflector(
            self.api, self.kept, lambda call: call(), self.tell, clock=self.clock, chance=lambda: 0.5
        )  # fmt: skip

    def clock(self) -> float:
        return self.now

    def tell(self, level: str, msg: str, **fields: object) -> None:
        self.told.append((level, msg, str(fields["resource"]), str(fields.get("error", ""))))

    def step(self, *watch: Any, lasts: float = STEADY) -> float:
        """A step whose watch is of these lines, and lasts; the seconds to wait."""
        failure = watch[0] if watch and isinstance(watch[0], Exception) else None

        class Lasting(list[Any]):
            def __iter__(lines) -> Any:  # noqa: N805  # the cluster is self
                yield from list.__iter__(lines)
                self.now += lasts

        self.api.watches.append(failure or Lasting(watch))
        return self.reflector.step()

    @property
    def names(self) -> list[str]:
        """What is held."""
        return [one.name for one in self.kept.held.within(None)]

    def asked(self) -> list[tuple[str, Any]]:
        """What has been asked since the last look: `watch` from a version, or `list` and where it went on."""
        calls = [
            (verb.replace("get", "list"), query.get("resourceVersion", query.get("continue", "")))
            for verb, _, query in self.api.calls
        ]
        self.api.calls.clear()
        return calls


def test_a_list_by_its_pages_and_then_a_watch() -> None:
    cluster = Cluster(listed("b", following="x"))
    cluster.api.items[f"{PATH}?continue=x"] = listed("a")
    with raises(Unavailable, "namespaces have not been synced yet"):
        cluster.names  # noqa: B018  # it raises
    assert cluster.step() == 0.0
    assert cluster.api.calls == [
        ("get", PATH, {"limit": PAGE}),
        ("get", PATH, {"limit": PAGE, "continue": "x"}),
        ("watch", PATH, {"resourceVersion": "5", **WATCH}),
    ]
    assert (cluster.api.most, cluster.api.timeouts) == ([PAGE_BYTES] * 2, [LISTING, LISTING, SILENCE])
    assert cluster.names == ["a", "b"]
    assert cluster.told == [("info", "synced", "namespaces", "")]
    assert cluster.kept.state == StoreState("namespaces", 2, True, 0, 0)


def test_what_changes_comes_and_the_next_watch_goes_on_from_there() -> None:
    cluster = Cluster(listed("a", "b"))
    cluster.step(event("ADDED", "c", "6"), event("DELETED", "a", "7"), event("MODIFIED", "b", "8", enforce="baseline"))
    assert cluster.names == ["b", "c"]
    changed = cluster.kept.held.get(None, "b")
    assert changed
    assert changed.labels == {"pod-security.kubernetes.io/enforce": "baseline"}
    cluster.step(event("BOOKMARK", "", "12"))
    cluster.step(event("DELETED", "b", "13"), event("ADDED", "b", "14"))
    assert cluster.names == ["b", "c"]
    cluster.step()
    assert cluster.asked() == [("list", ""), ("watch", "5"), ("watch", "8"), ("watch", "12"), ("watch", "14")]
    assert cluster.kept.state == StoreState("namespaces", 2, True, 0, 0)


def test_a_watch_that_breaks_off_is_resumed_and_told_of_once() -> None:
    cluster = Cluster(listed("a"))
    cluster.step(event("ADDED", "b", "6"), BROKEN)
    assert cluster.step(BROKEN) > 0
    assert cluster.names == ["a", "b"]
    cluster.step()
    assert cluster.asked() == [("list", ""), ("watch", "5"), ("watch", "6"), ("watch", "6")]
    synced = ("info", "synced", "namespaces", "")
    assert cluster.told == [synced, ("error", "not synced", "namespaces", str(BROKEN)), synced]
    assert cluster.kept.state == StoreState("namespaces", 2, True, 0, 2)


@pytest.mark.parametrize("gone", [Gone(f"GET {PATH}: 410"), EXPIRED])
def test_what_the_api_server_has_forgotten_is_listed_again_at_once(gone: Any) -> None:
    cluster = Cluster(listed("a", "b"), listed("b", "c", version="20"))
    assert cluster.step(gone) == 0.0
    assert cluster.names == ["a", "b"]  # and believed meanwhile
    cluster.step()
    assert cluster.names == ["b", "c"]
    assert cluster.asked() == [("list", ""), ("watch", "5"), ("list", ""), ("watch", "20")]
    assert cluster.kept.state == StoreState("namespaces", 2, True, 1, 0)
    assert cluster.told == [("info", "synced", "namespaces", "")]


def test_a_list_that_expires_between_two_pages_begins_again() -> None:
    cluster = Cluster(listed("a", following="x"), listed("b"))
    cluster.api.items[f"{PATH}?continue=x"] = Gone(f"GET {PATH}: 410")
    assert cluster.step() == 0.0
    assert cluster.kept.unavailable == "namespaces have not been synced yet"
    cluster.step()
    assert cluster.names == ["b"]


def test_and_at_once_as_well_where_it_was_away_before() -> None:
    cluster = Cluster(listed("a"), listed("b"))
    cluster.step(lasts=0)
    for _ in range(5):
        cluster.step(BROKEN, lasts=0)
    assert cluster.step(EXPIRED, lasts=0) == 0.0
    cluster.step()
    assert cluster.names == ["b"]


def test_and_with_a_wait_where_that_does_not_help() -> None:
    cluster = Cluster(listed("a"))
    waits = [cluster.step(EXPIRED, lasts=0) for _ in range(3)]
    assert waits == [0.0, 0.375, 0.75]
    assert cluster.told[-1] == ("error", "not synced", "namespaces", f"GET {PATH}: the watch ended with 410")


def test_the_wait_grows_up_to_half_a_minute_and_a_steady_watch_ends_that() -> None:
    cluster = Cluster("503")
    waits = [cluster.step() for _ in range(9)]
    assert waits == [0.375, 0.75, 1.5, 3.0, 6.0, 12.0, 22.5, 22.5, 22.5]
    assert LONGEST_WAIT == 30.0
    for _ in range(2000):
        assert cluster.step() == 22.5
    cluster.api.items[PATH] = listed("a")
    cluster.api.watches.clear()
    assert cluster.step(lasts=STEADY) == 0.0
    assert cluster.step(BROKEN) == 0.375


def test_a_watch_that_ends_at_once_is_not_begun_again_at_once() -> None:
    cluster = Cluster(listed("a"))
    assert [cluster.step(lasts=0.1) for _ in range(3)] == [0.375, 0.75, 1.5]
    assert cluster.kept.state.failures == 0


@pytest.mark.parametrize("line", [b"<html>", b'{"type": "ADDED", "obj', b"", b"\xff"])
def test_a_line_that_is_none_has_all_listed_again(line: bytes) -> None:
    cluster = Cluster(listed("a"), listed("b"))
    assert cluster.step(event("ADDED", "c", "6"), line) == 0.375
    assert cluster.told[-1][:2] == ("error", "not synced")
    assert cluster.told[-1][3].startswith(f"GET {PATH}: the answer the object ")
    cluster.step()
    assert cluster.names == ["b"]


def test_a_page_that_is_none_fails() -> None:
    cluster = Cluster({"kind": "PodList", "metadata": {"resourceVersion": "1"}}, {"kind": 5})
    cluster.step()
    cluster.step()
    other = f"GET {PATH}: the answer is another list"
    wrong = f"GET {PATH}: the answer kind must be a string, not an integer"
    assert [told[3] for told in cluster.told] == [other, wrong]
    assert cluster.kept.unavailable == f"namespaces have not been synced yet: {wrong}"


def test_whatever_is_raised_is_a_failure() -> None:
    cluster = Cluster(listed("a"))
    assert cluster.step(RuntimeError("s3cret")) == 0.375
    assert cluster.told[-1] == ("error", "not synced", "namespaces", f"GET {PATH}: RuntimeError")
    cluster.step()
    assert cluster.asked() == [("list", ""), ("watch", "5"), ("list", ""), ("watch", "5")]


@pytest.mark.parametrize("verb", ["list", "watch"])
def test_what_may_not_be_read_is_not_believed_and_asked_for_again(verb: str) -> None:
    refused = Forbidden(f"GET {PATH}: 403")
    cluster = Cluster(*([refused, listed("a")] if verb == "list" else [listed("a")]))
    assert cluster.step(*([refused] if verb == "watch" else [])) == 0.375
    with raises(Unavailable, f"GET {PATH}: 403"):
        cluster.names  # noqa: B018  # it raises
    assert cluster.kept.state == StoreState("namespaces", int(verb == "watch"), False, 0, 1)
    cluster.step()
    assert cluster.names == ["a"]


def test_without_a_watch_what_is_held_is_believed_for_a_minute() -> None:
    cluster = Cluster(listed("a"))
    cluster.step(BROKEN)
    cluster.now += STALE
    cluster.step(BROKEN)
    assert cluster.names == ["a"]
    cluster.now += 0.1
    reason = f"namespaces have not been synced since 16:40:02 UTC: {BROKEN}"
    with raises(Unavailable, reason):
        cluster.names  # noqa: B018  # it raises
    assert not cluster.kept.state.is_synced
    cluster.step()
    cluster.now += STALE - STEADY  # of which the watch lasted a part
    assert cluster.names == ["a"]
    assert kepts.STALE == 60.0


def test_a_page_of_too_many_bytes_is_asked_for_in_smaller_ones() -> None:
    big = listed("a")
    big["items"][0]["metadata"]["annotations"] = {"a": "x" * PAGE_BYTES}
    cluster = Cluster(big)
    cluster.step()
    assert [call[2].get("limit") for call in cluster.api.calls] == [100, 25, 6, 1, None]
    assert cluster.names == ["a"]


def test_an_object_that_cannot_be_read_is_told_to_whoever_asks_for_it() -> None:
    broken = event("MODIFIED", "a", "6")
    broken["object"]["metadata"]["labels"] = 5
    cluster = Cluster(listed("a", "b"))
    cluster.step(broken)
    with raises(Unavailable, "Namespace a cannot be read: metadata.labels must be an object, not an integer"):
        cluster.kept.held.get(None, "a")
    assert cluster.kept.held.get(None, "b")
    cluster.step(event("MODIFIED", "a", "7"))
    assert cluster.names == ["a", "b"]


ROUTES = "/apis/gateway.networking.k8s.io"
NOWHERE = NoPath(f"GET {ROUTES}/v1/httproutes: 404")
GROUPS = {"kind": "APIGroupList", "groups": []}
SERVED = [{"name": "gateway.networking.k8s.io", "versions": [{"groupVersion": "gateway.networking.k8s.io/v1beta1"}]}]
RESOURCES = {
    "kind": "APIResourceList",
    "resources": [{"name": "httproutes", "kind": "HTTPRoute", "namespaced": True, "verbs": ["list"]}],
}


def route(name: str) -> Object:
    return {
        "kind": "HTTPRouteList",
        "metadata": {"resourceVersion": "5"},
        "items": [{"metadata": {"name": name, "namespace": "shop"}}],
    }


def test_a_kind_that_is_not_served_is_none_and_looked_for_now_and_then() -> None:
    cluster = Cluster(NOWHERE, route("web"), kind=HTTPRoute, path=f"{ROUTES}/v1/httproutes")
    cluster.api.items["/apis"] = GROUPS
    assert cluster.reflector.step() == UNSERVED
    assert (cluster.kept.is_served, cluster.kept.unavailable, len(cluster.kept.held)) == (False, "", 0)
    assert cluster.told == [("info", "not served", "httproutes", "")]
    cluster.step()
    assert (cluster.kept.is_served, len(cluster.kept.held)) == (True, 1)
    cluster.api.items[f"{ROUTES}/v1/httproutes"] = NOWHERE  # its definition is deleted, and its objects with it
    cluster.step(NOWHERE)
    assert (cluster.kept.is_served, cluster.kept.unavailable, len(cluster.kept.held)) == (False, "", 0)


def test_one_that_is_served_at_another_version_is_read_there() -> None:
    cluster = Cluster(NOWHERE, kind=HTTPRoute, path=f"{ROUTES}/v1/httproutes")
    cluster.api.items |= {
        "/apis": GROUPS | {"groups": SERVED},
        f"{ROUTES}/v1beta1": RESOURCES,
        f"{ROUTES}/v1beta1/httproutes": route("web"),
    }
    assert cluster.reflector.step() == 0.0
    cluster.step()
    assert [one.name for one in cluster.kept.held.within("shop")] == ["web"]
    assert cluster.kept.root == f"{ROUTES}/v1beta1"
    assert cluster.api.calls[-1][1] == f"{ROUTES}/v1beta1/httproutes"


@pytest.mark.parametrize("answer", [Unavailable("GET /apis: 503"), {"kind": "Status"}, {"groups": 5}])
def test_what_is_not_said_to_be_unserved_is_not_known(answer: Any) -> None:
    """A proxy that answers 404 to everything must not make the stores empty."""
    cluster = Cluster(NOWHERE, kind=HTTPRoute, path=f"{ROUTES}/v1/httproutes")
    cluster.api.items["/apis"] = answer
    assert cluster.reflector.step() == 0.375
    assert cluster.kept.unavailable.startswith("httproutes have not been synced yet: ")


def test_a_path_that_is_served_and_answers_nothing_is_a_failure() -> None:
    path = "/apis/networking.k8s.io/v1"
    missing = NoPath(f"GET {path}/networkpolicies: 404")
    cluster = Cluster(missing, kind=NetworkPolicy, path=f"{path}/networkpolicies")
    named = {"name": "networking.k8s.io", "versions": [{"groupVersion": "networking.k8s.io/v1"}]}
    cluster.api.items["/apis"] = {"kind": "APIGroupList", "groups": [named]}
    known = {"name": "networkpolicies", "kind": "NetworkPolicy", "namespaced": True, "verbs": ["list"]}
    cluster.api.items[path] = {"kind": "APIResourceList", "resources": [known]}
    cluster.step()
    assert cluster.kept.unavailable == f"networkpolicies have not been synced yet: {missing}"


def test_one_that_is_stopped_takes_no_more() -> None:
    cluster = Cluster(listed("a"))
    cluster.step()
    cluster.reflector.stop()
    cluster.step(event("ADDED", "b", "6"))
    assert cluster.names == ["a"]
    cluster.asked()
    cluster.reflector.run()
    assert cluster.asked() == []


def test_it_runs_in_a_thread_until_it_is_stopped() -> None:
    cluster = Cluster(listed("a"))
    threads: list[str] = []

    def stop() -> None:
        threads.append(threading.current_thread().name)
        cluster.reflector.stop()

    cluster.api.before = stop
    cluster.reflector.start()
    for thread in threading.enumerate():
        if thread.name == "reflector of namespaces":
            thread.join(5)
    assert (threads, cluster.names) == (["reflector of namespaces"], ["a"])
