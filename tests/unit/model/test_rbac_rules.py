import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.model import rbac_rules
from gatewright.model.rbac import PolicyRule
from gatewright.model.rbac_rules import Request, breakdown, covers, grants


def rule(verbs: str, resources: str, *, groups: Iterable[str] = ("",), names: Iterable[str] = ()) -> PolicyRule:
    return PolicyRule(tuple(verbs.split()), tuple(groups), tuple(resources.split()), tuple(names))


def urls(verbs: str, *patterns: str) -> PolicyRule:
    return PolicyRule(tuple(verbs.split()), non_resource_urls=patterns)


RBAC, CERTIFICATES, HOOKS = "rbac.authorization.k8s.io", "certificates.k8s.io", "admissionregistration.k8s.io"


@pytest.mark.parametrize(
    ("held", "asked", "granted"),
    [
        # Exact strings; `*` is special only as a whole.
        (rule("get", "pods"), Request("get", "pods"), True),
        (rule("get", "pods"), Request("GET", "pods"), False),
        (rule("Get", "pods"), Request("get", "pods"), False),
        (rule("get", "Pods"), Request("get", "pods"), False),
        (rule("get", "pods"), Request("list", "pods"), False),
        (rule("*", "pods"), Request("escalate", "pods"), True),
        (rule("g*", "pods"), Request("get", "pods"), False),
        (rule("list *", "secrets *"), Request("get", "pods"), True),
        (rule("get", "po*"), Request("get", "pods"), False),
        (rule("get", "po"), Request("get", "pods"), False),
        (rule("get", "pods", groups=["apps"]), Request("get", "pods"), False),
        (rule("get", "pods", groups=["apps", ""]), Request("get", "pods"), True),
        (rule("get", "pods", groups=["*"]), Request("get", "pods", "metrics.k8s.io"), True),
        (rule("get", "pods", groups=["*.k8s.io"]), Request("get", "pods", "metrics.k8s.io"), False),
        (rule("get", "deployments", groups=["apps/v1"]), Request("get", "deployments", "apps"), False),
        (rule("get", "deployments.apps", groups=["apps"]), Request("get", "deployments", "apps"), False),
        (rule("", "pods"), Request("get", "pods"), False),
        (rule("get", ""), Request("get", "pods"), False),
        (rule("get", "pods", groups=[]), Request("get", "pods"), False),
        # Subresources.
        (rule("create", "*"), Request("create", "pods", subresource="exec"), True),
        (rule("create", "pods/exec"), Request("create", "pods", subresource="exec"), True),
        (rule("create", "pods"), Request("create", "pods", subresource="exec"), False),
        (rule("create", "pods/exec"), Request("create", "pods"), False),
        (rule("create", "pods/exec"), Request("create", "pods", subresource="attach"), False),
        (rule("create", "*/exec"), Request("create", "pods", subresource="exec"), True),
        (rule("create", "*/exec"), Request("create", "exec"), False),
        (rule("create", "*/exec"), Request("create", "pods", subresource="ec"), False),
        (rule("create", "*/ec"), Request("create", "pods", subresource="exec"), False),
        (rule("create", "*/"), Request("create", "pods"), False),
        (rule("create", "pods/*"), Request("create", "pods", subresource="exec"), False),
        (rule("create", "pods/*"), Request("create", "pods"), False),
        (rule("create", "*/*"), Request("create", "pods", subresource="exec"), False),
        (rule("create", "*/*"), Request("create", "pods"), False),
        (rule("create", "pods/*"), Request("create", "pods", subresource="*"), True),
        (rule("create", "*/*"), Request("create", "pods", subresource="*"), True),
        (
            rule("impersonate", "userextras/a.example/b"),
            Request("impersonate", "userextras", subresource="a.example/b"),
            True,
        ),
        (
            rule("impersonate", "*/a.example/b"),
            Request("impersonate", "userextras", subresource="a.example/b"),
            True,
        ),
        (rule("impersonate", "*/b"), Request("impersonate", "userextras", subresource="a.example/b"), False),
        # Names.
        (rule("get", "pods", names=[]), Request("get", "pods", name="web"), True),
        (rule("get", "pods", names=[]), Request("list", "pods"), False),
        (rule("get", "pods", names=["web", "api"]), Request("get", "pods", name="api"), True),
        (rule("get", "pods", names=["web"]), Request("get", "pods", name="web-2"), False),
        (rule("get", "pods", names=["*"]), Request("get", "pods", name="web"), False),
        (rule("get", "pods", names=["we*"]), Request("get", "pods", name="web"), False),
        (rule("list", "pods", names=["*"]), Request("list", "pods"), False),
        (rule("create", "pods", names=["web"]), Request("create", "pods"), False),
        (rule("create", "pods", names=["web"]), Request("create", "pods", name="web"), True),  # server-side apply
        (rule("create", "pods/exec", names=["web"]), Request("create", "pods", "", "exec", "web"), True),
        (rule("create", "pods", names=[""]), Request("create", "pods"), True),
        (rule("list", "pods", names=[""]), Request("list", "pods"), True),
        (rule("list", "pods", names=["web"]), Request("list", "pods", name="web"), True),  # metadata.name=web
        (rule("deletecollection", "pods", names=[""]), Request("deletecollection", "pods"), True),
        (rule("get", "pods", names=[""]), Request("get", "pods", name="web"), False),
        (
            rule("impersonate:associated-node", "nodes", names=["*"]),
            Request(*("impersonate:associated-node", "nodes"), name="*"),
            True,
        ),
        # URLs that are no resource: the verb is the HTTP method.
        (urls("get", "/metrics"), Request("get", path="/metrics"), True),
        (urls("get", "/metrics"), Request("post", path="/metrics"), False),
        (urls("*", "/metrics"), Request("post", path="/metrics"), True),
        (urls("get", "/metrics"), Request("get", path="/metrics/"), False),
        (urls("get", "*"), Request("get", path="/anything"), True),
        (urls("get", "/healthz/*"), Request("get", path="/healthz/etcd"), True),
        (urls("get", "/healthz/*"), Request("get", path="/healthz/"), True),
        (urls("get", "/healthz/*"), Request("get", path="/healthz"), False),
        (urls("get", "/healthz*"), Request("get", path="/healthzy"), True),
        (urls("get", "/a/**"), Request("get", path="/a/b"), True),
        (urls("get", "/*/b"), Request("get", path="/a/b"), False),
        (urls("get", "/a", "/b"), Request("get", path="/b"), True),
        (urls("get", "/a"), Request("get", path=""), False),
        (rule("get", "*", groups=["*"]), Request("get", path="/metrics"), False),
        (urls("get", "*"), Request("get", "pods"), False),
        # What tools have missed, or have seen where it is not.
        (rule("bind", "rolebindings", groups=[RBAC]), Request("bind", "roles", RBAC), False),
        (rule("bind", "roles", groups=[RBAC]), Request("bind", "roles", RBAC, name="admin"), True),
        (rule("get", "nodes/proxy"), Request("get", "nodes", subresource="proxy", name="n1"), True),
        (rule("get", "*/proxy"), Request("get", "nodes", subresource="proxy", name="n1"), True),
        (rule("get", "*"), Request("get", "nodes", subresource="proxy", name="n1"), True),
        (rule("get", "secrets", names=["admin-token"]), Request("get", "secrets", name="admin-token"), True),
        (rule("*", "clusterroles", groups=[RBAC]), Request("escalate", "clusterroles", RBAC, name="x"), True),
        (rule("escalate", "*", groups=[RBAC]), Request("escalate", "clusterroles", RBAC), True),
        (rule("escalate", "clusterroles", groups=["*"]), Request("escalate", "clusterroles", RBAC), True),
        (rule("impersonate", "clusterroles", groups=[RBAC]), Request("impersonate", "users", name="a"), False),
        (rule("impersonate", "*"), Request("impersonate", "serviceaccounts", name="a", namespace="n"), True),
        (rule("approve", "signers", groups=["cert-manager.io"]), Request("approve", "signers", CERTIFICATES), False),
        (rule("approve", "signers", groups=["*"]), Request("approve", "signers", CERTIFICATES), True),
        (rule("*", "*", groups=["", "apps"]), Request("delete", "namespaces", name="a"), True),
        (
            rule("patch", "validatingwebhookconfigurations", groups=[HOOKS]),
            Request("patch", "validatingwebhookconfigurations", HOOKS, name="a"),
            True,
        ),
        (rule("create", "*/exec", groups=["*"]), Request("create", "pods", subresource="exec", name="a"), True),
    ],
)
def test_what_a_rule_grants(held: PolicyRule, asked: Request, granted: bool) -> None:
    assert grants(held, asked) is granted


