"""What a look-up asks for, and which answers it takes."""

import json
import time
from typing import Any

import pytest

from gatewright.cluster import reading
from gatewright.cluster.api import MOST_BYTES
from gatewright.cluster.reading import LISTING, PAGE, Listed, read
from gatewright.engine.decision import Miss
from gatewright.engine.world import Unavailable
from gatewright.model.cluster import Namespace
from gatewright.model.pod import Pod
from tests.builders import Object, namespace, pod, raises
from tests.unit.cluster.apis import Api

PODS = "/api/v1/namespaces/shop/pods"
ALL = Miss(Pod, "shop", "")


def page(*names: str, following: str = "", left: int = 0, within: str = "shop") -> Object:
    """A PodList of pods with these names."""
    meta = {"continue": following, "remainingItemCount": left} if following else {"resourceVersion": "1"}
    items = [pod({"metadata.name": name, "metadata.namespace": within}) for name in names]
    return {"kind": "PodList", "apiVersion": "v1", "metadata": meta, "items": items}


def names(listed: Listed[Pod]) -> list[str]:
    """The names in a list."""
    return [one.metadata.name for one in listed.objects.within("shop")]


@pytest.mark.parametrize(
    ("miss", "reason"),
    [
        (Miss(Namespace, None, "victim/pods"), '"victim/pods" is no name of a Namespace'),
        (Miss(Namespace, None, "../nodes?x="), '"../nodes?x=" is no name of a Namespace'),
        (Miss(Namespace, None, "%2e%2e"), '"%2e%2e" is no name of a Namespace'),
        (Miss(Namespace, None, ".."), '".." is no name of a Namespace'),
        (Miss(Namespace, None, "shop\n"), '"shop\\u000a" is no name of a Namespace'),
        (Miss(Namespace, None, "Shop"), '"Shop" is no name of a Namespace'),
        (Miss(Namespace, None, "a.b"), '"a.b" is no name of a Namespace'),
        (Miss(Namespace, None, "a" * 64), f'"{"a" * 63}" is no name of a Namespace'),
        (Miss(Pod, "victim/pods", ""), '"victim/pods" is no name of a Namespace'),
        (Miss(Pod, "../nodes?x=", ""), '"../nodes?x=" is no name of a Namespace'),
        (Miss(Pod, "%2e%2e", "web"), '"%2e%2e" is no name of a Namespace'),
        (Miss(Pod, "", ""), '"" is no name of a Namespace'),
        (Miss(Pod, "shop", "web/log"), '"web/log" is no name of a Pod'),
        (Miss(Pod, "shop", ".."), '".." is no name of a Pod'),
        (Miss(Pod, "shop", "web?a=b"), '"web?a=b" is no name of a Pod'),
        (Miss(Pod, "shop", "-web"), '"-web" is no name of a Pod'),
        (Miss(Pod, None, "web"), "a Pod is asked for without a namespace"),
    ],
)
def test_what_no_object_can_be_called_does_not_become_a_path(miss: Miss, reason: str) -> None:
    api = Api()
    with raises(Unavailable, reason):
        read(api, miss)
    assert api.calls == []


@pytest.mark.parametrize(
    ("miss", "path"),
    [
        (Miss(Namespace, None, "a"), "/api/v1/namespaces/a"),
        (Miss(Namespace, None, "a-1-b"), "/api/v1/namespaces/a-1-b"),
        (Miss(Pod, "1", "web-0.db.x"), "/api/v1/namespaces/1/pods/web-0.db.x"),
    ],
)
def test_every_other_name_does(miss: Miss, path: str) -> None:
    api = Api({path: "404"})
    assert read(api, miss) is None
    assert api.calls == [("get", path, {})]


@pytest.mark.parametrize(
    "other",
    [
        namespace("other"),
        namespace() | {"kind": "Node"},
        pod({"metadata.name": "shop"}),
        {"kind": "NamespaceList", "items": [namespace()]},
    ],
    ids=lambda item: item["kind"],
)
def test_an_answer_that_is_another_object_is_none(other: Object) -> None:
    with raises(Unavailable, "GET /api/v1/namespaces/shop: the answer is another object"):
        read(Api({"/api/v1/namespaces/shop": other}), Miss(Namespace, None, "shop"))


