"""What rules make up: needs against upstream's own matching of a rule, and rows of a catalogue."""

import itertools
from collections.abc import Iterator

import pytest

from gatewright.model.rbac import ALL, PolicyRule
from gatewright.model.rbac_rules import Request, grants
from gatewright.policy import READ, WRITE, Need, Risk, Severity, is_all, is_untold, made_up
from gatewright.policy.need import words_of

LOW, MEDIUM, HIGH, CRITICAL = Severity

# A small universe: every rule of one or two words of a sort, against every request that is made of its kind.
VERBS = ("get", "list", "create", "deletecollection", "escalate", "impersonate:x")
ASKED = ("pods", "services", "pods/exec", "certificatesigningrequests/nodeclient")
NAMES = ("", "x", "y", ALL)
RULES = [
    PolicyRule(verbs, groups, resources, names)
    for verbs in [*((verb,) for verb in VERBS), ("create", "patch"), ("create", "update"), (ALL,)]
    for groups in [(), ("",), ("apps",), ("apps", ALL)]
    for resources in [*((one,) for one in ASKED), (ALL,), ("*/exec", "pods"), ("pods/*", "*/*"), ("exec",)]
    for size in range(3)
    for names in itertools.combinations(NAMES, size)
]


def requests(rule: PolicyRule, verb: str, resource: str) -> Iterator[Request]:
    """What may be asked in its place, and would be granted; the name is the object's."""
    kind, _, sub = resource.partition("/")
    for name in names_of(verb, resource):
        asked = [Request(verb, kind, "", sub, name)]
        if verb == "create" and not sub and name:  # by server-side apply, or by a PUT of a kind that allows it
            asked.append(Request("patch", kind, "", sub, name))
            by_put = Request("update", kind, "", sub, name)
            if kind == "services" and grants(rule, by_put):
                asked = asked[:1]
        if all(grants(rule, one) for one in asked):
            yield asked[0]


def names_of(verb: str, resource: str) -> tuple[str, ...]:
    if resource.endswith("/nodeclient") or verb == "deletecollection":
        return ("",)
    if "/" in resource:
        return ("x", "y", *((ALL,) if verb.startswith("impersonate:") else ()))
    unnamed = ("",) if verb in {"create", "list", "escalate"} else ()
    return (*unnamed, "x", "y", *((ALL,) if verb.startswith("impersonate:") else ()))


@pytest.mark.parametrize("resource", ASKED)
@pytest.mark.parametrize("verb", VERBS)
def test_a_need_is_met_where_a_request_is_granted(verb: str, resource: str) -> None:
    if resource.endswith("/nodeclient") and verb != "create":
        verb = "create"
    if "/" in resource and verb == "deletecollection":
        verb = "get"
    for rule in RULES:
        granted = {request.name for request in requests(rule, verb, resource)}
        hit = Need((verb,), (resource,)).met_by(rule)
        assert (hit is not None) == bool(granted), rule
        if hit:
            assert (hit.rule, hit.verb, hit.resource) == (rule, verb, resource)
            assert hit.pattern in rule.resources
            is_whole = "" in granted or not rule.resource_names
            assert set(hit.names) == (set() if is_whole else granted), rule
            unnamed = Need((verb,), (resource,), unnamed=True).met_by(rule)
            assert (unnamed is not None) == is_whole, rule
            only_x = Need((verb,), (resource,), names=("x",)).met_by(rule)
            assert (only_x and only_x.names) == (() if is_whole else ("x",) if "x" in granted else None), rule
        else:
            assert Need((verb,), (resource,), unnamed=True).met_by(rule) is None


@pytest.mark.parametrize(
    ("need", "rule", "pattern"),
    [
        (Need(("get",), ("a", "b")), PolicyRule(("get",), ("",), ("b", "a")), "a"),
        (Need(("get", "list"), ("a",)), PolicyRule(("list",), ("",), ("a",)), "a"),
        (Need(("get",), ("a",), ("x", "y")), PolicyRule(("get",), ("y",), ("a",)), "a"),
        (Need(("get",), ("a",), ("x",)), PolicyRule(("get",), ("",), ("a",)), None),
        (Need(("get",), ("a",), ()), PolicyRule(("get",), ("x",), ("a",)), "a"),
        (Need(("get",), ("a",), ()), PolicyRule(("get",), (), ("a",)), None),
        (Need(("get",), (), ()), PolicyRule(("get",), ("x",), ("a/b",)), "a/b"),
        (Need(("get",), (), ()), PolicyRule(("get",), ("x",), ("a/*",)), None),
        (Need(("get",), ("a/",)), PolicyRule(("get",), ("",), ("a", "a/", "a/*", "*/b")), None),
        (Need(("get",), ("a/",)), PolicyRule(("get",), ("",), ("a", "a/b")), "a/b"),
        (Need(("get",), ("a/",)), PolicyRule(("get",), ("",), (ALL,)), ALL),
    ],
)
def test_any_of_them(need: Need, rule: PolicyRule, pattern: str | None) -> None:
    hit = need.met_by(rule)
    assert (hit and hit.pattern) == pattern


