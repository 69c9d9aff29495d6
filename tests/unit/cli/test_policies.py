"""What `policies` prints, whole but for what the policies say of themselves."""

import json
from pathlib import Path

import pytest

from gatewright import wiring
from gatewright.engine.config import profiles
from gatewright.engine.registration import cluster_role, rules
from gatewright.report import catalogue
from tests.builders import built_in, load
from tests.unit.cli.invoke import Ran, run

HOST_PORTS = """\
pod_security/host-ports

Containers do not use ports of their node.

Fields:  containers[*].ports[*].hostPort, in every container list
Allowed: unset, 0, or a port in `allowed`
Why:     a host port escapes NetworkPolicy and ties the pod to its node. A Pod with hostNetwork has them all: the API
         server sets hostPort to containerPort.
Source:  KEP-2579; Pod Security Standards, baseline, "Host Ports"; since 1.0

severity:      high
modes:         warn in observe, enforce in default, enforce in strict
level:         baseline
also known as: hostPorts
parameters:    `allowed`: the host ports that may be used, e.g. `[9100, "5000-6000"]`.
"""
OWN = '''"""Names are short.

Why: they are typed.
"""
from gatewright.policy import Resource, Severity, Violations, policy


@policy(severity=Severity.LOW, kinds={"Service"})
def short(resource: Resource) -> Violations:
    yield from ()
'''


def pages() -> dict[str, catalogue.Page]:
    """The pages of the catalogue, by id."""
    return {page.id: page for page in catalogue.pages(built_in(), {name: load(profile=name) for name in profiles()})}


def test_the_catalogue_is_a_line_a_policy() -> None:
    code, out, err = run("policies")
    lines = out.splitlines()
    assert (code, lines, err) == (0, catalogue.table(list(pages().values()), list(profiles())), "")
    assert lines[0] == "POLICY                          SEVERITY  OBSERVE  DEFAULT  STRICT   WHAT IT ASKS FOR"
    assert lines[8] == (
        "host-ports                      high      warn     enforce  enforce  Containers do not use ports of their node"
    )
    assert len(lines) == len(pages()) + 1


@pytest.mark.parametrize("id_", ["host-ports", "hostPorts"])
def test_a_page_is_found_by_either_id(id_: str) -> None:
    assert run("policies", id_) == (0, HOST_PORTS, "")


@pytest.mark.parametrize("options", [[], ["--no-color"]])
def test_neither_is_coloured(options: list[str]) -> None:
    assert run("policies", "host-ports", *options, FORCE_COLOR="1") == (0, HOST_PORTS, "")
    assert run("policies", *options, FORCE_COLOR="1") == run("policies")


@pytest.mark.parametrize(("arguments", "ids"), [((), None), (("hostPorts",), ["host-ports"])])
@pytest.mark.parametrize("option", ["-o", "--output"])
def test_json_has_the_pages(arguments: tuple[str, ...], ids: list[str] | None, option: str) -> None:
    document = {"version": 1, "policies": [page.document for id_, page in pages().items() if ids is None or id_ in ids]}
    written = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    assert run("policies", *arguments, option, "json") == (0, written, "")


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("hostports", "there is no policy hostports; did you mean host-ports?"),
        ("HostPorts", "there is no policy HostPorts; did you mean hostPorts?"),
        ("xyz", "there is no policy xyz; gatewright policies lists them"),
        ("\x1b[2J", "there is no policy \\u001b[2J; gatewright policies lists them"),
    ],
)
def test_a_policy_that_does_not_exist_is_exit_code_2(id_: str, reason: str) -> None:
    assert run("policies", id_) == (2, "", f"error: {reason}\n")


@pytest.fixture(name="own")
def _own(folder: Path) -> Path:
    (folder / "own").mkdir()
    (folder / "own" / "short.py").write_text(OWN)
    (folder / "c.yaml").write_text("{policyFolders: own, policies: {short: warn}}")
    return folder / "own"


def own(*arguments: str) -> Ran:
    return run("policies", *arguments, "--config", "c.yaml")


@pytest.mark.usefixtures("own")
def test_policies_of_ones_own_are_among_them() -> None:
    page = "own/short\n\nNames are short.\n\nWhy: they are typed.\n\nseverity:      low\n"
    assert own("short") == (0, f"{page}modes:         off in observe, off in default, off in strict\n", "")
    listed = own().out.splitlines()
    assert [line for line in listed if line.startswith("short")] == [
        "short                           low       off      off      off      Names are short"
    ]
    assert len(listed) == len(pages()) + 2


@pytest.mark.usefixtures("own")
def test_the_schema_is_of_the_configuration_with_those_policies() -> None:
    code, out, err = run("policies", "--schema")
    schema = wiring.schema(built_in())
    assert (code, out, err) == (0, json.dumps(schema, indent=2, ensure_ascii=False) + "\n", "")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    code, out, err = own("--schema")
    before, after = (one["$defs"]["Policies"]["properties"] for one in (schema, json.loads(out)))  # type: ignore[index]  # a JSON document
    assert (code, set(after) - set(before), err) == (0, {"own/*", "short"}, "")


def test_the_rules_are_those_of_what_is_on(own: Path) -> None:
    built = run("policies", "--webhook-rules")
    assert (built.code, built.document, built.err) == (0, rules(built_in().policies.values()), "")
    assert [set(built.document), built.document["workloads"][0]["apiGroups"]] == [{"workloads", "access"}, [""]]
    (own.parent / "off.yaml").write_text("policyFolders: [own]\n")
    assert run("policies", "--webhook-rules", "--config", "off.yaml") == built
    (own.parent / "on.yaml").write_text("policyFolders: [own]\noverrides: [{namespaces: a, policies: {short: warn}}]\n")
    code, out, err = run("policies", "--webhook-rules", "--config", "on.yaml")
    assert (code, err) == (0, "")
    assert "services" in [one for rule in json.loads(out)["workloads"] for one in rule["resources"]]


def test_a_kind_that_there_is_no_rule_for_is_told_and_the_others_are_printed(own: Path) -> None:
    (own / "short.py").write_text(OWN.replace('"Service"', '"Widget.example.org"'))
    (own.parent / "on.yaml").write_text("policyFolders: [own]\npolicies: {short: warn}\n")
    told = run("policies", "--webhook-rules", "--config", "on.yaml")
    assert (told.code, told.document) == (2, rules(built_in().policies.values()))
    assert told.err == (
        "error: Widget.example.org (policy short): the resource of this kind is not known; add a rule by hand, with "
        'apiGroups ["example.org"] and the resources that `kubectl api-resources --api-group=example.org` prints for '
        "Widget\n"
    )


def test_a_configuration_that_is_refused_is_exit_code_2(own: Path) -> None:
    gone = (2, "", "error: none.yaml: cannot be read: No such file or directory\n")
    assert run("policies", "-c", "none.yaml") == gone
    assert run("policies", "--schema", "-c", "none.yaml") == gone
    (own / "short.py").write_text('"""Text."""\n')
    declares = "own/short.py: a policy's file declares one policy with @policy, this one 0"
    assert run("policies", "-c", "c.yaml") == (2, "", f"error: {declares}\n")


@pytest.mark.usefixtures("own")
def test_the_cluster_role_has_the_rules_of_what_is_on(folder: Path) -> None:
    assert run("policies", "--cluster-role").document == wiring.cluster_role(wiring.configure(None))
    (folder / "c.yaml").write_text('policies: {"*": off}')
    code, out, err = run("policies", "--cluster-role", "-c", "c.yaml")
    assert (code, json.loads(out), err) == (0, {"rules": cluster_role([])}, "")