def test_breakdown() -> None:
    both = PolicyRule(("get", "list"), ("", "apps"), ("pods", "*/exec"), ("x", ""), ("/a", "/b"))
    singles = list(breakdown(both))
    assert singles[:3] == [
        rule("get", "pods", names=["x"]),
        rule("get", "pods", names=[""]),
        rule("list", "pods", names=["x"]),
    ]
    assert singles[-4:] == [urls("get", "/a"), urls("list", "/a"), urls("get", "/b"), urls("list", "/b")]
    assert len(singles) == len(set(singles)) == 2 * 2 * 2 * 2 + 2 * 2
    assert list(breakdown(rule("get list", "pods"))) == [rule("get", "pods"), rule("list", "pods")]
    assert list(breakdown(PolicyRule(("get",), (), ("pods",)))) == []


@pytest.mark.parametrize(
    ("owner", "servant", "uncovered"),
    [
        ([], [], []),
        ([], [rule("get", "pods")], [rule("get", "pods")]),
        ([], [rule("get", "")], []),
        ([rule("get list", "pods")], [rule("get", "pods")], []),
        ([rule("get", "pods"), rule("list", "pods")], [rule("get list", "pods")], []),
        ([rule("get", "pods")], [rule("get list", "pods")], [rule("list", "pods")]),
        ([rule("*", "pods")], [rule("get", "pods"), rule("*", "pods")], []),
        ([rule("get list watch create update patch delete", "pods")], [rule("*", "pods")], [rule("*", "pods")]),
        (
            [rule("get", "pods", groups=["", "apps"])],
            [rule("get", "pods", groups=["*"])],
            [rule("get", "pods", groups=["*"])],
        ),
        ([rule("get", "pods", groups=["*"])], [rule("get", "pods", groups=["*", "x"])], []),
        ([rule("get", "*")], [rule("get", "pods pods/exec */exec pods/* *")], []),
        ([rule("get", "pods */exec")], [rule("get", "* pods/exec */exec pods")], [rule("get", "*")]),
        ([rule("get", "pods/exec")], [rule("get", "*/exec")], [rule("get", "*/exec")]),
        ([rule("get", "*/*")], [rule("get", "pods/* pods/exec")], [rule("get", "pods/exec")]),
        ([rule("get", "*/")], [rule("get", "pods/ pods")], [rule("get", "pods")]),
        ([rule("get", "pods")], [rule("get", "pods", names=["x"])], []),
        ([rule("get", "pods", names=["x"])], [rule("get", "pods")], [rule("get", "pods")]),
        (
            [rule("get", "pods", names=["x"])],
            [rule("get", "pods", names=["x", "y"])],
            [rule("get", "pods", names=["y"])],
        ),
        ([rule("get", "pods", names=["*"])], [rule("get", "pods", names=["y"])], [rule("get", "pods", names=["y"])]),
        ([urls("get", "/a/*")], [urls("get", "/a/b", "/a/*", "/a", "/a/b/*")], [urls("get", "/a")]),
        ([urls("get", "*")], [urls("get", "/a*", "/")], []),
        ([urls("get", "/a", "/b")], [urls("get", "*")], [urls("get", "*")]),
        ([urls("get", "/a"), urls("put", "/b")], [urls("put", "/a", "/b")], [urls("put", "/a")]),
        ([PolicyRule(("*",), ("*",), ("*",), ("x",), ("*",))], [urls("get", "/a")], [urls("get", "/a")]),
        (
            [PolicyRule(("*",), ("*",), ("*",), ("x",), ("*",))],
            [PolicyRule(("get",), ("",), ("pods",), ("x",), ("/a",))],
            [urls("get", "/a")],
        ),
    ],
)
def test_coverage(owner: list[PolicyRule], servant: list[PolicyRule], uncovered: list[PolicyRule]) -> None:
    assert covers(owner, servant) == (not uncovered, uncovered)


