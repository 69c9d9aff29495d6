import asyncio
import json
import sys
import threading
from typing import Any

import pytest

from gatewright.cluster import live, reading
from gatewright.cluster.live import FAILED_FRESH, FRESH, KEPT, LISTS, LiveWorld
from gatewright.engine.decision import Miss
from gatewright.engine.world import ARRIVED, Unavailable
from gatewright.model.cluster import Namespace
from gatewright.model.pod import Pod
from gatewright.policy import Index
from tests.builders import Object, namespace, pod
from tests.unit.cluster.apis import Api

SHOP = Miss(Namespace, None, "shop")
PATH = "/api/v1/namespaces/shop"
PODS = Miss(Pod, "shop", "")
BY_NODE = Index(Pod, lambda item: [item.metadata.labels.get("node", "")])


def listed(*items: Object) -> Object:
    """A whole PodList."""
    return {"kind": "PodList", "metadata": {}, "items": list(items)}


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

    def look_up(self, *misses: Miss, seconds: float = 5) -> bool:
        return asyncio.run(self.world.look_up(misses, seconds))

    def unknown(self) -> tuple[str, Miss | None]:
        """Why the namespace is not known, and what may be looked up for it."""
        with pytest.raises(Unavailable) as caught:
            self.world.namespace("shop")
        return str(caught.value), caught.value.miss


def test_nothing_is_asked_for_until_it_is_looked_up() -> None:
    cluster = Cluster()
    assert cluster.unknown() == ("it has not been looked up", SHOP)
    assert cluster.world.lacks([SHOP])
    assert cluster.api.calls == []
    cluster.look_up(SHOP)
    assert not cluster.world.lacks([SHOP])
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
    assert FRESH == KEPT == 1.0


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


def test_what_is_known_is_not_looked_up_again() -> None:
    cluster = Cluster()
    assert not cluster.look_up()
    assert cluster.look_up(SHOP)
    assert not cluster.look_up(SHOP)
    assert len(cluster.api.calls) == 1
    cluster.clock.now += FRESH
    assert cluster.look_up(SHOP)


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
    assert cluster.api.timeouts == [2.0]


