"""The parts put together: what each way in builds, and what it refuses."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gatewright import wiring
from gatewright.cluster.manifests import gather
from gatewright.cluster.reflected import ReflectedWorld
from gatewright.engine.config import Configuration
from gatewright.engine.decision import Miss, Mode
from gatewright.engine.reading import ConfigError
from gatewright.engine.world import ClosedWorld, Unavailable
from gatewright.policy import KubernetesVersion, Pod, V
from gatewright.webhook.reviewer import LocalReviewer, RemoteReviewer
from tests.builders import PRIVILEGED, built_in, load, namespace, pod, raises, request
from tests.unit.cli.invoke import text
from tests.unit.cluster.apis import Api
from tests.unit.webhook.builders import review


def test_without_a_file_a_configuration_is_the_profile_alone() -> None:
    assert wiring.configure(None).hash == load().hash
    assert wiring.configure(None, "strict").hash == load(profile="strict").hash
    with raises(ConfigError, "there is no profile lax; there are observe, default, strict"):
        wiring.configure(None, "lax")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    with raises(ConfigError, f"{file}: cannot be read: No such file or directory"):
        wiring.configure(file)
    with raises(ConfigError, f"{tmp_path}: cannot be read: Is a directory"):
        wiring.configure(tmp_path)
    file.write_text("profil: strict")
    with raises(ConfigError, f"{file}:1: profil: unknown key; did you mean profile?"):
        wiring.configure(file)


def test_policies_that_are_loaded_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("profile: observe")
    assert wiring.configure(file, loaded=built_in()).catalog is built_in()


def test_every_id_that_cannot_run_is_refused_at_once() -> None:
    configuration = load('policies: {"*": off, sysctls: warn}')
    off = "--only host-ports: it is off; turn it on with policies: {host-ports: warn} in the configuration"
    with raises(ConfigError, f"--only sysctl: no such policy; gatewright policies lists them\n{off}"):
        wiring.check_only(configuration, ["sysctl", "sysctls", "host-ports"])
    wiring.check_only(configuration, [])
    with raises(ConfigError, off):
        wiring.engine_for(configuration, gather([]), ["host-ports"])


def test_an_engine_knows_the_manifests_alone_and_runs_only_what_was_chosen(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text(namespace(enforce="privileged"), pod()))
    manifests = gather([str(tmp_path)])
    offender = request(pod(PRIVILEGED))
    assert wiring.engine_for(load(), manifests).judge(offender).allowed
    assert not wiring.engine_for(load(), gather([]), ["privileged"]).judge(offender).allowed
    assert wiring.engine_for(load(), gather([]), ["sysctls"]).judge(offender).findings == ()


def test_a_world_of_manifests(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text(namespace(enforce="baseline"), pod()))
    world = wiring.closed([str(tmp_path)]).world
    assert world.namespace("shop").labels == {"pod-security.kubernetes.io/enforce": "baseline"}
    assert [one.metadata.name for one in world.store(Pod).within("shop")] == ["web"]
    with raises(ConfigError, f"{tmp_path}/none: cannot be read: No such file or directory"):
        wiring.closed([str(tmp_path), str(tmp_path / "none")])


class Told:
    """What a refresh says."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.accepted: list[str] = []

    def after(self, current: wiring.Current) -> "Told":
        """With what a refresh of that has said, and no more."""
        self.refused, self.accepted = [], []
        current.refresh(lambda error: self.refused.append(str(error)), self._accept)
        return self

    def _accept(self, configuration: Configuration) -> None:
        self.accepted.append(configuration.profile)


