"""What `scan` takes: files, folders, standard input, Lists; and what of it cannot be read."""

from pathlib import Path

import pytest

from tests.builders import namespace, pod
from tests.unit.cli.invoke import PORT, denied, run, text

CLEAN = pod({"metadata.name": "clean"})
NONE = "0 objects, 0 denied; findings: 0 enforce, 0 warn, 0 audit; 1 not readable\n"
ONE = "1 object, 1 denied; findings: 1 enforce, 0 warn, 0 audit"
BROKEN = "did not find expected node content while parsing a flow node that starts at line"


def test_standard_input_is_a_dash(folder: Path) -> None:
    assert run("scan", "-", stdin=text(PORT)) == (1, f"{denied('-')}{ONE}\n", "")
    assert run("scan", "-", stdin=text(CLEAN, PORT)) == (
        1,
        f"{denied('-', 4)}2 objects, 1 denied; findings: 1 enforce, 0 warn, 0 audit\n",
        "",
    )
    (folder / "-").write_text("{")  # a file of that name is ./-
    assert run("scan", "-") == (2, NONE, "error: -: there is no manifest here\n")


def test_a_folder_is_searched_and_what_is_no_object_there_is_skipped(folder: Path) -> None:
    (folder / "k8s" / "deep").mkdir(parents=True)
    (folder / "k8s" / "deep" / "port.yml").write_text(text(PORT))
    (folder / "k8s" / "values.yaml").write_text("kind: Kind\nreplicas: 2\n---\n- a\n")
    (folder / "k8s" / "notes.txt").write_text("{")
    (folder / "k8s" / ".hidden.yaml").write_text("{")
    shown = denied("k8s/deep/port.yml")
    assert run("scan", "k8s") == (1, f"{shown}{ONE}; 2 skipped, no objects\n", "")
    assert run("scan", "k8s", "-q") == (1, shown, "")


def test_what_is_no_object_in_a_file_that_is_named_is_an_error(folder: Path) -> None:
    (folder / "values.yaml").write_text("replicas: 2\n---\nkind: Pod\n---\napiVersion: v1\n")
    reasons = ["1: has no apiVersion and kind", "3: has no apiVersion", "5: has no kind"]
    errors = "".join(f"error: values.yaml:{reason}\n" for reason in reasons)
    assert run("scan", "values.yaml") == (2, NONE.replace("1 not", "3 not"), errors)


def test_an_object_but_for_a_slip_is_an_error_in_a_folder_too(folder: Path) -> None:
    (folder / "k8s").mkdir()
    (folder / "k8s" / "a.yaml").write_text("kind: Pod\nmetadata: {name: a}\nspec: {hostPID: true}\n")
    assert run("scan", "k8s") == (2, NONE, "error: k8s/a.yaml:1: has no apiVersion\n")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none.yaml", "cannot be read: No such file or directory"),
        ("empty", "there is no manifest here"),
        ("empty.yaml", "there is no manifest here"),
        ("list.yaml", "there is no manifest here"),
    ],
)
@pytest.mark.parametrize("quiet", [False, True])
def test_a_path_without_any_manifest_is_exit_code_2(folder: Path, path: str, reason: str, quiet: bool) -> None:
    (folder / "empty").mkdir()
    (folder / "empty.yaml").write_text("# nothing\n---\n")
    (folder / "list.yaml").write_text("{apiVersion: v1, kind: List, items: []}")
    options = ["-q"] if quiet else []
    assert run("scan", *options, path) == (2, "" if quiet else NONE, f"error: {path}: {reason}\n")


def test_what_can_be_judged_is_still_printed_and_2_beats_1(folder: Path) -> None:
    (folder / "a.yaml").write_text(f"a: [\n---\n{text(PORT)}\n---\nb: [\n")
    assert run("scan", "none.yaml", "a.yaml") == (
        2,
        f"{denied('a.yaml', 3)}{ONE}; 3 not readable\n",
        "error: none.yaml: cannot be read: No such file or directory\n"
        f"error: a.yaml:2: {BROKEN} 2\n"
        f"error: a.yaml:6: {BROKEN} 6\n",
    )
    document = run("scan", "none.yaml", "a.yaml", "-o", "json").document
    assert [one["line"] for one in document["errors"]] == [0, 2, 6]


