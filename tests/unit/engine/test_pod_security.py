from typing import Any

import pytest

from gatewright.engine.decision import Mode
from gatewright.engine.pod_security import Labels, Wish, assign, labels_of, newly_enforced, notes, prioritized
from gatewright.engine.settings import LabelUse
from gatewright.model.meta import Metadata, OwnerReference
from gatewright.model.pod import Pod, PodTemplate, Raw
from gatewright.policy import Level
from tests.builders import PREFIX

OFF, AUDIT, WARN, ENFORCE = Mode


@pytest.mark.parametrize(
    ("labels", "wishes"),
    [
        ({}, None),
        ({"app": "web", "pod-security.example/enforce": "baseline"}, None),
        ({PREFIX + "enforced": "baseline", PREFIX + "": "x"}, None),
        ({PREFIX + "enforce": "baseline"}, Labels(enforce=Wish("baseline"))),
        ({PREFIX + "audit": "restricted", PREFIX + "shiny": "x"}, Labels(audit=Wish("restricted"))),
        ({PREFIX + "warn-version": "v1.20"}, Labels(warn=Wish(None, "v1.20"))),
        (
            {PREFIX + mode: "Baseline" for mode in ("enforce", "audit", "warn")},
            Labels(Wish("restricted"), Wish("privileged"), Wish("privileged")),
        ),
        ({PREFIX + "enforce": ""}, Labels(enforce=Wish("restricted"))),
        (
            {PREFIX + f"{mode}-version": "1.20" for mode in ("enforce", "audit", "warn")},
            Labels(Wish(None, "latest"), Wish(None, "latest"), Wish(None, "latest")),
        ),
    ],
)
def test_what_labels_wish_for(labels: dict[str, str], wishes: Labels | None) -> None:
    assert labels_of(labels) == wishes


PRIVILEGED, BASELINE, RESTRICTED = (Wish(level) for level in ("privileged", "baseline", "restricted"))
OLD, NINTH = Wish("baseline", "v1.20"), Wish("restricted", "v1.9")
BOTH = {WARN: "latest", AUDIT: "latest"}


@pytest.mark.parametrize(
    ("use", "level", "base", "labels", "assigned"),
    [
        ("honour", "baseline", ENFORCE, Labels(enforce=PRIVILEGED), {}),
        ("honour", "baseline", OFF, Labels(enforce=BASELINE), {ENFORCE: "latest"}),
        ("honour", "baseline", OFF, Labels(enforce=RESTRICTED), {ENFORCE: "latest"}),
        ("honour", "restricted", OFF, Labels(enforce=BASELINE), {}),
        ("honour", "restricted", WARN, Labels(enforce=RESTRICTED), {ENFORCE: "latest", WARN: "latest"}),
        ("honour", "restricted", WARN, Labels(warn=BASELINE), {}),
        ("honour", "restricted", WARN, Labels(audit=RESTRICTED), {WARN: "latest", AUDIT: "latest"}),
        ("honour", "baseline", ENFORCE, Labels(OLD, RESTRICTED, PRIVILEGED), {ENFORCE: "v1.20", AUDIT: "latest"}),
        ("honour", "baseline", ENFORCE, Labels(enforce=Wish(None, "v1.9")), {ENFORCE: "v1.9"}),
        ("honour", "baseline", WARN, Labels(enforce=Wish(None, "v1.9")), {WARN: "latest"}),
        ("honour", "restricted", WARN, Labels(warn=Wish(None, "v1.9")), {WARN: "v1.9"}),
        ("at-most-warn", "baseline", WARN, Labels(enforce=PRIVILEGED), {}),
        ("at-most-warn", "baseline", WARN, Labels(enforce=BASELINE), {WARN: "latest"}),
        ("at-most-warn", "baseline", WARN, Labels(enforce=OLD), {WARN: "v1.20"}),
        ("at-most-warn", "restricted", AUDIT, Labels(enforce=RESTRICTED), {WARN: "latest", AUDIT: "latest"}),
        (
            "at-most-warn",
            "restricted",
            AUDIT,
            Labels(enforce=BASELINE, warn=RESTRICTED),
            {WARN: "latest", AUDIT: "latest"},
        ),
        (
            "at-most-warn",
            "restricted",
            AUDIT,
            Labels(enforce=RESTRICTED, warn=BASELINE),
            {WARN: "latest", AUDIT: "latest"},
        ),
        ("tighten", "baseline", ENFORCE, Labels(PRIVILEGED, PRIVILEGED, PRIVILEGED), {ENFORCE: "latest"}),
        ("tighten", "baseline", ENFORCE, Labels(enforce=OLD), {ENFORCE: "latest"}),
        ("tighten", "restricted", WARN, Labels(enforce=RESTRICTED), {WARN: "latest", ENFORCE: "latest"}),
        (
            "tighten",
            "restricted",
            WARN,
            Labels(enforce=Wish("restricted", "v1.20")),
            {WARN: "latest", ENFORCE: "v1.20"},
        ),
        ("tighten", "restricted", WARN, Labels(enforce=BASELINE, warn=PRIVILEGED), {WARN: "latest"}),
        ("tighten", "restricted", OFF, Labels(audit=RESTRICTED), {AUDIT: "latest"}),
        ("tighten", "restricted", WARN, Labels(enforce=Wish(None, "v1.9")), {WARN: "latest"}),
    ],
)
def test_each_label_replaces_its_own_mode_only(
    use: LabelUse, level: str, base: Mode, labels: Labels, assigned: dict[Mode, str]
) -> None:
    assert assign(labels, use, Level(level), base) == assigned