def test_what_serves_is_exchanged_by_what_can_be_read_alone(tmp_path: Path) -> None:
    file, told = tmp_path / "c.yaml", Told()
    file.write_text("profile: observe")
    current = wiring.Current(file, None, wiring.closed([]))
    first = current.engine
    assert (first.configuration.profile, first.strongest) == ("observe", Mode.WARN)
    assert (told.after(current).refused, told.accepted) == ([], [])
    file.write_text("profil: strict")
    assert (told.after(current).refused, told.accepted) == (
        [f"{file}:1: profil: unknown key; did you mean profile?"],
        [],
    )
    assert (told.after(current).refused, told.accepted) == ([], [])  # once
    assert current.engine is first
    file.write_text("profile: strict")
    assert (told.after(current).refused, told.accepted) == ([], ["strict"])
    second = current.engine
    assert (second.configuration.profile, second.configuration.catalog) == ("strict", first.configuration.catalog)
    file.unlink()
    for refused in ([f"{file}: cannot be read: No such file or directory"], []):
        assert (told.after(current).refused, told.accepted) == (refused, [])
    assert current.engine is second
    file.write_text("profile: strict\npolicyFolders: own\n")
    assert (told.after(current).refused, told.accepted) == (
        [f"{file}: policyFolders: changed; policies are code, so a restart takes them up"],
        [],
    )


def test_what_would_serve_is_refused_at_start(tmp_path: Path) -> None:
    with raises(ConfigError, f"{tmp_path}/none: cannot be read: No such file or directory"):
        wiring.Current(tmp_path / "none", None, wiring.closed([]))


def test_a_profile_alone_never_changes() -> None:
    current = wiring.Current(None, "strict", wiring.closed([]))
    first, told = current.engine, Told().after(current)
    assert (told.refused, told.accepted, current.engine is first) == ([], [], True)


def test_latest_follows_the_api_server(monkeypatch: pytest.MonkeyPatch) -> None:
    now, told = [100.0], Told()
    answers: list[KubernetesVersion | Unavailable] = []
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def version() -> KubernetesVersion:
        match answers.pop(0):
            case Unavailable() as error:
                raise error
            case answer:
                return answer

    surroundings = wiring.Surroundings(ClosedWorld(), V(1, 36), version=version)
    current = wiring.Current(None, "strict", surroundings)
    assert (told.after(current).accepted, current.engine.configuration.latest) == ([], V(1, 36))
    for answer, accepted, latest in (
        (V(1, 36), [], V(1, 36)),
        (V(1, 37), ["strict"], V(1, 37)),
        (Unavailable("GET /version: 503"), [], V(1, 37)),
    ):
        answers.append(answer)
        now[0] += wiring.VERSION_EVERY
        assert (told.after(current).accepted, current.engine.configuration.latest) == (accepted, latest)
        assert (told.after(current).accepted, told.refused, answers) == ([], [], [])  # not asked again so soon


READS = '''"""It reads.

Why: a policy of one's own does.
"""
from gatewright.policy import Pod, Severity, Store, {kind}, Violations, policy


@policy(severity=Severity.LOW)
def {name}(pod: Pod, store: Store[{kind}]) -> Violations:
    yield from ()
'''


