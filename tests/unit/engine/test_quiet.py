from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gatewright import wiring
from gatewright.engine import cases, quiet
from gatewright.engine.engine import Engine
from gatewright.engine.quiet import Quiet
from gatewright.engine.reading import the_document
from gatewright.engine.rules import Rule, Scope, compile_rules
from gatewright.engine.world import ClosedWorld
from gatewright.model.pod import TEMPLATES, Pod, PodTemplate
from gatewright.model.review import AdmissionRequest
from gatewright.model.schema import decode
from gatewright.policy import Violation, Violations
from tests.builders import Object, built_in, declared, encoded, engine_of, found, load, pod, request

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
    decisions = [remembering.judge(review) for review in asked]
    monkeypatch.setattr("gatewright.engine.judgement.LARGEST", -1)
    forgetting = Engine(configuration, ClosedWorld([]))
    assert [review for review, one in zip(asked, decisions, strict=True) if forgetting.judge(review) != one] == []


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


def test_a_rule_that_says_nothing_of_an_outline_is_not_asked_again() -> None:
    rules = (rule(silent), rule(by_image), rule(stubborn), rule(broken), replace(rule(silent), is_function=False))
    memory = Quiet()
    for document in (pod(), pod(OTHER)):
        assert memory.outspoken(rules, typed(document), ()) == rules[1:]


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
    assert Quiet().outspoken(rules, typed(pod()), ("old",)) == rules
    assert Quiet().outspoken(rules, typed(pod()), ("user",)) == ()


def test_other_rules_and_other_absences_are_remembered_apart() -> None:
    memory, subject = Quiet(), typed(pod())
    first, second = (rule(silent),), (rule(by_image),)
    assert memory.outspoken(first, subject, ()) == ()
    assert memory.outspoken(second, subject, ()) == second
    third = (rule(lambda _, old: iter(()) if old is None else by_image(_), "old"),)
    assert memory.outspoken(third, subject, ("old",)) == ()
    assert memory.outspoken(third, subject, ()) == third


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "KEPT", 2)
    asked: list[str] = []

    def noted(subject: Pod) -> Violations:
        """Notes where."""
        asked.append(subject.namespace or "")
        yield from ()

    rules, memory = (rule(noted),), Quiet()
    for name in ("a", "b", "a", "c", "a"):
        memory.outspoken(rules, Pod(typed(pod()).template, name, False, dict), ())
    assert asked == ["a", "b", "c", "a"]


def test_a_users_policy_is_always_asked() -> None:
    answers = iter([False, True])

    def moody(pod: Pod) -> Violations:
        """Changes its mind."""
        if next(answers):
            yield Violation(pod.spec, "", "not today")

    engine = engine_of(declared(moody))
    assert [found(engine, request(pod())) for _ in range(2)] == [[], [("enforce", "moody", "not today")]]


def test_interrupts_are_not_kept_from_a_command() -> None:
    def interrupted(_: Pod) -> Violations:
        """Is where Ctrl-C comes."""
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Quiet().outspoken((rule(interrupted),), typed(pod()), ())


def test_the_built_in_policies_are_functions_and_a_users_are_not() -> None:
    entries = wiring.configure(None).catalog.entries
    assert all(entry.is_built_in for entry in entries.values())
    assert not any(entry.is_built_in for entry in engine_of(declared(silent)).configuration.catalog.entries.values())
