"""Which rules run: versions, modes, and which policy is silent because another one speaks."""

import pytest

from gatewright.engine.decision import Mode
from gatewright.engine.modes import Modes
from gatewright.model.review import CONNECT
from gatewright.policy import Connect, KubernetesVersion, Pod, V, Violation, Violations
from tests.builders import Object, declared, engine, engine_of, found, namespace, pod, request

ADDS = {"spec.containers[0].securityContext.capabilities": {"add": ["SYS_ADMIN"], "drop": ["ALL"]}}
MOUNTS = {"spec.volumes": [{"name": "data", "hostPath": {"path": "/"}}]}


def weak(pod: Pod) -> Violations:
    yield Violation(pod.metadata, "name", "weak")


def strong(pod: Pod) -> Violations:
    yield Violation(pod.metadata, "name", "strong")


def silenced(modes: str, **options: object) -> list[str]:
    """Which of two policies, one overriding the other, are heard when they have those modes."""
    by = engine(f"policies: {{{modes}}}", declared(weak), declared(strong, overrides="weak", **options))
    return [f"{policy} {mode}" for mode, policy, _ in found(by, request(pod()))]


@pytest.mark.parametrize(
    ("modes", "heard"),
    [
        ("strong: enforce, weak: enforce", ["strong enforce"]),
        ("strong: enforce, weak: audit", ["strong enforce"]),
        ("strong: warn, weak: warn", ["strong warn"]),
        ("strong: warn, weak: enforce", ["strong warn", "weak enforce"]),
        ("strong: off, weak: enforce", ["weak enforce"]),
        ("strong: {medium: enforce, else: off}, weak: warn", ["strong enforce", "weak warn"]),
        ("strong: {low: warn, else: enforce}, weak: warn", ["strong enforce"]),
    ],
)
def test_an_overridden_policy_is_silent_where_the_other_is_as_strong(modes: str, heard: list[str]) -> None:
    assert silenced(modes) == heard


def test_a_policy_of_a_later_version_overrides_nothing() -> None:
    assert silenced("strong: enforce, weak: enforce", since=V(2, 0)) == ["weak enforce"]


def heard(changes: Object, **labels: str) -> list[str]:
    by = engine("policies: {}", objects=[namespace(**labels)])
    return [
        f"{one.policy} {one.mode}@{one.check.version}" for one in by.judge(request(pod(changes))).findings if one.check
    ]


def test_a_restricted_check_overrides_its_baseline_one_only_where_it_runs() -> None:
    assert heard(ADDS, enforce="restricted") == ["capabilities-restricted enforce@latest"]
    assert heard(ADDS) == ["capabilities-baseline enforce@latest", "capabilities-restricted warn@latest"]
    assert heard(ADDS, enforce="restricted", enforce_version="v1.21", warn="privileged") == [
        "capabilities-baseline enforce@v1.21"
    ]
    assert heard(ADDS, enforce="restricted", enforce_version="v1.22", warn="privileged") == [
        "capabilities-restricted enforce@v1.22"
    ]


def test_it_overrides_nothing_of_another_version() -> None:
    labels = {"enforce": "restricted", "warn": "baseline", "warn_version": "v1.30"}
    assert heard(MOUNTS, **labels) == ["host-path-volumes warn@v1.30", "restricted-volumes enforce@latest"]
    assert heard(MOUNTS, **labels | {"enforce_version": "v1.30"}) == ["restricted-volumes enforce@v1.30"]


def test_a_selection_overrides_nothing_that_it_leaves_out() -> None:
    by = engine("profile: strict", only=["host-path-volumes", "privileged"])
    assert found(by, request(pod(MOUNTS))) == [
        ("enforce", "host-path-volumes", 'volume "data" must not be of type "hostPath"')
    ]


def test_a_selection_runs_nothing_else() -> None:
    by = engine_of(declared(weak), declared(strong), only=["weak"])
    assert found(by, request(pod())) == [("enforce", "weak", "weak")]


def dated(pod: Pod, version: KubernetesVersion) -> Violations:
    yield Violation(pod.metadata, "name", str(version))


@pytest.mark.parametrize(("kubernetes", "version"), [("latest", "v1.37"), ("v1.99", "v1.37"), ("v1.20", "v1.20")])
def test_the_version_is_that_of_the_configuration(kubernetes: str, version: str) -> None:
    by = engine(f"{{kubernetes: {kubernetes}, policies: {{dated: warn}}}}", declared(dated))
    assert found(by, request(pod())) == [("warn", "dated", version)]


@pytest.mark.parametrize(
    ("kubernetes", "is_found"), [("v1.19", False), ("v1.20", True), ("v1.21", True), ("latest", True)]
)
def test_a_policy_runs_since_its_version(kubernetes: str, is_found: bool) -> None:
    by = engine(f"{{kubernetes: {kubernetes}, policies: {{weak: warn}}}}", declared(weak, since=V(1, 20)))
    assert bool(found(by, request(pod()))) is is_found


def no_exec(connect: Connect) -> Violations:
    where = f"{connect.resource}/{connect.subresource} {connect.namespace}/{connect.name}"
    yield Violation(connect, "", " ".join([where, *connect.options.get("command", ())]))


EXEC = {"apiVersion": "v1", "kind": "PodExecOptions", "command": ["sh", "-c"], "stdin": True}


@pytest.mark.parametrize(
    ("mode", "acts_as"),
    [
        (Modes.all(Mode.ENFORCE), "enforce"),
        (Modes.all(Mode.WARN), "audit"),
        (Modes.all(Mode.AUDIT), "audit"),
        (Modes.parse({"medium": "warn", "else": "enforce"}), "audit"),
    ],
)
def test_warn_acts_as_audit_on_connect_where_no_warning_arrives(mode: Modes, acts_as: str) -> None:
    by = engine_of(declared(no_exec, on={CONNECT}), mode=mode)
    review = request(EXEC, operation=CONNECT, subresource="exec", name="web", within="shop")
    assert found(by, review) == [(acts_as, "no-exec", "podexecoptionss/exec shop/web sh -c")]


def test_options_can_be_absent_on_connect() -> None:
    by = engine_of(declared(no_exec, on={CONNECT}))
    review = request(None, operation=CONNECT, subresource="portforward", name="web", within="shop")
    assert found(by, review) == [("enforce", "no-exec", "pods/portforward shop/web")]


def test_options_that_are_none_are_not_decided() -> None:
    by = engine_of(declared(no_exec, on={CONNECT}))
    review = request(["sh"], operation=CONNECT, subresource="exec", name="web", within="shop")
    assert found(by, review) == [("enforce", "GW002", "the object must be an object, not a list")]


def test_a_check_may_name_what_it_takes_by_keyword_alone() -> None:
    def named(pod: Pod, *, version: KubernetesVersion) -> Violations:
        yield Violation(pod.metadata, "name", str(version))

    assert found(engine_of(declared(named)), request(pod())) == [("enforce", "named", "v1.37")]
