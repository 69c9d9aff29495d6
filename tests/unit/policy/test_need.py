"""What a need asks of a rule: beside resources and their names, which versions, URLs and verbs count."""

import itertools

import pytest

from gatewright.model.rbac import PolicyRule
from gatewright.model.version import LATEST, KubernetesVersion, V, parse_version
from gatewright.policy import Need, Risk, Severity
from gatewright.policy.need import words_of


def meets(need: Need, rule: PolicyRule) -> tuple[str, str, tuple[str, ...]] | None:
    hit = need.met_by(rule)
    assert hit is None or hit.rule is rule
    return hit and (hit.verb, hit.pattern, hit.names)


@pytest.mark.parametrize(
    ("names", "found"),
    [((), None), (("a",), ("a",)), (("b", "a"), ("a",)), (("b",), None), (("",), None), (("*",), None)],
)
def test_only_by_name(names: tuple[str, ...], found: tuple[str, ...] | None) -> None:
    need = Need(("update",), ("configmaps",), names=("a",), named=True)
    rule = PolicyRule(("update",), ("",), ("configmaps",), names)
    assert meets(need, rule) == (found and ("update", "configmaps", found))


def test_what_is_created_has_no_name() -> None:
    rule = PolicyRule(("create",), ("",), ("pods",), ("",))
    assert meets(Need(("create",), ("pods",), named=True), rule) is None
    assert meets(Need(("create",), ("pods",)), rule) == ("create", "pods", ())


@pytest.mark.parametrize(("verb", "names"), [("get", None), ("impersonate", None), ("impersonate:user-info", ("*",))])
def test_a_star_is_a_name_in_constrained_impersonation_alone(verb: str, names: tuple[str, ...] | None) -> None:
    assert meets(Need((verb,), ("a",)), PolicyRule((verb,), ("",), ("a",), ("*",))) == (names and (verb, "a", names))


@pytest.mark.parametrize(("verb", "is_met"), [("delete-unsafely", True), ("*", False), ("delete", False)])
def test_a_verb_by_its_name(verb: str, is_met: bool) -> None:
    rule = PolicyRule((verb,), ("",), ("pods",))
    assert (Need(("delete-unsafely",), ("pods",), literal=True).met_by(rule) is not None) is is_met


@pytest.mark.parametrize(
    ("urls", "found"),
    [
        (("*",), "*"), (("**",), "**"), (("/*",), "/*"), (("/healthz", "/*"), "/*"),
        (("/",), None), ((), None), (("/metrics",), None), (("/logs/*",), None), (("*/logs",), None), (("//*",), None),
    ],
)  # fmt: skip
def test_all_urls(urls: tuple[str, ...], found: str | None) -> None:
    need = Need(("get", "post"), (), urls=True)
    for verb, asked in (("post", "post"), ("*", "get")):
        assert meets(need, PolicyRule((verb,), non_resource_urls=urls)) == (found and (asked, found, ()))
    assert meets(need, PolicyRule(("list",), non_resource_urls=urls)) is None
    assert meets(need, PolicyRule(("get",), ("*",), ("*",))) is None


@pytest.mark.parametrize(
    ("version", "since", "before"),
    [(V(1, 34), False, True), (V(1, 35), True, False), (V(1, 36), True, False), (parse_version(LATEST), True, False)],
)
def test_versions(version: KubernetesVersion, since: bool, before: bool) -> None:
    always, later = Need(("get",), ("always",)), Need(("get",), ("since",), since=V(1, 35))
    ways = ((always,), (later,), (Need(("get",), ("before",), before=V(1, 35)),))
    risk = Risk(ways, "", Severity.LOW, None, "", forms=(Risk(ways[1:2], "", Severity.LOW, None, ""),))
    left = [need.resources[0] for way in risk.at(version).ways for need in way]
    assert left == ["always", *(["since"] if since else []), *(["before"] if before else [])]
    assert bool(risk.at(version).forms[0].ways) is since


def test_a_way_needs_all_that_it_needs() -> None:
    risk = Risk(((Need(("get",), ("a",)), Need(("get",), ("b",), since=V(1, 36))),), "", Severity.LOW, None, "")
    assert [len(risk.at(V(1, minor)).ways) for minor in (35, 36)] == [0, 1]


NEEDS = {
    "resource": Need(("get",), ("a",)),
    "subresource": Need(("get",), ("a/b",)),
    "any below": Need(("get",), ("a/",)),
    "any": Need(("get",), ()),
    "literal": Need(("get",), ("a",), literal=True),
    "urls": Need(("get",), (), urls=True),
}


@pytest.mark.parametrize("kind", NEEDS)
def test_whatever_meets_it_has_words_of_it(kind: str) -> None:
    words, resources = NEEDS[kind].words, ("a", "a/b", "a/c", "b", "*", "*/b", "*/c", "*/*", "a/*", "a/", "", "/")
    told = set()
    for verb, resource, url in itertools.product(("get", "list", "*"), resources, ("", "*", "/*", "/x")):
        rule = PolicyRule((verb,), ("",), (resource,), non_resource_urls=(url,) if url else ())
        told.add((NEEDS[kind].met_by(rule) is not None, words.meet(words_of(rule))))
    assert told == {(True, True), (False, False), *([(False, True)] if kind in {"any below", "any", "urls"} else [])}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("resource", "get * | a *"), ("subresource", "get * | a/b * */b"), ("literal", "get | a *"),
        ("urls", "get * | /"),
    ],
)  # fmt: skip
def test_words(kind: str, words: str) -> None:
    verbs, _, things = words.partition(" | ")
    assert [*map(sorted, NEEDS[kind].words)] == [sorted(verbs.split()), sorted(things.split())]
