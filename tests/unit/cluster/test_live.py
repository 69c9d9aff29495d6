import asyncio
import threading
from typing import Any

import pytest

from gatewright.cluster import live
from gatewright.cluster.live import FAILED_FRESH, FRESH, LiveWorld
from gatewright.engine.decision import Miss
from gatewright.engine.world import Unavailable
from gatewright.model.cluster import Namespace
from gatewright.model.pod import Pod
from gatewright.policy import Index
from tests.builders import namespace, pod
from tests.unit.cluster.apis import Api

SHOP = Miss(Namespace, None, "shop")
PATH = "/api/v1/namespaces/shop"
PODS = Miss(Pod, "shop", "")
BY_NODE = Index(Pod, lambda item: [item.metadata.labels.get("node", "")])


class Clock:
    """Stands still."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Cluster:
    """A world, its API server and its clock."""

    def __init__(self, **items: Any) -> None:
        self.api = Api({PATH: namespace(enforce="baseline"), **items})
        self.clock = Clock()
        self.world = LiveWorld(self.api, self.clock)

    def look_up(self, *misses: Miss, seconds: float = 5) -> None:
        asyncio.run(self.world.look_up(misses, seconds))

    def unknown(self) -> tuple[str, Miss | None]:
        """Why the namespace is not known, and what may be looked up for it."""
        with pytest.raises(Unavailable) as caught:
            self.world.namespace("shop")
        return str(caught.value), caught.value.miss


def test_nothing_is_asked_for_until_it_is_looked_up() -> None:
    cluster = Cluster()
    assert cluster.unknown() == ("it has not been looked up", SHOP)
    assert cluster.api.calls == []
    cluster.look_up(SHOP)
    assert cluster.world.namespace("shop").labels == {"pod-security.kubernetes.io/enforce": "baseline"}
    assert cluster.api.calls == [("get", PATH, {})]


def test_what_was_found_is_believed_for_a_second() -> None:
    cluster = Cluster()
    cluster.look_up(SHOP)
    cluster.api.items[PATH] = namespace(enforce="restricted")
    cluster.clock.now += FRESH - 0.01
    assert cluster.world.namespace("shop").labels == {"pod-security.kubernetes.io/enforce": "baseline"}
    cluster.clock.now += 0.01
    assert cluster.unknown() == ("it has not been looked up", SHOP)
    cluster.look_up(SHOP)
    assert cluster.world.namespace("shop").labels == {"pod-security.kubernetes.io/enforce": "restricted"}
    assert FRESH == 1.0


def test_a_failure_is_told_and_believed_for_a_moment_only() -> None:
    cluster = Cluster()
    cluster.api.items[PATH] = "503 Service Unavailable"
    cluster.look_up(SHOP)
    assert cluster.unknown() == (f"GET {PATH}: 503 Service Unavailable", None)
    cluster.clock.now += FAILED_FRESH
    assert cluster.unknown() == ("it has not been looked up", SHOP)
    assert FAILED_FRESH < FRESH


def test_what_cannot_be_read_as_its_kind_is_a_failure() -> None:
    cluster = Cluster()
    cluster.api.items[PATH] = {"metadata": {"labels": 5}}
    cluster.look_up(SHOP)
    assert cluster.unknown() == ("metadata.labels must be an object, not an integer", None)


def test_a_failure_takes_the_place_of_what_was_known() -> None:
    cluster = Cluster()
    cluster.look_up(SHOP)
    cluster.api.items[PATH] = "503 Service Unavailable"
    cluster.clock.now += FRESH
    cluster.look_up(SHOP)
    assert cluster.unknown() == (f"GET {PATH}: 503 Service Unavailable", None)


def test_many_who_ask_at_once_are_answered_by_one_look_up() -> None:
    cluster = Cluster()
    held = threading.Event()
    cluster.api.before = held.wait

    async def ask() -> None:
        asking = [asyncio.create_task(cluster.world.look_up([SHOP, SHOP], 5)) for _ in range(10)]
        await asyncio.sleep(0)
        held.set()
        await asyncio.gather(*asking)

    asyncio.run(ask())
    assert cluster.api.calls == [("get", PATH, {})]
    assert cluster.world.namespace("shop").name == "shop"
    cluster.look_up(SHOP)
    assert len(cluster.api.calls) == 2


def test_nobody_waits_for_longer_than_there_is_time() -> None:
    cluster = Cluster()
    held = threading.Event()
    cluster.api.before = held.wait

    async def ask() -> tuple[str, Miss | None]:
        await cluster.world.look_up([SHOP], 0.05)
        known = cluster.unknown()
        held.set()
        await cluster.world.look_up([SHOP], 5)  # what is under way goes on, for those who still have time
        return known

    assert asyncio.run(ask()) == ("it has not been looked up", SHOP)
    assert cluster.world.namespace("shop").name == "shop"
    assert cluster.api.calls == [("get", PATH, {})]
    assert cluster.api.timeouts == [0.05]


@pytest.mark.parametrize(("seconds", "timeout"), [(0.5, 0.5), (30, 2.0)])
def test_a_look_up_takes_no_longer_than_its_request_and_two_seconds(seconds: float, timeout: float) -> None:
    cluster = Cluster()
    cluster.look_up(SHOP, seconds=seconds)
    assert cluster.api.timeouts == [timeout]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 3)
    cluster = Cluster(**{f"/api/v1/namespaces/n{number}": namespace(f"n{number}") for number in range(3)})
    cluster.look_up(*(Miss(Namespace, None, f"n{number}") for number in range(3)))
    cluster.clock.now += FRESH
    cluster.look_up(SHOP)
    cluster.clock.now -= FRESH  # as if all were still believed
    assert cluster.world.namespace("shop").name == "shop"
    for number in range(3):
        with pytest.raises(Unavailable):
            cluster.world.namespace(f"n{number}")


def test_the_pods_of_a_namespace_are_one_list() -> None:
    items = [pod({"metadata.name": name, "metadata.labels.node": "n1"}) for name in ("b", "a")]
    cluster = Cluster(**{"/api/v1/namespaces/shop/pods": {"items": items}})
    with pytest.raises(Unavailable) as caught:
        cluster.world.store(Pod).within("shop")
    assert caught.value.miss == PODS
    cluster.look_up(PODS)
    assert [one.metadata.name for one in cluster.world.store(Pod).within("shop")] == ["a", "b"]
    assert [one.namespace for one in cluster.world.store(Pod).within("shop")] == ["shop", "shop"]
    assert cluster.api.calls == [("get", "/api/v1/namespaces/shop/pods", {"limit": 3000})]


def test_an_object_is_a_look_up_of_its_own() -> None:
    cluster = Cluster(**{"/api/v1/namespaces/shop/pods/web": pod()})
    cluster.look_up(Miss(Pod, "shop", "web"))
    found = cluster.world.store(Pod).get("shop", "web")
    assert found
    assert found.metadata.name == "web"
    with pytest.raises(Unavailable):
        cluster.world.store(Pod).within("shop")


def test_an_index_is_over_the_objects_of_all_namespaces() -> None:
    items = [pod({"metadata.name": node, "metadata.labels.node": node}) for node in ("n1", "n2")]
    cluster = Cluster(**{"/api/v1/pods": {"items": items}})
    cluster.look_up(Miss(Pod, None, ""))
    assert [one.metadata.name for one in cluster.world.store(Pod).by(BY_NODE, "n2")] == ["n2"]
    assert cluster.api.calls == [("get", "/api/v1/pods", {"limit": 3000})]
