"""`rbac risks` and `rbac diff`: what they print of manifests and of a cluster, and how they end."""

from pathlib import Path
from typing import Any

import pytest

from gatewright.engine import catalog
from tests.builders import Object
from tests.unit.cli.invoke import Ran, run
from tests.unit.cli.rbac_objects import account, ask, binding, documents, group, role, rule, user

OLD = '''"""It is told of."""

from gatewright.policy import ClusterRoleBinding, Grants, KubernetesVersion, Namespace, Severity, Store
from gatewright.policy import Violation, Violations, policy


@policy(severity=Severity.HIGH)
def old(grants: Grants, version: KubernetesVersion, namespaces: Store[Namespace]) -> Violations:
    if isinstance(grants.item, ClusterRoleBinding):
        names = ", ".join(one.name for one in namespaces.within(None))
        yield Violation(grants.item.metadata, "name", f"of {version}, where namespaces are {names}")
'''


@pytest.fixture(name="asked", autouse=True)
def _asked(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return ask(monkeypatch, tmp_path_factory.mktemp("policies"))


class TestRisks:
    def risky(self, folder: Path) -> str:
        reads = role("reads", rule("get", "secrets"))
        return documents(
            folder, "risky.yaml", reads, role("unused", rule("get", "secrets"), namespace="shop"), role("fine"),
            binding("here", reads, account("web"), namespace="shop"), binding("all", reads, user("jane")),
            binding("idle", role("idle", rule("get", "secrets"))), role("idle", rule("get", "secrets")),
        )  # fmt: skip

    def test_the_worst_come_first_at_bindings_and_at_roles_that_nobody_has(self, folder: Path) -> None:
        told = run("rbac", "risks", "--in", self.risky(folder))
        gives = 'rules[0] of ClusterRole "reads" gives secrets to'
        lines = (
            f'critical reads-secrets  ClusterRoleBinding all: {gives} User "jane"',
            'critical reads-secrets  ClusterRole idle: rules[0] of ClusterRole "idle" gives secrets to nobody',
            f"medium   reads-secrets  RoleBinding shop/here: {gives} ServiceAccount shop/web",
            'medium   reads-secrets  Role shop/unused: rules[0] of Role "unused" gives secrets to nobody',
            "4 risks: 2 critical, 0 high, 2 medium, 0 low",
        )
        assert told == (1, "".join(f"{line}\n" for line in lines), "")

    def test_what_says_no_namespace_is_in_the_default_one(self, folder: Path) -> None:
        reads = role("reads", rule("get", "secrets"), namespace="x")
        del reads["metadata"]["namespace"]
        bound = binding("reads", reads, account("web"), namespace="x")
        del bound["metadata"]["namespace"]
        file = documents(folder, "placed.yaml", reads, bound)
        told = 'rules[0] of Role "reads" gives secrets to ServiceAccount default/web'
        line = f"medium   reads-secrets  RoleBinding default/reads: {told}\n"
        counted = "1 risk: 0 critical, 0 high, 1 medium, 0 low\n"
        assert run("rbac", "risks", "--in", file) == (0, line + counted, "")
        can = run("rbac", "can", "default/web", "get", "secrets", "-n", "default", "--in", file)
        assert can == (0, "yes: RoleBinding default/reads, rules[0] of Role default/reads\n", "")

    def test_the_exit_code_is_of_the_severity_that_is_wanted(self, folder: Path) -> None:
        file = documents(folder, "one.yaml", role("unused", rule("get", "secrets"), namespace="shop"))
        codes = {one: run("rbac", "risks", "--in", file, "--fail-on", one).code for one in ("low", "medium", "high")}
        assert codes == {"low": 1, "medium": 1, "high": 0}
        refused = "error: --fail-on no: must be one of low, medium, high, critical\n"
        assert run("rbac", "risks", "--in", file, "--fail-on", "no") == (2, "", refused)

    def test_of_a_cluster(self) -> None:
        told = run("rbac", "risks")
        by = 'rules[0] of Role "reader" gives secrets to ServiceAccount shop/web'
        line = f"medium   reads-secrets  RoleBinding shop/there: {by}\n"
        assert told == (0, f"{line}1 risk: 0 critical, 0 high, 1 medium, 0 low\n", "")

    def test_of_a_cluster_of_its_version_with_all_that_policies_read(self) -> None:
        (catalog.built_in() / "rbac" / "old.py").write_text(OLD)
        [line, _, _] = run("rbac", "risks").out.splitlines()
        assert line == "high     old  ClusterRoleBinding everywhere: of v1.35, where namespaces are shop"

    def test_for_programs(self) -> None:
        told = run("rbac", "risks", "-o", "json")
        assert told.document == {
            "version": 1,
            "risks": [
                {
                    "policy": "reads-secrets",
                    "severity": "medium",
                    "source": "cluster",
                    "kind": "RoleBinding",
                    "namespace": "shop",
                    "name": "there",
                    "path": "roleRef.name",
                    "message": 'rules[0] of Role "reader" gives secrets to ServiceAccount shop/web',
                }
            ],
            "errors": [],
        }


class TestDiff:
    OLD = role("team", rule("get list", "pods"))
    BOUND = binding("team", OLD, user("jane"), namespace="shop")

    def diff(self, folder: Path, old: tuple[Object, ...], new: tuple[Object, ...], *options: str) -> Ran:
        return run("rbac", "diff", documents(folder, "old.yaml", *old), documents(folder, "new.yaml", *new), *options)

    def test_nothing(self, folder: Path) -> None:
        same = (self.OLD, self.BOUND)
        assert self.diff(folder, same, same) == (0, "nothing is newly granted, 0 new risks\n", "")
        fewer = (role("team", rule("get", "pods")), self.BOUND)
        assert self.diff(folder, same, fewer) == (0, "nothing is newly granted, 0 new risks\n", "")
        reads = role("team", rule("get", "secrets"))
        less = (reads, binding("team", reads, user("jane"), namespace="shop"))
        more = (reads, binding("team", reads, user("jane"), user("joe"), namespace="shop"))
        assert self.diff(folder, more, less) == (0, "nothing is newly granted, 0 new risks\n", "")

    def test_a_role_that_gains_rules_gives_them_to_whom_it_is_bound(self, folder: Path) -> None:
        grown = role("team", rule("get list watch", "pods secrets"))
        told = self.diff(folder, (self.OLD, self.BOUND), (grown, self.BOUND))
        by = "(RoleBinding shop/team, rules[0] of ClusterRole team)"
        gain = f'+ User "jane" in shop: watch pods; get, list, watch secrets {by}\n'
        risk = 'rules[0] of ClusterRole "team" gives secrets to User "jane"'
        counted = "1 subject newly granted something, 1 new risk\n"
        assert told == (0, f"{gain}medium   reads-secrets  ClusterRole team: {risk}\n{counted}", "")

    def test_a_new_subject_has_all_of_it_and_the_old_one_nothing_new(self, folder: Path) -> None:
        reads = role("team", rule("get", "secrets"))
        old = (reads, binding("team", reads, user("jane"), namespace="shop"))
        new = (reads, binding("team", reads, user("jane"), account("ci"), namespace="shop"))
        gain = "+ ServiceAccount shop/ci in shop: get secrets (RoleBinding shop/team, rules[0] of ClusterRole team)\n"
        risk = 'rules[0] of ClusterRole "team" gives secrets to ServiceAccount shop/ci'
        counted = "1 subject newly granted something, 1 new risk\n"
        told = self.diff(folder, old, new)
        assert told == (0, f"{gain}medium   reads-secrets  RoleBinding shop/team: {risk}\n{counted}", "")
        assert self.diff(folder, old, new, "--fail-on", "medium").code == 1

    def test_a_binding_everywhere_in_place_of_one_in_a_namespace(self, folder: Path) -> None:
        reads = role("team", rule("get", "secrets"))
        old = (reads, binding("team", reads, user("jane"), namespace="shop"))
        told = self.diff(folder, old, (reads, binding("team", reads, user("jane"))))
        gain = '+ User "jane" everywhere: get secrets (ClusterRoleBinding team, rules[0] of ClusterRole team)\n'
        risk = 'rules[0] of ClusterRole "team" gives secrets to User "jane"'
        counted = "1 subject newly granted something, 1 new risk\n"
        assert told == (1, f"{gain}critical reads-secrets  ClusterRoleBinding team: {risk}\n{counted}", "")

    def test_another_role_in_a_binding_of_the_same_name(self, folder: Path) -> None:
        reads = role("reads", rule("get", "secrets"))
        old = (self.OLD, reads, self.BOUND)
        told = self.diff(folder, old, (self.OLD, reads, binding("team", reads, user("jane"), namespace="shop")))
        gain = '+ User "jane" in shop: get secrets (RoleBinding shop/team, rules[0] of ClusterRole reads)\n'
        risk = 'rules[0] of ClusterRole "reads" gives secrets to User "jane"'
        counted = "1 subject newly granted something, 1 new risk\n"
        assert told == (0, f"{gain}medium   reads-secrets  RoleBinding shop/team: {risk}\n{counted}", "")

    def test_a_role_for_a_binding_that_was_there_before(self, folder: Path) -> None:
        reads = role("team", rule("get", "secrets"))
        told = self.diff(folder, (self.BOUND,), (reads, self.BOUND))
        gain = '+ User "jane" in shop: get secrets (RoleBinding shop/team, rules[0] of ClusterRole team)\n'
        risk = 'rules[0] of ClusterRole "team" gives secrets to User "jane"'
        counted = "1 subject newly granted something, 1 new risk\n"
        assert told == (0, f"{gain}medium   reads-secrets  ClusterRole team: {risk}\n{counted}", "")

    def test_a_label_by_which_a_role_joins_another(self, folder: Path) -> None:
        bark = role("bark", rule("bark", "widgets", "example.org"))
        label = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
        joined = bark | {"metadata": {"name": "bark", "labels": label}}
        viewer = binding("viewers", role("view"), group("devs"), namespace="shop")
        told = self.diff(folder, (bark, viewer), (joined, viewer))
        [gain, counted] = told.out.splitlines()
        assert gain.startswith('+ Group "devs" in shop: bark widgets of example.org (RoleBinding shop/viewers, rules[')
        assert gain.endswith("] of ClusterRole view)")
        assert counted == "1 subject newly granted something, 0 new risks"

    def test_for_programs(self, folder: Path) -> None:
        grown = role("team", rule("get list", "pods"), rule("get", "secrets"))
        told = self.diff(folder, (self.OLD, self.BOUND), (grown, self.BOUND), "-o", "json")
        team = {"kind": "ClusterRole", "namespace": None, "name": "team"}
        assert (told.code, told.err) == (0, "")
        assert told.document == {
            "version": 1,
            "gains": [
                {
                    "subject": 'User "jane"',
                    "namespace": "shop",
                    "rules": [{"verbs": ["get"], "apiGroups": [""], "resources": ["secrets"]}],
                    "binding": {"kind": "RoleBinding", "namespace": "shop", "name": "team"},
                    "role": team,
                    "rule": 1,
                }
            ],
            "errors": [],
            "risks": [
                {
                    "policy": "reads-secrets",
                    "severity": "medium",
                    "source": "new.yaml",
                    **team,
                    "path": "rules[1]",
                    "message": 'rules[1] of ClusterRole "team" gives secrets to User "jane"',
                }
            ],
        }
