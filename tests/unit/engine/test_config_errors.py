"""What is refused of a configuration: whole messages, with the line and the nearest key."""

from pathlib import Path

import pytest

from gatewright.engine import config
from gatewright.engine.reading import ConfigError
from gatewright.model.version import V
from gatewright.policy import Params, Pod, Violations
from tests.builders import declared, extended, load
from tests.unit.engine.refused import EMPTY, MODE, REFUSED


def problems(text: str, profile: str | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(text, profile)
    return list(caught.value.problems)


@pytest.mark.parametrize(("text", "problem"), REFUSED)
def test_what_is_refused(text: str, problem: str) -> None:
    assert problems(text) == [f"gatewright.yaml:1: {problem}"]


def test_all_errors_are_told_at_once_by_line() -> None:
    text = """
profile: stric
policies:
  host-port: enforce
  hostPorts:
    mode: enforced
    alowed: [1]
  privileged:
  capabilities_baseline:
    allowed: [A]
  capabilities-baseline: warn
overrides:
  - namespace: shop
    policies:
      proc-mount: off
      procMount: loud
  - operations: [PATCH, DELETE]
  - names: web
    policies:
      - host-ports
"""
    assert problems(text) == [
        "gatewright.yaml:2: profile: must be observe, default or strict",
        "gatewright.yaml:4: policies.host-port: no such policy; did you mean host-ports?",
        f"gatewright.yaml:6: policies.hostPorts.mode: {MODE}",
        "gatewright.yaml:7: policies.hostPorts.alowed: unknown key; did you mean allowed?",
        f"gatewright.yaml:8: policies.privileged: {EMPTY}",
        "gatewright.yaml:9: policies.capabilities_baseline: given twice, also as capabilities-baseline",
        "gatewright.yaml:13: overrides[0].namespace: unknown key; did you mean namespaces?",
        "gatewright.yaml:16: overrides[0].policies.procMount: given twice, also as proc-mount",
        "gatewright.yaml:17: overrides[1].operations[0]: must be CREATE, UPDATE, DELETE or CONNECT",
        "gatewright.yaml:19: overrides[2].policies: must be a mapping of keys to values",
    ]


def test_the_error_is_the_text_of_all() -> None:
    with pytest.raises(ConfigError) as caught:
        load("a: 1\nb: 2")
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 2


def test_one_document_is_read() -> None:
    assert problems("profile: strict\n---\nprofile: default") == ["gatewright.yaml:3: a second document; give one"]
    broken = "did not find expected node content while parsing a flow node that starts at line 2"
    assert problems("a: [\n") == [f"gatewright.yaml:2: {broken}"]
    assert load("").hash == load("# nothing\n---\n").hash == load("{}").hash


def test_a_profile_that_does_not_exist() -> None:
    assert problems("{}", "lax") == ["there is no profile lax; there are observe, default, strict"]


ALONE = "alone may only enforce; to loosen, say namespaces or users too"


@pytest.mark.parametrize(
    "said",
    [
        "policies: {host-ports: warn}",
        'policies: {"*": {critical: enforce, else: warn}}',
        "policies: {host-ports: off}",
        "policies: {host-ports: {allowed: 1}}",
        "policies: {host-ports: {mode: enforce, allowed: 1}}",
        "profile: strict",
        "podSecurityLabels: tighten",
        "enforceOn: workloads",
        "groups: [a], policies: {host-ports: warn}",
        "namespaceLabels: {a: b}, policies: {host-ports: warn}",
    ],
)
def test_a_name_alone_may_only_enforce(said: str) -> None:
    text = f"overrides:\n  - {{names: web-*, {said}}}\n  - {{names: [], {said}}}\n"
    assert problems(text) == [
        f"gatewright.yaml:2: overrides[0].names: {ALONE}",
        f"gatewright.yaml:3: overrides[1].names: {ALONE}",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "policies: {host-ports: enforce}",
        'policies: {"*": enforce}',
        "namespaces: a, profile: observe",
        "users: a, policies: {host-ports: off}",
    ],
)
def test_a_name_may_enforce_and_may_loosen_together_with_namespaces_or_users(said: str) -> None:
    assert load(f"overrides: [{{names: web-*, {said}}}]").after_labels


class Range(Params):
    least: int = 0
    most: int = 10

    def model_post_init(self, _: object) -> None:
        if self.least > self.most:
            raise ValueError(f"least {self.least} is more than most {self.most}")


def sized(pod: Pod, params: Range) -> Violations:
    raise NotImplementedError


def test_parameters_that_do_not_go_together() -> None:
    own = extended(declared(sized))
    with pytest.raises(ConfigError) as caught:
        load("policies: {sized: {least: 8}}\noverrides: [{namespaces: a, policies: {sized: {most: 5}}}]", catalog=own)
    assert caught.value.problems == ("gatewright.yaml: overrides[0]: sized: least 8 is more than most 5",)
    together = load("policies: {sized: {least: 8, most: 9}}", catalog=own)
    assert together.after_labels[0].params == {"sized": {"least": 8, "most": 9}}


OWN = '''"""Names are short."""
from gatewright.policy import Pod, Severity, Violations, policy


@policy(severity=Severity.LOW)
def short_names(pod: Pod) -> Violations:
    yield from ()
'''


def test_folders_of_policies(tmp_path: Path) -> None:
    (tmp_path / "short_names.py").write_text(OWN)
    for folders in (f"[{tmp_path}]", str(tmp_path)):
        loaded = config.load(f"policyFolders: {folders}\npolicies: {{short-names: audit}}".encode(), "g.yaml")
        assert "short-names" in loaded.catalog.entries
        assert loaded.after_labels[0].modes.keys() == {"short-names"}


def test_a_bad_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import shiny\n")
    with pytest.raises(ConfigError) as caught:
        config.load(f"policyFolders: [{tmp_path}, {tmp_path / 'none'}]".encode(), "g.yaml")
    assert caught.value.problems == (
        f"{tmp_path / 'none'}: there is no such folder of policies",
        f"{tmp_path / 'broken.py'}:1: ModuleNotFoundError: No module named 'shiny'",
    )


def test_a_name_that_no_folder_can_have_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(f"policyFolders: {'x' * 300}".encode(), "g.yaml")
    assert caught.value.problems == (f"{'x' * 300}: there is no such folder of policies",)
    assert problems("policyFolders: ['']") == [
        "gatewright.yaml:1: policyFolders[0]: is empty; give it a value or leave it out"
    ]


@pytest.mark.parametrize("levels", [100, 480, 499])
def test_what_nests_deeply_is_refused(levels: int) -> None:
    (problem,) = problems('{"a":' * levels + "1" + "}" * levels)
    deep = "gatewright.yaml:1: nests deeper than any configuration"
    assert problem == deep or problem.startswith("gatewright.yaml:1: a: unknown key; ")


def test_a_problem_is_one_line_however_the_key_is_called() -> None:
    (problem,) = problems('"a\\n\\e[31m": 1')
    assert problem.startswith("gatewright.yaml:1: [a\\u000a\\u001b[31m]: unknown key; ")


def test_folders_are_not_taken_up_where_policies_are_loaded_already(tmp_path: Path) -> None:
    assert problems(f"policyFolders: {tmp_path}") == [
        "gatewright.yaml: policyFolders: changed; policies are code, so a restart takes them up"
    ]


def test_a_version_past_the_table_is_its_newest() -> None:
    assert load("kubernetes: v1.99").latest == load().latest == V(1, 37)
