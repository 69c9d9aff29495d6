"""`rbac who-can` and `rbac can`: what they print of manifests and of a cluster; and how all four end without either."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.invoke import run
from tests.unit.cli.rbac_objects import MASTERS, OBJECTS, ask, binding, documents, role, rule, user

ADMIN = 'Group "system:masters": ClusterRoleBinding cluster-admin, rules[0] of ClusterRole cluster-admin\n'
"""Of manifests: who may do everything in every cluster."""


@pytest.fixture(name="asked", autouse=True)
def _asked(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    return ask(monkeypatch, tmp_path_factory.mktemp("policies"))


@pytest.fixture(name="file")
def _file(folder: Path) -> str:
    return documents(folder, "rbac.yaml", *OBJECTS)


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