def test_nor_is_a_pod_of_another_namespace() -> None:
    api = Api({f"{PODS}/web": pod({"metadata.namespace": "other"})})
    with raises(Unavailable, f"GET {PODS}/web: the answer is another object"):
        read(api, Miss(Pod, "shop", "web"))


@pytest.mark.parametrize("other", [page("a") | {"kind": "NodeList"}, page("a", within="other"), pod()])
def test_nor_is_another_list(other: Object) -> None:
    with raises(Unavailable, f"GET {PODS}: the answer is another list"):
        read(Api({PODS: other}), ALL)


def test_a_list_is_read_by_its_pages() -> None:
    pages = [page("c", "b", following="x", left=3), page("a", following="y", left=1), page("d")]
    sizes = [len(json.dumps(one)) for one in pages]
    api = Api(dict(zip((PODS, f"{PODS}?continue=x", f"{PODS}?continue=y"), pages, strict=True)))
    listed = read(api, ALL)
    assert (names(listed), listed.number, listed.left) == (["a", "b", "c", "d"], 4, 0)
    assert listed.size == sum(sizes)
    assert api.calls == [
        ("get", PODS, {"limit": 500}),
        ("get", PODS, {"limit": 500, "continue": "x"}),
        ("get", PODS, {"limit": 500, "continue": "y"}),
    ]
    assert MOST_BYTES == 32 * 1024**2
    assert api.most == [MOST_BYTES, MOST_BYTES - sizes[0], MOST_BYTES - sizes[0] - sizes[1]]


def test_an_empty_list_may_be_null() -> None:
    assert read(Api({PODS: page() | {"items": None}}), ALL).number == 0


def test_three_thousand_are_read_and_the_rest_is_counted() -> None:
    pages: dict[str, Object | str] = {PODS: page(*(f"a{number}" for number in range(PAGE)), following="0", left=2501)}
    for number in range(5):
        left = 2001 - number * PAGE
        some = (f"{'bcdef'[number]}{one}" for one in range(PAGE))
        pages[f"{PODS}?continue={number}"] = page(*some, following=f"{number + 1}", left=left)
    listed = read(Api(pages | {f"{PODS}?continue=5": "must not be asked for"}), ALL)
    assert (listed.number, listed.left) == (3000, 1)


def test_what_is_left_is_one_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PODS", 1)
    assert read(Api({PODS: page("a") | {"metadata": {"continue": "x"}}}), ALL).left == 1


def test_a_list_has_so_many_bytes_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    first = page("a", following="x", left=9)
    monkeypatch.setattr(reading, "MOST_BYTES", len(json.dumps(first)))
    api = Api({PODS: first, f"{PODS}?continue=x": page("b")})
    listed = read(api, ALL)
    assert (names(listed), listed.left) == (["a"], 9)
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    with raises(Unavailable, f"GET {PODS}: more than 100 bytes"):
        read(api, ALL)


def test_its_pages_have_so_much_time_together(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    api = Api({PODS: page("a", following="x", left=9), f"{PODS}?continue=x": page("b")})

    def pass_by() -> None:
        now[0] += 2

    api.before = pass_by
    assert read(api, ALL).number == 2
    assert api.timeouts == [LISTING, LISTING - 2] == [3.0, 1.0]


def test_a_page_that_fails_fails_the_list() -> None:
    api = Api({PODS: page("a", following="x", left=9), f"{PODS}?continue=x": "410 Gone"})
    with raises(Unavailable, f"GET {PODS}: 410 Gone"):
        read(api, ALL)


def test_an_object_is_held_as_it_was_sent() -> None:
    item: dict[str, Any] = {**pod(), "status": {"fieldOfTomorrow": [1, None]}}
    listed = read(Api({PODS: {**page(), "items": [item]}}), ALL)
    assert [one.raw for one in listed.objects.within("shop")] == [item]