def test_a_rule_of_too_many_combinations_is_compared_whole() -> None:
    words = " ".join(f"w{number}" for number in range(10_000))
    huge = rule(words, words, groups=words.split(), names=words.split())
    assert covers([rule("get", "pods")], [huge, huge, rule("get", "pods secrets")]) == (
        False,
        [huge, huge, rule("get", "secrets")],
    )
    assert covers([rule("*", words, groups=["*"])], [huge]) == (True, [])


def test_how_many_combinations_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rbac_rules, "COMBINATIONS", 20)
    named = rule("a b", "x y", groups=["g", "h"], names=["m", "n"])  # 16 of them
    two = urls("a b", "/x", "/y")  # 4
    assert covers([], [named, two, rule("a", "")]) == (False, [*breakdown(named), *breakdown(two)])
    assert covers([], [named, two, rule("a", "z")]) == (False, [*breakdown(named), *breakdown(two), rule("a", "z")])
    one_more = urls("a b c d e", "/x")
    assert covers([], [named, one_more]) == (False, [*breakdown(named), one_more])


# An oracle that compares no words: what each stands for in a small universe. Of every sort there is one thing that no
# rule names, so that all the others are never the same as `*`.
VERBS, GROUPS, NAMES = ["get", "create", "other"], ["", "apps", "other"], ["", "x", "*", "other"]
RESOURCES, SUBRESOURCES = ["pods", "jobs", "exec", "other"], ["", "exec", "*", "other"]
PATHS = ["", "/", "/a", "/ab", "/a/", "/a/b", "/a/other", "/aother", "/other", "other"]
UNIVERSE = [
    *(Request(v, r, g, s, n) for v, r, g, s, n in itertools.product(VERBS, RESOURCES, GROUPS, SUBRESOURCES, NAMES)),
    *(Request(verb, path=path) for verb, path in itertools.product(VERBS, PATHS)),
]


