from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gatewright import wiring
from gatewright.engine import cases
from gatewright.engine import memory as memory_
from gatewright.engine.decision import Mode
from gatewright.engine.engine import Engine
from gatewright.engine.memory import Memory, Remembered, Rules
from gatewright.engine.reading import the_document
from gatewright.engine.rules import Rule, Scope, compile_rules
from gatewright.engine.world import ClosedWorld
from gatewright.model.pod import TEMPLATES, Pod, PodTemplate
from gatewright.model.review import AdmissionRequest
from gatewright.model.schema import decode
from gatewright.policy import Set, Violation, Violations
from tests.builders import Object, built_in, declared, encoded, engine_of, found, load, pod, request, workload

CASES = Path(__file__).parents[2] / "policies"
OTHER = {"spec.containers[0].name": "other", "spec.containers[0].image": "registry.example/other:2"}


def judged() -> Iterator[AdmissionRequest]:
    """What the cases of all policies ask of pods."""
    asked: dict[object, AdmissionRequest] = {}
    judge = Engine.judge

    def note(engine: Engine, review: AdmissionRequest, *rest: object) -> object:
        if review.kind.key in TEMPLATES:
            asked[review.kind, review.operation, bytes(review.object), bytes(review.old_object)] = review
        return judge(engine, review, *rest)  # type: ignore[arg-type]  # as it was called

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "judge", note)
        for file in sorted(CASES.rglob("*.yaml")):
            for _ in cases.run(the_document(file.read_bytes(), str(file)), built_in()):
                pass
    yield from asked.values()


def test_what_is_remembered_changes_no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list(judged())
    assert len(asked) > 3000
    configuration = load("{}", "strict")
    remembering = Engine(configuration, ClosedWorld([]))
    decisions = [[remembering.judge(review) for _ in range(3)] for review in asked]
    monkeypatch.setattr("gatewright.engine.judgement.LARGEST", -1)
    forgetting = Engine(configuration, ClosedWorld([]))
    assert [review for review, one in zip(asked, decisions, strict=True) if [forgetting.judge(review)] * 3 != one] == []


def rule(check: Callable[..., Violations], *asks: str) -> Rule:
    """A compiled rule that is taken for a function of the pod."""
    any_pod = built_in().entries["privileged"].policy
    made = compile_rules(load(), [(any_pod, Pod)], Scope((0,), None, False, False))[0]
    return replace(made, call=check, is_function=True, asks=asks)


def typed(document: Object) -> Pod:
    """A Pod in namespace shop."""
    return Pod(decode(PodTemplate, encoded(document)), "shop", False, lambda: document)


def silent(_: Pod) -> Violations:
    """Says nothing."""
    yield from ()


def by_image(pod: Pod) -> Violations:
    """Says something of other images."""
    if pod.containers[0].image.startswith("registry.example/other"):
        yield Violation(pod.containers[0], "image", "is another one")


def stubborn(pod: Pod) -> Violations:
    """Takes what it cannot read for nothing."""
    try:
        yield from by_image(pod)
    except BaseException:  # noqa: BLE001  # what is tested
        return


def broken(pod: Pod) -> Violations:
    """Raises."""
    raise LookupError(pod.namespace)


def said(pod: Pod) -> Violations:
    """Says something of every container but the first."""
    for container in pod.containers[1:]:
        yield Violation(container, "image", f"{container.label} is too much", fix=Set("none"))
    yield Violation(pod.spec, "hostNetwork", "is on the network")


def twice(pod: Pod) -> Violations:
    """Names two containers in one message."""
    first, second = pod.containers
    yield Violation(first, "name", f"{first.label} is beside {second.label}")


def endless(pod: Pod) -> Violations:
    """Does not stop."""
    while True:
        yield Violation(pod.spec, "", "is wrong")


def asked(memory: Memory, rules: Rules, subject: Pod, *absent: str) -> Remembered:
    """What is known of a Pod's outline when it comes for the second time."""
    memory.of(rules, subject, (), absent)
    remembered = memory.of(rules, subject, (), absent)
    assert remembered
    return remembered


def test_a_rule_that_says_nothing_of_an_outline_is_not_asked_again() -> None:
    rules = (rule(silent), rule(by_image), rule(stubborn), rule(broken), replace(rule(silent), is_function=False))
    memory = Memory()
    for document in (pod(), pod(OTHER)):
        assert asked(memory, rules, typed(document)) == (rules, rules[1:], rules[1:], ())


def test_an_outline_that_comes_once_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_, "MET", 2)
    rules, memory = (rule(silent),), Memory()
    subjects = [Pod(typed(pod()).template, name, False, dict) for name in "abcacc"]
    known = [memory.of(rules, subject, (), ()) for subject in subjects]
    assert known == [None, None, None, None, (rules, (), (), ()), (rules, (), (), ())]