@pytest.mark.parametrize(
    ("old", "new", "wish"),
    [
        (None, None, None),
        (None, Labels(audit=RESTRICTED), None),
        (None, Labels(enforce=BASELINE), Wish("baseline", "latest")),
        (None, Labels(enforce=PRIVILEGED), None),
        (Labels(enforce=BASELINE), None, None),
        (Labels(enforce=BASELINE), Labels(enforce=BASELINE), None),
        (Labels(enforce=BASELINE), Labels(enforce=Wish("baseline", "latest")), None),
        (Labels(enforce=BASELINE), Labels(enforce=BASELINE, warn=RESTRICTED), None),
        (Labels(enforce=BASELINE), Labels(enforce=RESTRICTED), Wish("restricted", "latest")),
        (Labels(enforce=RESTRICTED), Labels(enforce=BASELINE), None),
        (Labels(enforce=RESTRICTED), Labels(enforce=OLD), Wish("baseline", "v1.20")),
        (Labels(enforce=BASELINE), Labels(enforce=OLD), Wish("baseline", "v1.20")),
        (Labels(enforce=OLD), Labels(enforce=Wish("privileged", "v1.20")), None),
        (Labels(enforce=Wish("restricted", "v1.20")), Labels(enforce=OLD), None),
        (Labels(warn=RESTRICTED), Labels(enforce=OLD), Wish("baseline", "v1.20")),
    ],
)
def test_what_begins_to_be_enforced(old: Labels | None, new: Labels | None, wish: Wish | None) -> None:
    assert newly_enforced(old, new) == wish


def pod(name: str, *owners: tuple[str, bool]) -> Pod:
    references = tuple(OwnerReference(uid=uid, controller=controls) for uid, controls in owners)
    return Pod(PodTemplate(Metadata(name, owner_references=references)), "shop", False, Raw(dict))


def test_one_pod_of_a_controller_comes_first() -> None:
    pods = [
        pod("a1", ("a", True)),
        pod("a2", ("a", True)),
        pod("b1", ("x", False), ("b", True)),
        pod("alone"),
        pod("a3", ("a", True)),
        pod("owned", ("a", False)),
        pod("b2", ("b", True)),
    ]
    ordered = [one.metadata.name for one in prioritized(pods)]
    assert ordered == ["a1", "b1", "alone", "owned", "a2", "a3", "b2"]


EXISTING = 'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:v1.20"'


@pytest.mark.parametrize(
    ("reasons", "looked_at", "total", "said"),
    [
        ({}, 3, 3, []),
        ({}, 3, 4, ["new PodSecurity enforce level only checked against the first 3 of 4 existing pods"]),
        ({"a": "privileged"}, 1, 1, [EXISTING, "a: privileged"]),
        (
            {"c": "privileged", "a": "host namespaces, privileged", "b": "host namespaces, privileged"},
            3,
            3,
            [EXISTING, "a (and 1 other pod): host namespaces, privileged", "c: privileged"],
        ),
        (dict.fromkeys("zyx", "hostPort"), 3, 3, [EXISTING, "x (and 2 other pods): hostPort"]),
        (
            {"a": "hostPort"},
            3000,
            3001,
            [
                "new PodSecurity enforce level only checked against the first 3000 of 3001 existing pods",
                EXISTING,
                "a: hostPort",
            ],
        ),
    ],
)
def test_what_is_said_of_existing_pods(reasons: dict[str, str], looked_at: int, total: int, said: list[Any]) -> None:
    assert list(notes("shop", OLD, reasons, looked_at, total)) == said