def allowed(held: PolicyRule) -> set[Request]:
    verbs, groups = _each(held.verbs, VERBS), _each(held.api_groups, GROUPS)
    pairs = [pair for word in held.resources for pair in itertools.product(*_pair(word))]
    on_resources = itertools.product(verbs, pairs, groups, held.resource_names or NAMES)
    paths = [path for url in held.non_resource_urls for path in _paths(url)]
    return {Request(v, r, g, s, n) for v, (r, s), g, n in on_resources} | {
        Request(verb, path=path) for verb, path in itertools.product(verbs, paths)
    }


def _paths(url: str) -> list[str]:
    return [path for path in PATHS if path.startswith(url[:-1])] if url.endswith("*") else [url]


def _each(words: tuple[str, ...], everything: list[str]) -> list[str]:
    return everything if "*" in words else list(words)


def _pair(word: str) -> tuple[list[str], list[str]]:
    if word == "*":
        return RESOURCES, SUBRESOURCES
    resource, _, subresource = word.partition("/")
    return RESOURCES if resource == "*" else [resource], [subresource]


def lists(*words: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), max_size=3).map(tuple)


RULES = st.lists(
    st.one_of(
        st.builds(
            PolicyRule,
            lists("get", "create", "*"),
            lists("", "apps", "*"),
            lists("pods", "jobs", "exec", "pods/exec", "pods/*", "*/exec", "*/*", "*"),
            lists("", "x", "*"),
        ),
        st.builds(
            PolicyRule,
            lists("get", "create", "*"),
            non_resource_urls=lists("", "/", "/a", "/ab", "/a/b", "*", "/*", "/a*", "/a/*"),
        ),
    ),
    max_size=4,
)


@settings(deadline=None)
@given(RULES)
def test_a_rule_grants_what_its_words_stand_for(rules: list[PolicyRule]) -> None:
    for held in rules:
        assert {request for request in UNIVERSE if grants(held, request)} == allowed(held)
        assert set().union(*map(allowed, breakdown(held))) == allowed(held)


@settings(deadline=None)
@given(RULES, RULES)
def test_coverage_is_of_all_that_is_allowed(owner: list[PolicyRule], servant: list[PolicyRule]) -> None:
    owned = [allowed(held) for held in owner]
    singles = [single for held in servant for single in breakdown(held)]
    missing = [single for single in singles if not any(allowed(single) <= one for one in owned)]
    assert covers(owner, servant) == (not missing, missing)
    assert covers(servant, servant) == (True, [])