def test_what_it_says_it_says_of_the_containers_of_each_pod() -> None:
    rules, memory = (rule(said), rule(silent), rule(twice)), Memory()
    for names in (["a", "b"], ["c", "\0"], ["1", "0"]):
        subject = typed(pod({"spec.containers": [{"name": name} for name in names]}))
        remembered = asked(memory, rules, subject)
        assert (remembered.outspoken, remembered.unknown) == ((rules[0], rules[2]), ())
        first, second = (container.label for container in subject.containers)
        assert [(one.message, one.about, one.path, one.fix) for one in remembered.of(subject)] == [
            (f"{second} is too much", second, ("spec", "containers", 1, "image"), Set("none")),
            ("is on the network", "", ("spec", "hostNetwork"), None),
            (f"{first} is beside {second}", first, ("spec", "containers", 0, "name"), None),
        ]


def test_one_that_does_not_stop_is_asked_where_there_is_a_deadline() -> None:
    rules = (rule(endless),)
    assert asked(Memory(), rules, typed(pod())) == (rules, rules, rules, ())


def test_no_more_is_remembered_than_so_many_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_, "MOST_FINDINGS", 3)
    two = typed(pod({"spec.containers": [{"name": "a"}, {"name": "b"}]}))
    rules = (rule(said), rule(said), rule(twice))
    remembered = asked(Memory(), rules, two)
    assert (remembered.outspoken, remembered.unknown, len(remembered.findings)) == (rules, rules[1:2], 3)


def test_what_it_asks_for_besides_is_unknown_or_not_there() -> None:
    def with_old(subject: Pod, old: Pod | None) -> Violations:
        """Says something of what is new."""
        if old is None:
            yield Violation(subject.spec, "", "is new")

    def with_user(subject: Pod, user: object) -> Violations:
        """Reads the user."""
        if user:
            yield Violation(subject.spec, "", "is somebody's")

    rules = (rule(with_old, "old"), rule(with_user, "user"))
    created = asked(Memory(), rules, typed(pod()), "old")
    assert (created.unknown, [one.message for one in created.findings]) == (rules[1:], ["is new"])
    assert asked(Memory(), rules, typed(pod()), "user") == (rules, (), (), ())


def test_other_rules_and_other_absences_are_remembered_apart() -> None:
    memory, subject = Memory(), typed(pod())
    first, second = (rule(silent),), (rule(by_image),)
    assert asked(memory, first, subject).unknown == ()
    assert asked(memory, second, subject).unknown == second
    third = (rule(lambda _, old: iter(()) if old is None else by_image(_), "old"),)
    assert asked(memory, third, subject, "old").unknown == ()
    assert asked(memory, third, subject).unknown == third


def test_a_workload_that_had_no_pod_before_is_asked_about_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatewright.engine.judgement.FEW", 0)
    kept: list[object] = []
    monkeypatch.setattr(Memory, "of", lambda *arguments: kept.append(arguments))
    engine = Engine(load(), ClosedWorld([]))
    without: list[Object] = [{"spec": {}}, {"spec": {"template": 7}}]
    for old in without:
        engine.judge(request(workload(), workload() | old))
    assert kept == []
    engine.judge(request(workload(), workload()))
    assert len(kept) == 1


@pytest.mark.parametrize(("rarely", "looked_into"), [(1, ["a", "b", "c", "a"]), (3, ["a", "b", "c"]), (9, ["a", "b"])])
def test_only_so_many_are_remembered_and_a_new_one_takes_the_place_of_another_rarely(
    monkeypatch: pytest.MonkeyPatch, rarely: int, looked_into: list[str]
) -> None:
    monkeypatch.setattr(memory_, "KEPT", 2)
    monkeypatch.setattr(memory_, "RARELY", rarely)
    seen: list[str] = []

    def noted(subject: Pod) -> Violations:
        """Notes where."""
        seen.append(subject.namespace or "")
        yield from ()

    rules, memory = (rule(noted),), Memory()
    for name in "abaca":
        for _ in range(2):
            memory.of(rules, Pod(typed(pod()).template, name, False, dict), (), ())
    assert seen == looked_into


def test_of_an_update_what_is_said_is_compared_with_what_the_old_one_had() -> None:
    engine = Engine(load(), ClosedWorld([]))
    bad = pod({"spec.containers[0].securityContext.privileged": True})
    created, updated = request(bad), request(bad, bad)
    for _ in range(3):
        assert [one.policy for one in engine.judge(created).findings if one.mode is Mode.ENFORCE] == ["privileged"]
        assert engine.judge(updated).findings == ()


def test_a_users_policy_is_always_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatewright.engine.judgement.FEW", 0)
    answers = iter([False, False, False, True])

    def moody(pod: Pod) -> Violations:
        """Changes its mind."""
        if next(answers):
            yield Violation(pod.spec, "", "not today")

    engine = engine_of(declared(moody))
    assert [found(engine, request(pod())) for _ in range(4)] == [[], [], [], [("enforce", "moody", "not today")]]


def test_interrupts_are_not_kept_from_a_command() -> None:
    def interrupted(_: Pod) -> Violations:
        """Is where Ctrl-C comes."""
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(Memory(), (rule(interrupted),), typed(pod()))


def test_the_built_in_policies_are_functions_and_a_users_are_not() -> None:
    entries = wiring.configure(None).catalog.entries
    assert all(entry.is_built_in for entry in entries.values())
    assert not any(entry.is_built_in for entry in engine_of(declared(silent)).configuration.catalog.entries.values())
