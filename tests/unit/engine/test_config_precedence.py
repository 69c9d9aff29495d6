"""Later wins, key by key: the profile, a namespace's labels, `policies`, then the overrides from top to bottom."""

from collections.abc import Iterator

import pytest

from gatewright.engine.decision import Mode
from gatewright.engine.modes import Modes
from gatewright.policy import Params, Pod, Severity, Violation, Violations
from tests.builders import PRIVILEGED, declared, engine, found, load, namespace, pod, request


def modes(text: str, **labels: str) -> list[str]:
    """The modes of the privileged check in a namespace with those pod-security labels."""
    found = engine(text, objects=[namespace(**labels)]).judge(request(pod(PRIVILEGED))).findings
    return [str(finding.mode) for finding in found if finding.policy == "privileged"]


@pytest.mark.parametrize(
    ("text", "labels", "mode"),
    [
        ("{}", {}, "enforce"),
        ("profile: observe", {}, "warn"),
        ("{}", {"enforce": "privileged"}, None),
        ("policies: {privileged: audit}", {"enforce": "baseline"}, "audit"),
        ("policies: {privileged: enforce}", {"enforce": "privileged"}, "enforce"),
        ("overrides: [{kinds: '*', policies: {privileged: warn}}]", {"enforce": "baseline"}, "warn"),
        ("{policies: {privileged: off}, overrides: [{kinds: '*', policies: {privileged: warn}}]}", {}, "warn"),
        ("{policies: {privileged: warn}, overrides: [{kinds: '*', policies: {privileged: off}}]}", {}, None),
        (
            "{overrides: [{kinds: '*', policies: {'*': warn}}, {kinds: '*', policies: {pod_security/*: audit}}]}",
            {},
            "audit",
        ),
        ("{overrides: [{kinds: '*', policies: {privileged: warn}}, {kinds: '*', policies: {'*': off}}]}", {}, None),
        (
            "{overrides: [{kinds: '*', policies: {privileged: warn}}, {namespaces: x, policies: {'*': off}}]}",
            {},
            "warn",
        ),
        (
            "{overrides: [{kinds: '*', policies: {privileged: warn}}, {kinds: '*', policies: {host-ports: off}}]}",
            {},
            "warn",
        ),
        ("{overrides: [{kinds: '*', profile: observe, policies: {privileged: audit}}]}", {}, "audit"),
        ("{policies: {privileged: off}, overrides: [{kinds: '*', profile: observe}]}", {}, "warn"),
        ("overrides: [{policies: {privileged: warn}}]", {}, "warn"),  # no condition always holds
        ("{profile: observe, overrides: [{kinds: '*', profile: strict}]}", {"enforce": "privileged"}, "enforce"),
    ],
)
def test_later_wins(text: str, labels: dict[str, str], mode: str | None) -> None:
    assert modes(text, **labels) == ([mode] if mode else [])


@pytest.mark.parametrize(
    ("policies", "mode"),
    [
        ("'*': warn", "warn"),
        ("'*': warn, pod_security/*: audit", "audit"),
        ("pod_security/*: audit, '*': warn", "audit"),
        ("privileged: off, pod_security/*: audit, '*': warn", None),
        ("'*': off, privileged: audit", "audit"),
    ],
)
def test_within_a_block_an_id_beats_its_subject_which_beats_all(policies: str, mode: str | None) -> None:
    for text in (f"policies: {{{policies}}}", f"overrides: [{{kinds: '*', policies: {{{policies}}}}}]"):
        assert modes(text) == ([mode] if mode else [])


@pytest.mark.parametrize("off", ["off", "'off'", "false", "{mode: off}", "{else: off}", "{mode: {else: off}}"])
def test_off_is_written_as_yaml_has_it(off: str) -> None:
    assert modes(f"policies: {{privileged: {off}}}") == []


@pytest.mark.parametrize(("id_", "mode"), [("privileged", "enforce"), ("hostPorts", "audit"), ("host-ports", "audit")])
def test_an_alias_stands_for_its_id(id_: str, mode: str) -> None:
    configuration = load(f"policies: {{{id_}: {mode}}}")
    assert configuration.after_labels[0].modes == {id_.replace("P", "-p"): Modes.all(Mode[mode.upper()])}


class Names(Params):
    most: int = 3
    least: int = 1


def sizes(pod: Pod, params: Names) -> Violations:
    yield Violation(pod.metadata, "name", f"{params.least} to {params.most}")


def test_parameters_are_merged_key_by_key() -> None:
    text = """
policies: {sizes: {mode: warn, most: 9, least: 2}}
overrides:
  - {kinds: '*', policies: {sizes: {most: 5}}}
  - {namespaces: other, policies: {sizes: {most: 7}}}
  - {kinds: "*", policies: {"*": enforce}}
  - {kinds: "*", policies: {sizes: {least: 4, mode: audit}}}
"""
    judge = engine(text, declared(sizes))
    assert found(judge, request(pod())) == [("audit", "sizes", "4 to 5")]
    assert found(judge, request(pod({"metadata.namespace": "other"}))) == [("audit", "sizes", "4 to 7")]


def test_a_list_replaces_the_list_before() -> None:
    text = (
        "{policies: {host-ports: {allowed: [1, 2]}}, overrides: [{kinds: '*', policies: {host-ports: {allowed: 3}}}]}"
    )
    ports = {"spec.containers[0].ports": [{"hostPort": port} for port in (1, 2, 3)]}
    assert [message for _, _, message in found(engine(text), request(pod(ports)))] == [
        'container "app" uses host port 1',
        'container "app" uses host port 2',
    ]


def graded(pod: Pod) -> Violations:
    for severity in Severity:
        yield Violation(pod.metadata, "name", str(severity), severity=severity)


def graded_modes(written: str) -> Iterator[str]:
    judge = engine(f"policies: {{graded: {written}}}", declared(graded))
    return (f"{message} {mode}" for mode, _, message in found(judge, request(pod())))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{critical: enforce, high: warn, medium: audit, low: off}", ["critical enforce", "high warn", "medium audit"]),
        ("{critical: enforce, else: warn}", ["critical enforce", "high warn", "medium warn", "low warn"]),
        ("{low: enforce, else: off}", ["low enforce"]),
        ("{mode: {medium: warn, else: off}}", ["medium warn"]),
        ("{high: enforce, else: false}", ["high enforce"]),
    ],
)
def test_a_mode_for_each_severity(written: str, expected: list[str]) -> None:
    assert list(graded_modes(written)) == expected


@pytest.mark.parametrize(
    ("modes", "written"),
    [
        (Modes.all(Mode.WARN), "warn"),
        (
            Modes.parse({"critical": "enforce", "else": "audit"}),
            "critical: enforce, high: audit, medium: audit, low: audit",
        ),
        (Modes.parse(False), "off"),
    ],
)
def test_modes_are_written_shortly(modes: Modes, written: str) -> None:
    assert str(modes) == written


def test_the_profile_on_the_command_line_beats_the_files() -> None:
    assert load("profile: strict", "observe").profile == "observe"
    assert load("profile: strict").profile == "strict"
    assert load().profile == "default"
