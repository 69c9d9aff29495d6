"""The reflected cluster: what stores answer, what is looked up, and that what is not known is never absent."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from gatewright.cluster import reflected
from gatewright.cluster.changes import Change
from gatewright.cluster.kept import STALE, Kept
from gatewright.cluster.live import FRESH
from gatewright.cluster.reflected import DOUBTED, ReflectedWorld
from gatewright.engine.decision import Miss
from gatewright.engine.engine import Engine
from gatewright.engine.world import ARRIVED, RBAC, StoreState, Unavailable
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, Role, RoleBinding
from gatewright.model.schema import decode
from gatewright.policy import (
    HTTPRoute,
    Index,
    Namespace,
    NetworkPolicy,
    Pod,
    Secret,
    Service,
    Store,
    Violation,
    Violations,
)
from tests.builders import Object, declared, encoded, engine_of, found, namespace, pod, raises, request
from tests.unit.cluster.apis import Api

SHOP = "/api/v1/namespaces/shop"
WEB = Miss(Service, "shop", "web")
WEB_PATH = "/api/v1/namespaces/shop/services/web"
BY_NAME = Index(Service, lambda item: [item.name])


def service(name: str = "web") -> Object:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "shop"}}


class Cluster:
    """A world whose stores a test fills, and its API server."""

    def __init__(self, *kinds: type, **items: Any) -> None:
        self.now = 100.0
        self.api = Api(items)
        self.world = ReflectedWorld(self.api, lambda: self.now)
        self.world.want(kinds)

    def kept(self, kind: type) -> Kept[Any]:
        return self.world._kept[kind]

    def synced(self, kind: type, *items: Object) -> "Cluster":
        """With the objects of a kind, and no others."""
        changes = [self._change(kind, item) for item in items]
        self.kept(kind).change(changes)
        self.kept(kind).listed({change.key for change in changes})
        return self

    def changed(self, kind: type, item: Object) -> None:
        self.kept(kind).change([self._change(kind, item)])

    def _change(self, kind: type, item: Object) -> Change:
        view: Any = decode(kind, encoded(item))
        return Change((item["metadata"].get("namespace"), item["metadata"]["name"]), view)

    def look_up(self, *misses: Miss) -> bool:
        return asyncio.run(self.world.look_up(misses, 5))

    def level(self) -> str:
        """What namespace shop enforces."""
        return self.world.namespace("shop").labels["pod-security.kubernetes.io/enforce"]


def lacking(ask: Callable[[], object]) -> tuple[str, Miss | None]:
    """Why something is not known, and what may be looked up for it."""
    with pytest.raises(Unavailable) as caught:
        ask()
    return str(caught.value), caught.value.miss


NAMESPACE = Miss(Namespace, None, "shop")
LOOK = ("it has not been looked up", NAMESPACE)


def test_a_namespace_is_looked_up_until_namespaces_are_reflected_and_again_when_they_are_not() -> None:
    cluster = Cluster(**{SHOP: namespace(enforce="baseline")})
    assert lacking(cluster.level) == LOOK
    cluster.look_up(NAMESPACE)
    assert cluster.level() == "baseline"
    cluster.synced(Namespace, namespace(enforce="restricted"))
    assert cluster.level() == "restricted"
    cluster.kept(Namespace).failed("GET /api/v1/namespaces: 403", is_forbidden=True)
    cluster.now += FRESH
    assert lacking(cluster.level) == LOOK
    cluster.kept(Namespace).watching()
    assert cluster.level() == "restricted"
    cluster.kept(Namespace).stopped()
    cluster.now += STALE + 0.1
    assert lacking(cluster.level) == LOOK


def test_one_that_is_not_reflected_is_looked_up_and_may_not_exist() -> None:
    cluster = Cluster(**{SHOP: [namespace(enforce="baseline"), "404"]}).synced(Namespace)
    assert lacking(cluster.level) == LOOK
    cluster.look_up(NAMESPACE)
    assert cluster.level() == "baseline"
    cluster.now += FRESH

    async def ask() -> tuple[str, Miss | None]:
        ARRIVED.set(cluster.now)
        await cluster.world.look_up([NAMESPACE], 5)
        return lacking(cluster.level)

    assert asyncio.run(ask()) == ("it does not exist", None)


def test_one_that_is_about_to_change_is_looked_up_until_the_watch_shows_the_change() -> None:
    cluster = Cluster(**{SHOP: namespace(enforce="restricted")}).synced(Namespace, namespace(enforce="baseline"))
    cluster.world.forget("shop")
    assert lacking(cluster.level) == LOOK
    cluster.look_up(NAMESPACE)
    assert cluster.level() == "restricted"
    cluster.now += FRESH
    assert lacking(cluster.level) == LOOK
    cluster.changed(Namespace, namespace(enforce="privileged"))
    assert cluster.level() == "privileged"
    cluster.world.forget("other")
    assert cluster.level() == "privileged"


def test_and_no_longer_than_a_request_can_take() -> None:
    cluster = Cluster().synced(Namespace, namespace(enforce="baseline"))
    cluster.world.forget("shop")
    cluster.now += DOUBTED - 0.1
    assert lacking(cluster.level) == LOOK
    cluster.now += 0.1
    assert cluster.level() == "baseline"
    assert DOUBTED >= 60 + 30  # seconds that an API server takes for a request, and waits for a webhook at most


def test_what_was_looked_up_before_it_changed_is_forgotten_as_well() -> None:
    cluster = Cluster(**{SHOP: namespace(enforce="baseline")})
    cluster.look_up(NAMESPACE)
    cluster.world.forget("shop")
    assert lacking(cluster.level) == LOOK


def test_doubts_are_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reflected, "MOST_DOUBTED", 2)
    names = [f"n{number}" for number in range(4)]
    cluster = Cluster().synced(Namespace, *map(namespace, names))
    for name in names[:2]:
        cluster.world.forget(name)
    cluster.now += DOUBTED
    for name in names[2:]:
        cluster.world.forget(name)
    assert list(cluster.world._doubts) == names[2:]


def test_a_namespace_that_cannot_be_read_is_not_known() -> None:
    cluster = Cluster().synced(Namespace)
    cluster.kept(Namespace).change([Change((None, "shop"), None, "it is broken")])
    cluster.world.forget("shop")
    assert lacking(cluster.level) == ("it is broken", None)


def test_a_store_answers_by_name_by_namespace_and_by_index() -> None:
    cluster = Cluster(Service).synced(Service, service("b"), service("a"))
    store = cluster.world.store(Service)
    first = store.get("shop", "a")
    assert first
    assert [one.name for one in store.within("shop")] == ["a", "b"]
    assert store.by(BY_NAME, "a") == (first,)
    with raises(Unavailable, "a Service is asked for without a name"):
        store.get("shop", "")


@pytest.mark.parametrize("kind", [Service, NetworkPolicy])
def test_one_that_is_not_synced_answers_nothing(kind: type[Any]) -> None:
    cluster = Cluster(kind)
    store, resource = cluster.world.store(kind), f"{cluster.kept(kind).resource}"
    index = Index(kind, lambda item: [item.name])
    for ask in (lambda: store.get("shop", "a"), lambda: store.within("shop"), lambda: store.by(index, "a")):
        assert lacking(ask) == (f"{resource} have not been synced yet", None)
    cluster.kept(kind).failed("GET /x: 403", is_forbidden=True)
    assert lacking(lambda: store.within("shop")) == ("GET /x: 403", None)


def test_what_a_store_lacks_is_looked_up_once() -> None:
    cluster = Cluster(Service, **{WEB_PATH: [service(), "404"]}).synced(Service)
    store = cluster.world.store(Service)

    async def ask(arrived: float) -> Service | None:
        ARRIVED.set(arrived)
        assert store.get("shop", "web") is None
        assert await cluster.world.look_up([WEB], 5)
        assert not await cluster.world.look_up([WEB], 5)
        return store.get("shop", "web")

    there = asyncio.run(ask(cluster.now))
    assert there
    assert there.name == "web"
    cluster.now += FRESH
    assert asyncio.run(ask(cluster.now)) is None
    assert [path for _, path, _ in cluster.api.calls] == [WEB_PATH, WEB_PATH]


def test_a_look_up_that_fails_is_told_and_is_not_absent() -> None:
    cluster = Cluster(Service, **{WEB_PATH: "503"}).synced(Service)
    cluster.look_up(WEB)
    assert lacking(lambda: cluster.world.store(Service).get("shop", "web")) == (f"GET {WEB_PATH}: 503", None)


def backed(item: Pod, services: Store[Service]) -> Violations:
    if not services.get(item.namespace, "web"):
        yield Violation(item.metadata, "name", "there is no Service")


def test_the_engine_notes_what_a_store_lacks_and_judges_by_what_was_looked_up() -> None:
    cluster = Cluster(Service, **{WEB_PATH: service()}).synced(Service).synced(Namespace, namespace())
    engine = engine_of(declared(backed), world=cluster.world)
    decision = engine.judge(request(pod()))
    assert (len(decision.findings), decision.misses) == (1, (WEB,))
    cluster.look_up(*decision.misses)
    assert found(engine, request(pod())) == []


def test_pods_are_looked_up_and_kinds_that_no_policy_reads() -> None:
    cluster = Cluster(Pod)
    assert [state.resource for state in cluster.world.states()] == ["namespaces"]
    assert lacking(lambda: cluster.world.store(Pod).within("shop"))[1] == Miss(Pod, "shop", "")
    assert lacking(lambda: cluster.world.store(Service).get("shop", "web"))[1] == WEB
    assert lacking(lambda: cluster.world.first(Pod, "shop"))[1] == Miss(Pod, "shop", "")


def test_namespaces_that_are_not_reflected_are_looked_up_one_by_one() -> None:
    store = Cluster().world.store(Namespace)
    assert lacking(lambda: store.get(None, "shop")) == LOOK


def test_of_a_kind_that_is_not_served_nothing_is_looked_up() -> None:
    cluster = Cluster(HTTPRoute)
    cluster.kept(HTTPRoute).listed(set(), is_served=False)
    assert cluster.world.store(HTTPRoute).get("shop", "web") is None
    assert not cluster.world.lacks([Miss(HTTPRoute, "shop", "web")])
    assert not cluster.look_up(Miss(HTTPRoute, "shop", "web"))
    assert cluster.api.calls == []


def test_one_that_is_served_elsewhere_is_looked_up_there() -> None:
    path = "/apis/gateway.networking.k8s.io/v1beta1/namespaces/shop/httproutes/web"
    route = {"kind": "HTTPRoute", "metadata": {"name": "web", "namespace": "shop"}}
    cluster = Cluster(HTTPRoute, **{path: route}).synced(HTTPRoute)
    cluster.kept(HTTPRoute).root = "/apis/gateway.networking.k8s.io/v1beta1"
    cluster.look_up(Miss(HTTPRoute, "shop", "web"))
    there = cluster.world.store(HTTPRoute).get("shop", "web")
    assert there
    assert there.name == "web"


def role(kind: str, name: str = "r") -> Object:
    within = {} if kind.startswith("Cluster") else {"namespace": "shop"}
    return {"kind": kind, "metadata": {"name": name, **within}, "rules": [{"verbs": ["get"]}]}


def test_permissions_follow_roles_and_bindings() -> None:
    cluster = Cluster(*RBAC)
    for kind in (Role, ClusterRole, RoleBinding):
        cluster.synced(kind)
    assert lacking(cluster.world.permissions)[0] == "clusterrolebindings have not been synced yet"
    cluster.synced(ClusterRoleBinding)
    assert cluster.world.permissions().role("", "r") is None
    cluster.changed(ClusterRole, role("ClusterRole"))
    cluster.changed(Role, role("Role"))
    held = [cluster.world.permissions().role(place, "r") for place in ("", "shop")]
    assert [type(one) for one in held] == [ClusterRole, Role]
    cluster.synced(ClusterRole)
    assert cluster.world.permissions().role("", "r") is None
    cluster.world.want([])  # nobody reads them now; what is built of them stays right
    cluster.changed(Role, role("Role", "s"))
    assert cluster.world.permissions().role("shop", "s")
    cluster.kept(Role).change([Change(("shop", "r"), None, "it is broken")])
    assert lacking(cluster.world.permissions) == ("it is broken", None)


def test_where_no_policy_reads_permissions_they_are_not_known() -> None:
    assert lacking(Cluster().world.permissions) == ("roles are not read", None)
    assert lacking(Cluster(Role).world.permissions) == ("roles have not been synced yet", None)


def lists(*kinds: str) -> dict[str, Any]:
    return {
        f"/api/v1/{kind.lower()}s": {"kind": f"{kind}List", "metadata": {"resourceVersion": "1"}, "items": []}
        for kind in kinds
    }


def test_what_is_wanted_is_reflected_from_the_start_and_what_is_no_longer_wanted_is_not() -> None:
    cluster = Cluster(Service, **lists("Namespace", "Service", "Secret"))
    told: list[tuple[Any, ...]] = []
    lock = threading.Lock()

    def post(call: Callable[[], object]) -> None:
        with lock:
            call()

    def tell(level: str, msg: str, **fields: object) -> None:
        told.append((level, msg, fields["resource"]))

    cluster.world.wait(5)  # nothing is under way
    cluster.world.start(post, tell)
    cluster.world.wait(5)
    assert cluster.world.states() == [StoreState(name, 0, True, 0, 0) for name in ("namespaces", "services")]
    cluster.world.want({Service, Secret})
    cluster.world.wait(5)
    assert [state.resource for state in cluster.world.states()] == ["namespaces", "secrets", "services"]
    assert all(state.is_synced for state in cluster.world.states())
    services = cluster.world._reflectors[Service]
    cluster.world.want({Secret})
    assert [state.resource for state in cluster.world.states()] == ["namespaces", "secrets"]
    assert services._stopping.is_set()
    cluster.world.stop()
    assert all(one._stopping.is_set() for one in cluster.world._reflectors.values())
    assert sorted(told) == [("info", "synced", name) for name in ("namespaces", "secrets", "services")]


def test_waiting_ends_in_time_and_with_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reflected, "EVERY", 0.001)
    cluster = Cluster(Service)
    cluster.world.start(lambda _: None, lambda *_, **__: None)
    cluster.world.wait(0.01)
    threading.Timer(0.02, cluster.world.stop).start()
    cluster.world.wait(600)
    assert not any(state.is_synced for state in cluster.world.states())


def test_an_engine_denies_what_a_store_that_is_forbidden_would_have_decided() -> None:
    cluster = Cluster(Service).synced(Namespace, namespace())
    cluster.kept(Service).failed("GET /api/v1/services: 403", is_forbidden=True)
    engine: Engine = engine_of(declared(backed), world=cluster.world)
    decision = engine.judge(request(pod()))
    assert (decision.allowed, decision.misses) == (False, ())
    assert [finding.message for finding in decision.findings] == ["backed: GET /api/v1/services: 403"]