def risk(
    *ways: tuple[Need, ...], lets: str = "do it {where}", namespaced: Severity | None = MEDIUM, **more: object
) -> Risk:
    return Risk(ways, lets, CRITICAL, namespaced, "do not", **more)  # type: ignore[arg-type]  # each test says which


GET, MAKE, SIGN = Need(("get",), ("a",)), Need(("create",), ("a",)), Need(("sign",), ("b",))


def rule(verbs: str, resources: str, *names: str, group: str = "") -> PolicyRule:
    return PolicyRule(tuple(verbs.split()), (group,), tuple(resources.split()), names)


def found(row: Risk, *rules: PolicyRule, everywhere: bool = True, raised: bool = False) -> Severity | None:
    one = row.found(rules, everywhere=everywhere, raised=raised)
    return one and one.severity


def test_how_bad_it_is() -> None:
    whole, named = rule("get", "a"), rule("get", "a", "x")
    row = risk((GET,), rises=True)
    assert [found(row, whole), found(row, whole, everywhere=False)] == [CRITICAL, MEDIUM]
    assert found(row, whole, everywhere=False, raised=True) == CRITICAL
    assert found(risk((GET,)), whole, everywhere=False, raised=True) == MEDIUM
    assert [found(row, named), found(row, named, everywhere=False)] == [HIGH, LOW]
    assert found(row, named, whole) == CRITICAL
    assert found(risk((GET,), eases=False), named) == CRITICAL
    assert found(risk((GET,), namespaced=LOW), named, everywhere=False) == LOW
    assert found(risk((GET,), namespaced=None, rises=True), whole, everywhere=False, raised=True) is None
    assert found(row, rule("list", "a")) is None


def test_all_needs_of_a_way_by_whichever_rules() -> None:
    row = risk((GET, SIGN), (MAKE,))
    assert found(row, rule("get", "a")) is None
    assert found(row, rule("get", "a"), rule("sign", "b")) == CRITICAL
    assert found(row, rule("create", "a")) == CRITICAL
    assert found(row, rule("get", "a", "x"), rule("sign", "b")) == CRITICAL
    assert found(row, rule("get", "a", "x"), rule("sign", "b", "y")) == HIGH


def test_forms_have_words_of_their_own_and_the_worst_is_found() -> None:
    inner = risk((MAKE,), lets="make {any:thing}", namespaced=None)
    row = risk((GET,), lets="get {every:thing} {where}", forms=(inner,))
    rules = [rule("get create", "a")]
    everywhere, within = (row.found(rules, everywhere=one) for one in (True, False))
    assert everywhere is not None
    assert within is not None
    assert everywhere.risk is inner
    assert everywhere.risk.says(everywhere.hits, "here") == "make any thing"
    assert within.risk is row
    assert within.risk.says(within.hits, "here") == "get every thing here"


def words(row: Risk, *rules: PolicyRule) -> str:
    return row.says(row.hits(row.ways[0], rules), "here")


def test_words() -> None:
    row, two = risk((GET,)), risk((GET, SIGN))
    assert words(row, rule("get", "a")) == "do it here"
    assert words(row, rule("get", "a", "x", "y")) == 'do it here, only "x", "y"'
    assert words(row, rule("get", "a", *"vwxyz")) == 'do it here, only "v", "w", "x" and 2 more'
    assert words(row, rule("*", "a")) == 'do it here (by verbs "*")'
    assert words(row, rule("*", "*", "x")) == 'do it here, only "x" (by verbs "*", resources "*")'
    assert words(two, rule("get", "a", "x"), rule("sign", "b")) == "do it here"
    assert words(two, rule("get", "a", "x"), rule("sign", "b", "y", "x")) == 'do it here, only "x", "y"'
    named = risk((GET, SIGN), lets="get {any:thing}, {every:thing}")
    assert words(named, rule("get", "a"), rule("sign", "b")) == "get any thing, every thing"
    assert words(named, rule("get", "a", "x"), rule("sign", "b")) == 'get thing "x", thing "x"'