def test_what_policies_that_are_on_read_is_reflected_before_they_serve(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    for name, kind in (("one", "Service"), ("two", "Secret"), ("three", "Pod")):
        (tmp_path / "own" / f"{name}.py").write_text(READS.format(name=name, kind=kind))
    lists = {f"/api/v1/{name}s": {"kind": f"{name.title()}List", "metadata": {"resourceVersion": "1"}} for name in
             ("namespace", "service", "secret")}  # fmt: skip
    world, file, told = ReflectedWorld(Api(lists)), tmp_path / "c.yaml", Told()
    common = f"policyFolders: [{tmp_path / 'own'}]\n"
    file.write_text(f'{common}policies: {{"*": off, one: warn, three: warn}}')
    surroundings = wiring.Surroundings(world)
    assert surroundings.reflected is world
    current = wiring.Current(file, None, surroundings)
    assert [state.resource for state in world.states()] == ["namespaces", "services"]
    lock = threading.Lock()

    def post(call: Callable[[], object]) -> None:
        with lock:
            call()

    world.start(post, lambda *_, **__: None)
    world.wait(5)
    first = current.engine
    file.write_text(f'{common}policies: {{"*": off, two: warn}}')
    assert told.after(current).accepted == ["default"]
    assert current.engine is not first
    assert [(state.resource, state.is_synced) for state in world.states()] == [("namespaces", True), ("secrets", True)]
    file.write_text(f'{common}policies: {{"*": nonsense}}')
    assert len(told.after(current).refused) == 1
    assert [state.resource for state in world.states()] == ["namespaces", "secrets"]
    current.forget("shop")
    assert current.lacks((Miss(Pod, "shop", "web"),))
    assert asyncio.run(current.look_up((), 1)) is False
    world.stop()


def test_manifests_are_not_reflected() -> None:
    current = wiring.Current(None, None, wiring.closed([]))
    current.forget("shop")
    assert not current.lacks((Miss(Pod, "shop", "web"),))
    assert asyncio.run(current.look_up((Miss(Pod, "shop", "web"),), 1)) is False
    assert wiring.closed([]).reflected is None


def test_who_answers_reviews(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text(namespace(enforce="privileged")))
    local = wiring.local_reviewer(load(), [str(tmp_path)], ["privileged"])
    assert isinstance(local, LocalReviewer)
    assert local.review(review(object=pod(PRIVILEGED))).allowed
    assert isinstance(wiring.remote_reviewer("https://localhost", None), RemoteReviewer)


def test_reviews_are_not_answered_by_a_cluster_that_cannot_be_read(tmp_path: Path) -> None:
    none, empty = tmp_path / "none", tmp_path / "empty"
    empty.mkdir()
    problems = f"{none}: cannot be read: No such file or directory\n{empty}: there is no manifest here"
    with raises(ConfigError, problems):
        wiring.local_reviewer(load(), [str(none), str(empty)], [])
    with raises(ConfigError, "--only x: no such policy; gatewright policies lists them"):
        wiring.local_reviewer(load(), [], ["x"])


def test_whom_reviews_cannot_be_sent_to(tmp_path: Path) -> None:
    with raises(ConfigError, "--server ftp://a: must be https://HOST[:PORT][/PATH]"):
        wiring.remote_reviewer("ftp://a", None)
    with raises(ConfigError, f"--ca {tmp_path}/none: No such file or directory"):
        wiring.remote_reviewer("https://a", tmp_path / "none")


@pytest.mark.parametrize("absolute", [True, False])
def test_cases_of_a_folder(tmp_path: Path, absolute: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "own" if absolute else Path("own")
    folder.mkdir()
    with raises(ConfigError, f"{folder}: there are no cases here"):
        wiring.run_cases(folder)
    (folder / "b.yaml").write_text("policy: sysctls\ncases: [{name: b, kinds: [Pod]}]")
    (folder / "a.yaml").write_text("policy: privileged\ncases: [{name: a, kinds: [Pod]}]")
    (folder / "c.yaml").write_text("policy: none\ncases: [{name: c}]")
    ran = wiring.run_cases(folder)
    assert [(one.source, one.policy, one.name) for one in ran.outcomes] == [
        (f"{folder}/a.yaml", "privileged", "a"),
        (f"{folder}/b.yaml", "sysctls", "b"),
    ]
    assert ran.problems == (f"{folder}/c.yaml:1: policy: there is no policy none",)
    with raises(ConfigError, f"{folder}/d: there is no such folder"):
        wiring.run_cases(folder / "d")


def test_the_schema_knows_every_policy() -> None:
    schema = wiring.schema(built_in())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    policies = schema["$defs"]["Policies"]["properties"]  # type: ignore[index]  # a JSON document
    assert set(built_in().entries) <= set(policies)
    assert {"*", "pod_security/*", "hostPorts"} <= set(policies)
