"""`gatewright rbac`: what its four commands print of manifests and of a cluster, and how they end."""

from pathlib import Path
from typing import Any

import pytest

from gatewright.cluster.api import Forbidden
from gatewright.cluster.client import Client
from gatewright.engine import catalog
from gatewright.engine.world import Unavailable
from gatewright.model.kinds import path_of
from gatewright.model.version import KubernetesVersion, V
from tests.builders import Object
from tests.unit.cli.invoke import Ran, run, text
from tests.unit.cluster.apis import Api

GROUP = "rbac.authorization.k8s.io"
POLICY = '''"""It is told of."""

from gatewright.policy import Grants, Severity, Violation, Violations, policy


@policy(severity=Severity.HIGH)
def reads_secrets(grants: Grants) -> Violations:
    for given in grants.rules:
        if "secrets" in given.rule.resources:
            severity = Severity.MEDIUM if grants.namespaces else Severity.CRITICAL
            who = ", ".join(holder.name for holder in grants.holders) or "nobody"
            yield Violation(given.node, given.field, f"{given.said} gives secrets to {who}", severity=severity)
'''
ADMIN = 'Group "system:masters": ClusterRoleBinding cluster-admin, rules[0] of ClusterRole cluster-admin\n'
MASTERS = "and whoever is in the group system:masters, who may do everything without a rule\n"


def role(name: str, *rules: Object, namespace: str = "", **labels: str) -> Object:
    kind, place = ("Role", {"namespace": namespace}) if namespace else ("ClusterRole", {})
    metadata = {"name": name, "labels": {key.replace("_", "-"): label for key, label in labels.items()}, **place}
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": metadata, "rules": list(rules)}


def rule(verbs: str, resources: str, groups: str = "", **more: list[str]) -> Object:
    """Words with blanks between them; the core group is "-" among others."""
    named = [group.replace("-", "") for group in groups.split()] or [""]
    return {"verbs": verbs.split(), "resources": resources.split(), "apiGroups": named, **more}