class Slow(Cluster):
    """A look-up takes some seconds of the clock; what it finds was so as it began."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.api.before = self.pass_by

    def pass_by(self) -> None:
        self.clock.now += self.seconds

    async def enforced(self, arrived: float) -> str:
        """What a request that came then is told."""
        ARRIVED.set(arrived)
        return self.world.namespace("shop").labels["pod-security.kubernetes.io/enforce"]


def test_what_took_longer_than_it_is_believed_serves_those_who_waited_alone() -> None:
    cluster = Slow(FRESH + 0.5)

    async def ask() -> None:
        await cluster.world.look_up([SHOP], 5)
        assert await cluster.enforced(100.0) == "baseline"
        with pytest.raises(Unavailable) as caught:  # who came a moment after it began knows that it may be too old
            await cluster.enforced(100.1)
        assert caught.value.miss == SHOP
        cluster.api.items[PATH] = namespace(enforce="restricted")
        await cluster.world.look_up([SHOP], 5)
        assert await cluster.enforced(100.1) == "restricted"

    asyncio.run(ask())
    assert len(cluster.api.calls) == 2


def test_what_was_found_is_believed_from_before_it_was_read() -> None:
    cluster = Slow(0.75)
    cluster.look_up(SHOP)
    cluster.clock.now += 0.24
    assert cluster.world.namespace("shop").name == "shop"
    cluster.clock.now += 0.01
    assert cluster.unknown() == ("it has not been looked up", SHOP)


def test_a_failure_that_took_long_serves_those_who_waited() -> None:
    cluster = Slow(2.0)
    cluster.api.items[PATH] = "503"
    cluster.look_up(SHOP)
    cluster.clock.now += FAILED_FRESH - 0.01
    assert cluster.unknown() == (f"GET {PATH}: 503", None)
    cluster.clock.now += 0.01
    assert cluster.unknown() == ("it has not been looked up", SHOP)


def test_what_is_absent_is_so_for_those_who_asked_before() -> None:
    web = Miss(Pod, "shop", "web")
    cluster = Cluster(**{"/api/v1/namespaces/shop/pods/web": "404"})
    pods = cluster.world.store(Pod)

    async def ask() -> None:
        ARRIVED.set(cluster.clock.now)
        assert await cluster.world.look_up([web], 5)
        assert pods.get("shop", "web") is None
        assert not await cluster.world.look_up([web], 5)  # it is known not to be there
        ARRIVED.set(cluster.clock.now + 0.1)
        with pytest.raises(Unavailable) as caught:
            pods.get("shop", "web")
        assert caught.value.miss == web

    asyncio.run(ask())


def test_a_namespace_that_does_not_exist_is_not_known() -> None:
    cluster = Cluster()
    cluster.api.items[PATH] = "404"

    async def ask() -> tuple[str, Miss | None]:
        ARRIVED.set(cluster.clock.now)
        await cluster.world.look_up([SHOP], 5)
        return cluster.unknown()

    assert asyncio.run(ask()) == ("it does not exist", None)


def test_an_error_of_any_kind_is_a_failure() -> None:
    cluster = Cluster()

    def break_off() -> None:
        raise LookupError("s3cret")

    cluster.api.before = break_off
    cluster.look_up(SHOP)
    assert cluster.unknown() == ("it cannot be read: LookupError", None)


def test_what_is_about_to_change_is_forgotten_and_what_is_being_read_with_it() -> None:
    cluster = Cluster()
    cluster.look_up(SHOP)
    cluster.world.forget("shop")
    cluster.world.forget("other")
    assert cluster.unknown() == ("it has not been looked up", SHOP)
    held = threading.Event()
    cluster.api.before = held.wait

    async def ask() -> None:
        asking = asyncio.create_task(cluster.world.look_up([SHOP], 5))
        await asyncio.sleep(0)
        cluster.world.forget("shop")
        held.set()
        await asking
        assert cluster.unknown() == ("it has not been looked up", SHOP)
        await cluster.world.look_up([SHOP], 5)
        assert cluster.world.namespace("shop").name == "shop"

    asyncio.run(ask())


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 3)
    names = [f"n{number}" for number in range(5)]
    cluster = Cluster(**{f"/api/v1/namespaces/{name}": namespace(name) for name in names})
    for name in names:
        cluster.look_up(Miss(Namespace, None, name))
    assert [cluster.world.namespace(name).name for name in names[2:]] == names[2:]
    for name in names[:2]:
        with pytest.raises(Unavailable):
            cluster.world.namespace(name)


def test_so_are_lists_by_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    items = {f"/api/v1/namespaces/{name}/pods": listed(pod({"metadata.namespace": name})) for name in ("a", "b", "c")}
    cluster = Cluster(**items)
    size = len(json.dumps(items["/api/v1/namespaces/a/pods"]))
    monkeypatch.setattr(live, "MOST_HELD", 2 * size)
    cluster.look_up(SHOP)
    for name in ("a", "b", "c"):
        cluster.look_up(Miss(Pod, name, ""))
    with pytest.raises(Unavailable):
        cluster.world.store(Pod).within("a")
    assert [len(cluster.world.store(Pod).within(name)) for name in ("b", "c")] == [1, 1]
    assert cluster.world.namespace("shop").name == "shop"
    monkeypatch.setattr(live, "MOST_HELD", 1)
    cluster.world.forget("shop")
    cluster.look_up(Miss(Pod, "a", ""))
    assert len(cluster.world.store(Pod).within("a")) == 1  # one is held, however large


def test_nothing_is_kept_for_longer_than_it_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEPT", 0.05)
    cluster = Cluster(**{"/api/v1/namespaces/shop/pods": listed(pod())})

    async def idle() -> None:
        await cluster.world.look_up([SHOP, PODS], 5)
        (first,) = cluster.world.store(Pod).within("shop")
        await asyncio.sleep(0.2)
        assert sys.getrefcount(first) == 2  # this name, and the argument

    asyncio.run(idle())
    cluster.clock.now -= 10  # as if it were fresh
    assert cluster.unknown() == ("it has not been looked up", SHOP)


def test_few_lists_are_read_at_once_and_objects_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(**{f"/api/v1/namespaces/{name}/pods": listed() for name in ("a", "b", "c")})
    monkeypatch.setattr(live, "TIMEOUT", 0.05)
    held = threading.Event()
    cluster.api.before = lambda: held.wait() if len(cluster.api.calls) <= LISTS else None

    async def ask() -> None:
        lists = [asyncio.create_task(cluster.world.look_up([Miss(Pod, name, "")], 5)) for name in ("a", "b", "c")]
        await asyncio.wait(lists, return_when=asyncio.FIRST_COMPLETED)
        assert len(cluster.api.calls) == LISTS == 2
        with pytest.raises(Unavailable, match=r"^too many lists are being read$"):
            cluster.world.store(Pod).within("c")
        await cluster.world.look_up([SHOP], 5)
        assert cluster.world.namespace("shop").name == "shop"
        held.set()
        await asyncio.gather(*lists)

    asyncio.run(ask())


def test_the_pods_of_a_namespace_are_one_list() -> None:
    items = [pod({"metadata.name": name, "metadata.labels.node": "n1"}) for name in ("b", "a")]
    cluster = Cluster(**{"/api/v1/namespaces/shop/pods": listed(*items)})
    with pytest.raises(Unavailable) as caught:
        cluster.world.store(Pod).within("shop")
    assert caught.value.miss == PODS
    cluster.look_up(PODS)
    assert [one.metadata.name for one in cluster.world.store(Pod).within("shop")] == ["a", "b"]
    assert [one.namespace for one in cluster.world.store(Pod).within("shop")] == ["shop", "shop"]
    pods, total = cluster.world.first(Pod, "shop")
    assert ([one.metadata.name for one in pods], total) == (["a", "b"], 2)
    assert cluster.api.calls == [("get", "/api/v1/namespaces/shop/pods", {"limit": 500})]


def test_an_object_is_a_look_up_of_its_own() -> None:
    cluster = Cluster(**{"/api/v1/namespaces/shop/pods/web": pod()})
    cluster.look_up(Miss(Pod, "shop", "web"))
    found = cluster.world.store(Pod).get("shop", "web")
    assert found
    assert found.metadata.name == "web"
    with pytest.raises(Unavailable):
        cluster.world.store(Pod).within("shop")
    with pytest.raises(Unavailable, match=r"^a Pod is asked for without a name$"):
        cluster.world.store(Pod).get("shop", "")


def test_an_index_is_over_the_objects_of_all_namespaces() -> None:
    items = [pod({"metadata.name": node, "metadata.labels.node": node}) for node in ("n1", "n2")]
    cluster = Cluster(**{"/api/v1/pods": listed(*items)})
    cluster.look_up(Miss(Pod, None, ""))
    assert [one.metadata.name for one in cluster.world.store(Pod).by(BY_NODE, "n2")] == ["n2"]
    assert cluster.api.calls == [("get", "/api/v1/pods", {"limit": 500})]


def test_a_list_that_is_cut_is_not_known_to_policies_and_counted_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PODS", 1)
    cut = listed(pod()) | {"metadata": {"continue": "x", "remainingItemCount": 5000}}
    cluster = Cluster(**{"/api/v1/namespaces/shop/pods": cut, "/api/v1/pods": cut})
    cluster.look_up(PODS, Miss(Pod, None, ""))
    pods, total = cluster.world.first(Pod, "shop")
    assert (len(pods), total) == (1, 5001)
    store, reason = cluster.world.store(Pod), r"^only the first 1 of 5,001 pods were read$"
    with pytest.raises(Unavailable, match=reason) as caught:
        store.within("shop")
    assert caught.value.miss is None
    with pytest.raises(Unavailable, match=reason):
        store.by(BY_NODE, "n1")
