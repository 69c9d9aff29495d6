import pytest

from gatewright.model.meta import Metadata
from gatewright.model.rbac import ClusterRole, PolicyRule, RoleBinding, Subject
from gatewright.model.rbac_rules import Request
from gatewright.model.rbac_words import named, request_of, somebody, titled, told
from gatewright.model.review import UserInfo

LOGGED_IN = "system:authenticated"
PROGRAMS = ("system:serviceaccounts", "system:serviceaccounts:shop", LOGGED_IN)
WEB = UserInfo("system:serviceaccount:shop:web", "", PROGRAMS)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("pods", Request("get", "pods")),
        ("pods/exec", Request("get", "pods", subresource="exec")),
        ("services/proxy/x", Request("get", "services", subresource="proxy/x")),
        ("deployments", Request("get", "deployments", "apps")),
        ("deployments.apps/scale", Request("get", "deployments", "apps", "scale")),
        ("deployments.v1.apps", Request("get", "deployments", "apps")),
        (
            "flowschemas.v1beta3.flowcontrol.apiserver.k8s.io",
            Request("get", "flowschemas", "flowcontrol.apiserver.k8s.io"),
        ),
        ("widgets.example.org", Request("get", "widgets", "example.org")),
        ("widgets.v1k.example.org", Request("get", "widgets", "v1k.example.org")),
        ("widgets.", Request("get", "widgets")),
        ("pods.v1", Request("get", "pods")),
        ("users", Request("get", "users")),
        ("*", Request("get", "*")),
        ("*.*", Request("get", "*", "*")),
        ("/healthz", Request("get", path="/healthz")),
    ],
)
def test_a_resource(resource: str, expected: Request) -> None:
    assert request_of("get", resource) == expected


def test_where_and_which() -> None:
    assert request_of("get", "pods", "web", "shop") == Request("get", "pods", name="web", namespace="shop")
    assert request_of("get", "nodes", "n1", "shop") == Request("get", "nodes", name="n1")
    assert request_of("get", "namespaces", "team", "shop") == Request(
        "get", "namespaces", name="team", namespace="team"
    )
    assert request_of("list", "namespaces", "", "shop") == Request("list", "namespaces")
    nodes = Request("get", "nodes", "metrics.k8s.io", namespace="shop")
    assert request_of("get", "nodes.metrics.k8s.io", "", "shop") == nodes


@pytest.mark.parametrize("resource", ["", "/", "pods/", "pods//", "pods//x", ".apps"])
def test_what_is_no_resource(resource: str) -> None:
    if resource == "/":
        assert request_of("get", resource) == Request("get", path="/")
        return
    with pytest.raises(ValueError, match=r"^a resource is one like pods, pods/exec or deployments.apps, or a URL like"):
        request_of("get", resource)


@pytest.mark.parametrize("resource", ["po", "Pods", "pod", "deploy", "leases", "widgets/status"])
def test_a_name_that_is_not_known(resource: str) -> None:
    with pytest.raises(ValueError, match=r"^it is not known by this name alone; write the plural and its API group"):
        request_of("get", resource)


@pytest.mark.parametrize("verb", ["", "GET", "List"])
def test_what_is_no_verb(verb: str) -> None:
    with pytest.raises(ValueError, match=r"^a verb is written in small letters, like get$"):
        request_of(verb, "pods")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("shop/web", WEB),
        ("system:serviceaccount:shop:web", WEB),
        ("user:system:serviceaccount:shop:web", WEB),
        ("jane", UserInfo("jane", "", (LOGGED_IN,))),
        ("user:corp/jane", UserInfo("corp/jane", "", (LOGGED_IN,))),
        ("user:group:devs", UserInfo("group:devs", "", (LOGGED_IN,))),
        ("https://issuer.example/#1", UserInfo("https://issuer.example/#1", "", (LOGGED_IN,))),
        ("group:devs", UserInfo("", "", ("devs", LOGGED_IN))),
        ("group:system:serviceaccounts:shop", UserInfo("", "", (PROGRAMS[1], PROGRAMS[0], LOGGED_IN))),
        ("group:system:unauthenticated", UserInfo("", "", ("system:unauthenticated",))),
        ("system:anonymous", UserInfo("system:anonymous", "", ("system:unauthenticated",))),
    ],
)
def test_somebody(text: str, who: UserInfo) -> None:
    assert somebody(text) == who
    assert somebody(text, ("a", "b")) == UserInfo(who.username, "", (*who.groups, "a", "b"))


@pytest.mark.parametrize("text", ["", "group:", "user:", "shop/", "/web", "/"])
def test_nobody(text: str) -> None:
    with pytest.raises(ValueError, match=r"^somebody is a user, NAMESPACE/NAME of a service account, or group:NAME$"):
        somebody(text)


def test_a_subject_by_its_name() -> None:
    assert named(Subject(kind="ServiceAccount", name="web"), "shop") == "ServiceAccount shop/web"
    assert named(Subject(kind="User", name="system:serviceaccount:shop:web"), "") == "ServiceAccount shop/web"
    assert named(Subject(kind="ServiceAccount", name="web"), "") == 'ServiceAccount "web"'
    assert named(Subject(kind="Group", name='a"b\u202e'), "shop") == 'Group "a\\"b\\u202e"'


def test_an_object_by_its_name() -> None:
    assert titled(ClusterRole(metadata=Metadata(name="view"))) == "ClusterRole view"
    assert titled(RoleBinding(metadata=Metadata(name="a\u202e", namespace="shop"))) == "RoleBinding shop/a\\u202e"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (PolicyRule(("get", "list"), ("",), ("secrets", "pods/log")), "get, list secrets, pods/log"),
        (PolicyRule(("get",), ("apps",), ("deployments",)), "get deployments of apps"),
        (PolicyRule(("*",), ("", "apps"), ("*",)), "* * of the core group, apps"),
        (PolicyRule(("get",), ("",), ("secrets",), ("a", "")), 'get secrets (only "a", "")'),
        (PolicyRule(("get",), non_resource_urls=("/healthz", "/api/*")), "get /healthz, /api/*"),
        (PolicyRule(("g\n",), ("",), ("\u202e",)), "g\\u000a \\u202e"),
    ],
)
def test_a_rule(rule: PolicyRule, words: str) -> None:
    assert told(rule) == words