ALL_OF_CORE, READS, WRITES = rule("*", "*"), rule("get list watch", "*"), rule("create update patch", "*")


@pytest.mark.parametrize(
    ("need", "rules", "is_implied"),
    [
        (GET, [READS], True),
        (GET, [READS, rule("get", "a")], True),
        (GET, [rule("get", "a")], False),
        (GET, [rule("get", "*", "x")], False),
        (GET, [WRITES], False),
        (GET, [ALL_OF_CORE], True),
        (MAKE, [WRITES], True),
        (SIGN, [ALL_OF_CORE], True),
        (SIGN, [rule("sign", "*"), READS, WRITES], False),
        (Need(("delete", "create"), ("a",)), [rule("delete create", "*")], True),
        (Need(("get",), ("a",), ("apps",)), [rule("get", "*", group="apps")], False),
        (Need(("create",), ("a",), ("apps",)), [rule("create", "*", group="apps")], True),
        (Need(("create",), ("a",), ("batch",)), [rule("*", "*", group="batch")], True),
        (Need(("create",), ("a",), ("x",)), [rule("create", "*", group="x")], False),
        (Need(("create",), ("a",), ("x",)), [rule("create", "*", group="*")], True),
        (Need(("get",), ("a",), ("x",)), [rule("get", "*", group="*")], True),
        (Need(("sign",), ("a",), ("apps",)), [rule("*", "*", group="apps")], False),
    ],
)
def test_what_rules_for_everything_imply_is_theirs_to_tell(
    need: Need, rules: list[PolicyRule], is_implied: bool
) -> None:
    row = risk((need,))
    assert row.is_implied(rules) is is_implied
    assert (found(row, *rules) is None) == (is_implied or not row.hits(row.ways[0], rules))


def test_a_way_is_implied_by_all_its_needs() -> None:
    row = risk((GET, SIGN), (MAKE, SIGN))
    assert not row.is_implied([READS, rule("sign", "b")])
    assert row.is_implied([READS, ALL_OF_CORE])


def test_who_speaks_for_whom() -> None:
    write, read = risk((Need(WRITE, (ALL,)),), told_by=is_all), risk((Need(READ, (ALL,)),), told_by=is_all)
    everything = risk((Need((ALL,), (ALL,)),), told_by=is_untold)
    assert [found(row, ALL_OF_CORE) for row in (everything, write, read)] == [CRITICAL, None, None]
    assert [found(row, READS, WRITES) for row in (everything, write, read)] == [None, CRITICAL, CRITICAL]
    assert found(write, rule("*", "*", group="apps")) is None  # the need is of the core group
    assert found(risk((Need(WRITE, (ALL,), ("apps",)),), told_by=is_all), rule("*", "*", group="apps")) == CRITICAL


def test_where_it_gives_something() -> None:
    row = risk((GET,), only_in=("sys",))
    assert [row.gives_in(namespaces) for namespaces in ((), ("a",), ("a", "sys"))] == [True, False, True]
    assert row.found([rule("get", "a")], everywhere=False, namespaces=("a",)) is None
    assert row.found([rule("get", "a")], everywhere=False, namespaces=("sys",)) is not None


def test_what_none_of_its_needs_and_forms_mentions_is_no_part_of_it() -> None:
    row = risk((GET, SIGN), forms=(risk((MAKE,)),))
    parts = rule("get", "a"), rule("sign", "b"), rule("create", "a"), rule("*", "b"), rule("get", "*")
    assert all(row.is_about([words_of(one)]) for one in parts)
    assert not row.is_about(map(words_of, [rule("list", "a"), rule("get", "x"), rule("", "*"), rule("*", "a/b")]))
    assert row.is_about(map(words_of, [rule("list", "a"), rule("get", "a")]))
    assert not risk().is_about([words_of(ALL_OF_CORE)])


def test_all_that_rules_make_up() -> None:
    rows = {"a": risk((GET,)), "b": risk((SIGN,), rises=True), "c": risk((SIGN,), only_in=("sys",)), "d": risk((MAKE,))}
    given = (one for one in [rule("get", "a", "x"), rule("sign", "b")])
    told = dict(made_up(given, rows, everywhere=False, raised=True, namespaces=("n",)))
    assert {id_: (one.risk, one.severity) for id_, one in told.items()} == {
        "a": (rows["a"], LOW),
        "b": (rows["b"], CRITICAL),
    }
    assert [id_ for id_, _ in made_up([rule("sign", "b")], rows, everywhere=True)] == ["b", "c"]
