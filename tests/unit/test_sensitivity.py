"""A part of a pod-security check that is taken away makes a case of that check fail: what each case is there for."""

import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from gatewright.engine import cases, views
from gatewright.engine.cases import run
from gatewright.engine.catalog import Catalog, Entry
from gatewright.engine.reading import the_document
from gatewright.model.path import Path
from gatewright.model.pod import PodOS, PodTemplate, pod_of
from gatewright.model.version import NEWEST, KubernetesVersion, V
from gatewright.policy import Violations
from tests.builders import built_in
from tests.unit.test_cases import CASES

ENTRIES = {id_: entry for id_, entry in built_in().entries.items() if entry.subject == "pod_security"}
WITHOUT_CONTAINERS = {"host-namespaces", "host-path-volumes", "pod-security-labels", "restricted-volumes", "sysctls"}


@pytest.fixture(autouse=True)
def _fixes_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves fixes out: they are verified by the cases themselves, and here only take time."""
    monkeypatch.setattr(cases, "mends", lambda *_: True)


def reading(word: str) -> list[str]:
    """The policies whose file speaks of something."""
    return [id_ for id_, entry in ENTRIES.items() if word in entry.file.read_text("utf-8")]


def failures(entry: Entry) -> Iterator[str]:
    file = CASES / "pod_security" / f"{entry.file.stem}.yaml"
    catalog = Catalog({entry.policy.id: entry})
    for outcome in run(the_document(file.read_bytes(), file.name), catalog):
        yield from outcome.failures


def spec(**changes: Any) -> Callable[[PodTemplate], PodTemplate]:
    def change(template: PodTemplate) -> PodTemplate:
        return msgspec.structs.replace(template, spec=msgspec.structs.replace(template.spec, **changes))

    return change


def unannotated(template: PodTemplate) -> PodTemplate:
    metadata = msgspec.structs.replace(template.metadata, annotations={})
    return msgspec.structs.replace(template, metadata=metadata)


LOST: dict[str, tuple[Callable[[PodTemplate], PodTemplate], list[str]]] = {
    "ephemeral containers": (spec(ephemeral_containers=()), sorted(ENTRIES.keys() - WITHOUT_CONTAINERS)),
    "init containers": (spec(init_containers=()), sorted(ENTRIES.keys() - WITHOUT_CONTAINERS)),
    "Windows": (spec(os=PodOS()), reading("is_windows")),
    "hostUsers": (spec(host_users=None), reading("host_users")),
    "annotations": (unannotated, reading(".annotations")),
}


def test_what_speaks_of_what() -> None:
    assert reading("is_windows") == [
        "allow-privilege-escalation",
        "capabilities-restricted",
        "seccomp-profile-restricted",
    ]
    assert reading("host_users") == ["proc-mount", "run-as-non-root", "run-as-user"]
    assert reading(".annotations") == ["app-armor-profile", "seccomp-profile-baseline"]


@pytest.mark.parametrize(
    ("change", "id_"),
    [pytest.param(change, id_, id=f"{lost}-{id_}") for lost, (change, ids) in LOST.items() for id_ in ids],
)
def test_what_is_lost_of_a_pod_is_missed(
    change: Callable[[PodTemplate], PodTemplate], id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(root: object, path: Path) -> PodTemplate | None:
        template = pod_of(root, path)
        return template and change(template)

    monkeypatch.setattr(views, "pod_of", changed)
    failure = next(failures(ENTRIES[id_]), "no case fails")
    assert ": not found: " in failure or ": not expected: " in failure
    assert " raised " not in failure


VERSIONS: dict[str, Callable[[KubernetesVersion], KubernetesVersion]] = {
    "the newest": lambda _: NEWEST,
    "the oldest": lambda _: V(1, 0),
    "the next": lambda version: V(1, version.minor + 1),
    "the last": lambda version: V(1, version.minor - 1),
}


@pytest.mark.parametrize("change", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize("id_", [id_ for id_, entry in ENTRIES.items() if "version" in entry.policy.needs])
def test_another_version_is_noticed(id_: str, change: Callable[[KubernetesVersion], KubernetesVersion]) -> None:
    policy = ENTRIES[id_].policy

    @functools.wraps(policy.check)
    def check(*arguments: Any) -> Violations:
        named = dict(zip(inspect.signature(policy.check).parameters, arguments, strict=True))
        yield from policy.check(**named | {"version": change(named["version"])})

    entry = dataclasses.replace(ENTRIES[id_], policy=dataclasses.replace(policy, check=check))
    failure = next(failures(entry), "no case fails")
    assert ": not found: " in failure or ": not expected: " in failure
    assert " raised " not in failure


@pytest.mark.parametrize("minor", [-1, 1])
@pytest.mark.parametrize("id_", [id_ for id_, entry in ENTRIES.items() if entry.policy.since > V(1, 0)])
def test_another_first_version_is_noticed(id_: str, minor: int) -> None:
    policy = ENTRIES[id_].policy
    since = V(1, policy.since.minor + minor)
    entry = dataclasses.replace(ENTRIES[id_], policy=dataclasses.replace(policy, since=since))
    assert next(failures(entry), "no case fails") != "no case fails"