def binding(name: str, to: Object, *subjects: Object, namespace: str | None = None) -> Object:
    kind, place = ("ClusterRoleBinding", {}) if namespace is None else ("RoleBinding", {"namespace": namespace})
    reference = {"apiGroup": GROUP, "kind": to["kind"], "name": to["metadata"]["name"]}
    whole = {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": name, **place}}
    return whole | {"roleRef": reference, "subjects": list(subjects)}


def user(name: str) -> Object:
    return {"kind": "User", "apiGroup": GROUP, "name": name}


def group(name: str) -> Object:
    return user(name) | {"kind": "Group"}


def account(name: str, namespace: str = "") -> Object:
    return {"kind": "ServiceAccount", "name": name, **({"namespace": namespace} if namespace else {})}


BARKER = role("barker", rule("bark", "widgets", "example.org"), {"verbs": ["get"], "nonResourceURLs": ["/bark/*"]})
READER = role("reader", rule("get list", "secrets configmaps", resourceNames=["a", "b"]), namespace="shop")
OBJECTS = (
    BARKER,
    READER,
    binding("everywhere", BARKER, user("jane"), group("devs")),
    binding("here", BARKER, account("web"), account("agent", "mon"), namespace="shop"),
    binding("there", READER, account("web"), namespace="shop"),
)


class Server(Api):
    """Has these objects and no others."""

    address = "https://api.example"

    def __init__(self, *objects: Object) -> None:
        kinds = [f"{kind}.{GROUP}" for kind in ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")]
        super().__init__(
            {
                path_of(key): {
                    "kind": f"{key.partition('.')[0]}List",
                    "items": [one for one in objects if one["kind"] == key.partition(".")[0]],
                }
                for key in kinds
            }
        )
        self.items[path_of("ServiceAccount")] = {"kind": "ServiceAccountList", "items": []}

    def version(self) -> KubernetesVersion:
        return V(1, 37)

    def get(self, path: str, **query: Any) -> Object:
        return {"gitVersion": "v1.37.2"} if path == "/version" else super().get(path, **query)


@pytest.fixture(name="asked", autouse=True)
def _asked(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The kubeconfigs and contexts that were asked for; a policy of the tests is the whole catalogue."""
    folder = tmp_path_factory.mktemp("policies")
    (folder / "rbac").mkdir()
    (folder / "rbac" / "reads_secrets.py").write_text(POLICY)
    monkeypatch.setattr(catalog, "built_in", lambda: folder)
    asked: list[Any] = []

    def by_kubeconfig(kubeconfig: Path | None, context: str | None) -> Server:
        asked.append((kubeconfig and str(kubeconfig), context))
        if context == "gone":
            raise Unavailable("no access to a cluster: gone")
        server = Server(*OBJECTS)
        if context == "shy":
            path = path_of(f"Role.{GROUP}")
            server.items[path] = Forbidden(f"GET {path}: 403")
        return server

    monkeypatch.setattr(Client, "by_kubeconfig", by_kubeconfig)
    return asked


@pytest.fixture(name="file")
def _file(folder: Path) -> str:
    (folder / "rbac.yaml").write_text(text(*OBJECTS))
    return "rbac.yaml"


def documents(folder: Path, name: str, *objects: Object) -> str:
    (folder / name).write_text(text(*objects))
    return name


class TestWhoCan:
    def test_everybody_who_may_everywhere(self, file: str) -> None:
        by = "ClusterRoleBinding everywhere, rules[0] of ClusterRole barker\n"
        ours = f'User "jane": {by}Group "devs": {by}'
        assert run("rbac", "who-can", "bark", "widgets.example.org", "--in", file) == (0, f"{ADMIN}{ours}{MASTERS}", "")

    def test_in_a_namespace_those_of_it_come_last(self, file: str) -> None:
        told = run("rbac", "who-can", "bark", "widgets.example.org", "-n", "shop", "--in", file)
        by, here = "ClusterRoleBinding everywhere", "RoleBinding shop/here"
        ours = "".join(
            f"{who}: {through}, rules[0] of ClusterRole barker\n"
            for who, through in (
                ('User "jane"', by),
                ('Group "devs"', by),
                ("ServiceAccount shop/web", here),
                ("ServiceAccount mon/agent", here),
            )
        )
        assert told == (0, f"{ADMIN}{ours}{MASTERS}", "")

    def test_one_object_by_its_name(self) -> None:
        told = run("rbac", "who-can", "get", "secrets", "a", "-n", "shop")
        by = "RoleBinding shop/there, rules[0] of Role shop/reader"
        assert told == (0, f"ServiceAccount shop/web: {by}\n{MASTERS}", "")
        nobody = f"nobody may get secrets c in namespace shop\n{MASTERS}"
        assert run("rbac", "who-can", "get", "secrets", "c", "-n", "shop") == (0, nobody, "")

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("get", "secrets"), "get secrets"),
            (("get", "pods/log", "-n", "shop"), "get pods/log in namespace shop"),
            (("get", "deployments.v1.apps/scale", "web"), "get deployments.apps/scale web"),
            (("get", "nodes", "-n", "shop"), "get nodes"),
            (("get", "namespaces", "shop"), "get namespaces shop in namespace shop"),
            (("get", "/healthz"), "get /healthz"),
            (("get", "/bark", "-n", "shop"), "get /bark"),
        ],
    )
    def test_nobody(self, words: tuple[str, ...], told: str) -> None:
        assert run("rbac", "who-can", *words) == (0, f"nobody may {told}\n{MASTERS}", "")

    def test_a_url_is_everywhere_or_nowhere(self) -> None:
        by = "ClusterRoleBinding everywhere, rules[1] of ClusterRole barker\n"
        told = f'User "jane": {by}Group "devs": {by}{MASTERS}'
        assert run("rbac", "who-can", "get", "/bark/loud", "-n", "shop") == (0, told, "")

    def test_for_programs(self) -> None:
        told = run("rbac", "who-can", "list", "secrets", "b", "-n", "shop", "-o", "json")
        assert (told.code, told.err) == (0, "")
        assert told.document == {
            "version": 1,
            "subjects": [
                {
                    "subject": {"kind": "ServiceAccount", "name": "web", "namespace": "shop"},
                    "binding": {"kind": "RoleBinding", "namespace": "shop", "name": "there"},
                    "role": {"kind": "Role", "namespace": "shop", "name": "reader"},
                    "rule": 0,
                }
            ],
            "errors": [],
        }

    @pytest.mark.parametrize(
        ("verb", "resource", "why"),
        [
            ("GET", "pods", "a verb is written in small letters, like get"),
            ("get", "", "a resource is one like pods, pods/exec or deployments.apps, or a URL like /healthz"),
            ("get", "pods/", "a resource is one like pods, pods/exec or deployments.apps, or a URL like /healthz"),
            ("get", ".apps", "a resource is one like pods, pods/exec or deployments.apps, or a URL like /healthz"),
            (
                "get",
                "po",
                "it is not known by this name alone; write the plural and its API group, as deployments.apps",
            ),
            (
                "get",
                "Pod",
                "it is not known by this name alone; write the plural and its API group, as deployments.apps",
            ),
        ],
    )
    def test_what_is_no_question(self, verb: str, resource: str, why: str) -> None:
        refused = (2, "", f"error: {verb} {resource}: {why}\n")
        assert run("rbac", "who-can", verb, resource) == refused
        assert run("rbac", "can", "jane", verb, resource) == refused


class TestCan:
    def test_yes_by_what(self) -> None:
        by = "yes: ClusterRoleBinding everywhere, rules[0] of ClusterRole barker\n"
        assert run("rbac", "can", "jane", "bark", "widgets.example.org") == (0, by, "")
        assert run("rbac", "can", "group:devs", "bark", "widgets.example.org") == (0, by, "")
        assert run("rbac", "can", "joe", "bark", "widgets.example.org", "--group", "devs") == (0, by, "")

    def test_no(self) -> None:
        no = "no: nothing lets them bark widgets.example.org\n"
        for somebody in ("joe", "shop/web", "group:jane", "user:group:devs"):
            assert run("rbac", "can", somebody, "bark", "widgets.example.org") == (1, no, "")

    @pytest.mark.parametrize("somebody", ["shop/web", "system:serviceaccount:shop:web"])
    def test_an_account_however_it_is_written(self, somebody: str) -> None:
        by = "yes: RoleBinding shop/here, rules[0] of ClusterRole barker\n"
        assert run("rbac", "can", somebody, "bark", "widgets.example.org", "-n", "shop") == (0, by, "")

    def test_masters_need_no_rule(self) -> None:
        yes = (0, "yes: the group system:masters may do everything without a rule\n", "")
        assert run("rbac", "can", "group:system:masters", "get", "pods") == yes
        assert run("rbac", "can", "jane", "get", "pods", "--group", "system:masters") == yes
        all_ = (0, "the group system:masters may do everything without a rule\n", "")
        assert run("rbac", "can", "group:system:masters") == all_

    def test_all_that_they_can(self) -> None:
        bark = "bark widgets of example.org (RoleBinding shop/here, rules[0] of ClusterRole barker)"
        read = 'get, list secrets, configmaps (only "a", "b") (RoleBinding shop/there, rules[0] of Role shop/reader)'
        told = (0, f"in shop: {bark}\nin shop: {read}\n", "")
        assert run("rbac", "can", "shop/web") == told
        assert run("rbac", "can", "shop/web", "-n", "shop") == told
        assert run("rbac", "can", "shop/web", "-n", "mon") == (0, "nothing\n", "")

    def test_a_url_is_told_of_where_it_works(self) -> None:
        by = "(ClusterRoleBinding everywhere, rules[{}] of ClusterRole barker)"
        bark, url = (f"everywhere: {what} {by.format(index)}\n" for index, what in enumerate(
            ("bark widgets of example.org", "get /bark/*")
        ))  # fmt: skip
        assert run("rbac", "can", "jane") == (0, bark + url, "")

    def test_for_programs(self) -> None:
        answer = run("rbac", "can", "jane", "get", "/bark/1", "-o", "json")
        by = {
            "subject": {"kind": "User", "name": "jane", "namespace": None},
            "binding": {"kind": "ClusterRoleBinding", "namespace": None, "name": "everywhere"},
            "role": {"kind": "ClusterRole", "namespace": None, "name": "barker"},
            "rule": 1,
        }
        assert (answer.code, answer.document) == (
            0,
            {"version": 1, "answers": [{"allowed": True, "by": by}], "errors": []},
        )
        answer = run("rbac", "can", "joe", "get", "/bark/1", "-o", "json")
        no = {"version": 1, "answers": [{"allowed": False, "by": None}], "errors": []}
        assert (answer.code, answer.document) == (1, no)
        everything = run("rbac", "can", "jane", "-o", "json")
        grants = {"verbs": ["get"], "nonResourceURLs": ["/bark/*"]}
        assert everything.document["rules"][1] == {"namespace": None, **by, "grants": grants}
        assert (everything.code, len(everything.document["rules"])) == (0, 2)

    @pytest.mark.parametrize("somebody", ["", "group:", "user:", "shop/", "/web"])
    def test_nobody(self, somebody: str) -> None:
        why = "somebody is a user, NAMESPACE/NAME of a service account, or group:NAME"
        assert run("rbac", "can", somebody) == (2, "", f"error: {somebody}: {why}\n")

    @pytest.mark.parametrize("question", [("get",), ("get", "pods", "a", "b")])
    def test_half_a_question(self, question: tuple[str, ...]) -> None:
        why = "error: a question is a VERB, a RESOURCE and, of one object, its NAME\n"
        assert run("rbac", "can", "jane", *question) == (2, "", why)


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


class TestSources:
    COMMANDS = (
        ("who-can", "get", "pods"),
        ("can", "jane"),
        ("risks",),
    )

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_cluster_that_is_not_there(self, command: tuple[str, ...], asked: list[Any]) -> None:
        told = run("rbac", *command, "--context", "gone", "--kubeconfig", "k")
        assert told == (2, "", "error: no access to a cluster: gone\n")
        assert asked == [("k", "gone")]

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_kind_that_may_not_be_read_leaves_no_answer(self, command: tuple[str, ...]) -> None:
        why = "error: cluster: GET /apis/rbac.authorization.k8s.io/v1/roles: 403\n"
        assert run("rbac", *command, "--context", "shy") == (2, "", why)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_manifests_and_a_cluster(self, command: tuple[str, ...], file: str) -> None:
        why = "error: --in gives manifests; --context and --kubeconfig are of a cluster\n"
        assert run("rbac", *command, "--in", file, "--context", "c") == (2, "", why)

    def test_manifests_that_cannot_be_read_are_an_error_and_the_rest_is_asked(self, folder: Path, file: str) -> None:
        (folder / "broken.yaml").write_text("a: [")
        told = run("rbac", "can", "jane", "bark", "widgets.example.org", "--in", file, "--in", "broken.yaml")
        assert (told.code, told.out) == (2, "yes: ClusterRoleBinding everywhere, rules[0] of ClusterRole barker\n")
        assert told.err.startswith("error: broken.yaml:1: ")
        missing = run("rbac", "risks", "--in", "missing.yaml")
        assert missing.err == "error: missing.yaml: cannot be read: No such file or directory\n"
        assert missing.code == 2
        both = run("rbac", "diff", "missing.yaml", file, "-o", "json")
        why = "cannot be read: No such file or directory"
        assert (both.code, both.document["errors"]) == (2, [{"source": "missing.yaml", "line": 0, "message": why}])

    def test_names_that_hide_something_are_told_with_it(self, folder: Path) -> None:
        odd = role("a\u202eb", rule("get", "pods"))
        file = documents(folder, "odd.yaml", odd, binding("c\u202ed", odd, user("e\u202ef")))
        told = run("rbac", "can", "user:e\u202ef", "get", "pods", "--in", file)
        assert told == (0, "yes: ClusterRoleBinding c\\u202ed, rules[0] of ClusterRole a\\u202eb\n", "")
