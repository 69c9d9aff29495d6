"""Where a kind is served: what the API server says of it, and that nothing else counts as its word."""

import pytest

from gatewright.cluster.discovery import Served, find
from gatewright.engine.world import Unavailable
from tests.builders import Object, raises
from tests.unit.cluster.apis import Api

GROUP, KEY = "gateway.networking.k8s.io", "TLSRoute.gateway.networking.k8s.io"


def groups(*versions: str) -> Object:
    """Two groups, of which one has these versions."""
    others = {"name": "apps", "versions": [{"groupVersion": "apps/v1"}]}
    wanted = {"name": GROUP, "versions": [{"groupVersion": f"{GROUP}/{version}"} for version in versions]}
    return {"kind": "APIGroupList", "groups": [others, wanted] if versions else [others]}


def resources(*names: tuple[str, str]) -> Object:
    listed = [{"name": name, "kind": kind, "namespaced": True, "verbs": ["get", "list"]} for name, kind in names]
    return {"kind": "APIResourceList", "resources": listed}


def test_it_is_found_at_the_first_version_that_has_it() -> None:
    api = Api(
        {
            "/apis": groups("v1", "v1alpha3", "v1alpha2"),
            f"/apis/{GROUP}/v1": resources(("httproutes", "HTTPRoute")),
            f"/apis/{GROUP}/v1alpha3": resources(("tlsroutes/status", "TLSRoute"), ("tlsroutes", "TLSRoute")),
        }
    )
    served = find(api, KEY)
    assert served == Served(f"/apis/{GROUP}/v1alpha3", "tlsroutes", True)
    assert served.api_version == f"{GROUP}/v1alpha3"
    assert served.path() == f"/apis/{GROUP}/v1alpha3/tlsroutes"
    assert served.path("shop") == f"/apis/{GROUP}/v1alpha3/namespaces/shop/tlsroutes"


def test_it_is_not_served_where_the_api_server_does_not_name_it() -> None:
    assert find(Api({"/apis": groups()}), KEY) is None
    nothing = resources(("tlsroutes/status", "TLSRoute"))
    assert find(Api({"/apis": groups("v1"), f"/apis/{GROUP}/v1": nothing}), KEY) is None


def test_nor_where_it_can_only_be_created() -> None:
    reviews = {"name": "tlsroutes", "kind": "TLSRoute", "verbs": ["create"]}
    created = {"kind": "APIResourceList", "resources": [reviews]}
    assert find(Api({"/apis": groups("v1"), f"/apis/{GROUP}/v1": created}), KEY) is None


def test_the_core_group_has_a_place_of_its_own() -> None:
    api = Api(
        {"/api/v1": {"kind": "APIResourceList", "resources": [{"name": "nodes", "kind": "Node", "verbs": ["list"]}]}}
    )
    served = find(api, "Node")
    assert served == Served("/api/v1", "nodes", False)
    assert (served.api_version, served.path("shop")) == ("v1", "/api/v1/nodes")


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({}, "GET /apis: 404 Not Found"),
        ({"/apis": {"kind": "Status"}}, "GET /apis: the answer is no list of groups"),
        ({"/apis": groups("v1")}, f"GET /apis/{GROUP}/v1: 404 Not Found"),
        (
            {"/apis": groups("v1"), f"/apis/{GROUP}/v1": {"resources": []}},
            f"GET /apis/{GROUP}/v1: the answer is no list of resources",
        ),
    ],
)
def test_silence_is_not_the_word_of_an_api_server(answers: dict[str, Object], reason: str) -> None:
    with raises(Unavailable, reason):
        find(Api(answers), KEY)