def test_a_template_is_told_to_be_rendered_and_the_rest_is_judged(folder: Path) -> None:
    (folder / "k8s").mkdir()
    (folder / "k8s" / "a.yaml").write_text("name: {{ .Values.name }}\n")
    (folder / "k8s" / "b.yaml").write_text(text(PORT))
    assert run("scan", "k8s") == (
        2,
        f"{denied('k8s/b.yaml')}{ONE}; 1 not readable\n",
        "error: k8s/a.yaml:1: a mapping or a list cannot be a key; "
        '{{ looks like a Helm template: render it first, with "helm template"\n',
    )


def test_a_list_is_its_items(folder: Path) -> None:
    items = f"- {text(CLEAN)}\n- {text(PORT)}\n- {{}}\n"
    (folder / "a.yaml").write_text(f"apiVersion: v1\nkind: List\nitems:\n{items}")
    assert run("scan", "a.yaml") == (
        2,
        denied("a.yaml", 5) + "2 objects, 1 denied; findings: 1 enforce, 0 warn, 0 audit; 1 not readable\n",
        "error: a.yaml:6: has no apiVersion and kind\n",
    )


def test_all_paths_of_a_call_are_one_cluster(folder: Path) -> None:
    """A namespace's labels count wherever, and in whatever order, its manifest is given."""
    (folder / "space.json").write_text(text(namespace(enforce="privileged")))
    alone = f"{denied()}{ONE}\n"
    assert run("scan", "port.json") == (1, alone, "")
    for paths in (("port.json", "space.json"), ("space.json", "port.json")):
        summary = "2 objects, 0 denied; findings: 0 enforce, 0 warn, 0 audit\n"
        assert run("scan", *paths) == (0, summary, "")


def test_a_namespace_that_cannot_be_read_is_not_guessed(folder: Path) -> None:
    broken = namespace() | {"metadata": {"name": "shop", "labels": 5}}
    (folder / "space.json").write_text(text(broken))
    (folder / "clean.json").write_text(text(CLEAN))
    blame = "this is not a fault of your manifest"
    assert run("scan", "clean.json", "space.json") == (
        1,
        "Pod shop/clean (clean.json:1): denied\n"
        "  enforce GW004: gatewright could not decide "
        f"(the labels of namespace shop are not known: its manifest cannot be read); {blame}\n"
        "Namespace shop (space.json:1): denied\n"
        "  enforce GW002: gatewright could not decide (metadata.labels must be an object, not an integer)\n"
        "          at space.json:1 metadata.labels\n"
        "2 objects, 2 denied; findings: 2 enforce, 0 warn, 0 audit\n",
        "",
    )


def test_an_object_that_is_none_of_its_kind_stays_an_object(folder: Path) -> None:
    (folder / "a.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: 'yes'\n")
    code, out, err = run("scan", "a.yaml", "-o", "json")
    (one,) = run("scan", "a.yaml", "-o", "json").document["objects"]
    finding = {
        "policy": "GW002", "severity": "high", "mode": "enforce", "path": "spec.hostPID", "line": 5,
        "message": "gatewright could not decide (spec.hostPID must be a boolean, not a string)",
        "fix": None, "error": True,
    }  # fmt: skip
    assert (code, err, one["findings"]) == (1, "", [finding])
    assert '"errors": []' in out


def test_names_of_files_cannot_write_to_the_terminal() -> None:
    assert run("scan", "\x1b[2J").err == "error: \\u001b[2J: cannot be read: No such file or directory\n"
    assert run("scan", "port.json", "--only", "\x1b[2J").err == (
        "error: --only \\u001b[2J: no such policy; gatewright policies lists them\n"
    )
