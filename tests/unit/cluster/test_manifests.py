import io
import json
import sys
from pathlib import Path

import pytest

from gatewright.cluster.manifests import Manifests, gather
from tests.builders import namespace, pod

POD, SPACE = json.dumps(pod()), json.dumps(namespace())


def files(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        file = folder / name.replace("__", "/").replace("_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def told(manifests: Manifests, folder: Path) -> tuple[list[str], list[str]]:
    """The objects, and the errors, each with its place below the folder."""
    objects = [f"{one.source}:{one.line} {one.value['kind']}" for one in manifests.objects]
    below = [[text.replace(f"{folder}/", "") for text in texts] for texts in (objects, map(str, manifests.errors))]
    return below[0], below[1]


def test_a_folder_is_searched_in_order(tmp_path: Path) -> None:
    files(tmp_path, b_yaml=POD, a_yml=f"# first\n{POD}\n---\n{SPACE}", deep__er__c_json=POD, x_txt="{", y_yaml="")
    files(tmp_path, _git__z_yaml=POD, deep___hidden_yaml=POD)
    manifests = gather([str(tmp_path)])
    assert told(manifests, tmp_path) == (
        ["a.yml:2 Pod", "a.yml:4 Namespace", "b.yaml:1 Pod", "deep/er/c.json:1 Pod"],
        [],
    )
    assert [value["kind"] for value in manifests.values] == ["Pod", "Namespace", "Pod", "Pod"]


def test_what_is_no_object_is_skipped_in_a_folder_and_an_error_in_a_file_that_is_named(tmp_path: Path) -> None:
    files(tmp_path, values_yaml="replicas: 3\n---\nkind: Pod\n---\n- a\n", pod_yaml=POD)
    in_folder = gather([str(tmp_path)])
    assert (told(in_folder, tmp_path), in_folder.skipped) == ((["pod.yaml:1 Pod"], []), 3)
    named = gather([str(tmp_path / "values.yaml")])
    assert told(named, tmp_path) == (
        [],
        [
            "values.yaml:1: has no apiVersion and kind",
            "values.yaml:3: has no apiVersion",
            "values.yaml:5: has no apiVersion and kind",
        ],
    )
    assert named.skipped == 0


def test_lists_are_their_items(tmp_path: Path) -> None:
    inner = f'{{"apiVersion": "v1", "kind": "List", "items": [{SPACE}]}}'
    files(tmp_path, a_json=f'{{"apiVersion": "v1", "kind": "List", "items": [\n{POD},\n{inner}]}}')
    assert told(gather([str(tmp_path)]), tmp_path)[0] == ["a.json:2 Pod", "a.json:3 Namespace"]


def test_the_items_of_a_typed_list_are_of_its_kind(tmp_path: Path) -> None:
    text = "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: a}\n- {spec: {}}\n- null\n"
    files(tmp_path, a_yaml=text)
    manifests = gather([str(tmp_path / "a.yaml")])
    assert told(manifests, tmp_path) == (
        ["a.yaml:4 Deployment", "a.yaml:5 Deployment"],
        ["a.yaml:6: has no apiVersion and kind"],
    )
    assert manifests.objects[0].value == {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}}
    assert manifests.objects[0].line_of(("metadata", "name")) == 4


def test_what_cannot_be_read_does_not_take_the_rest_with_it(tmp_path: Path) -> None:
    files(tmp_path, a_yaml=f"a: [\n---\n{POD}", b_yaml=POD)
    manifests = gather([str(tmp_path), str(tmp_path / "none.yaml")])
    assert told(manifests, tmp_path) == (
        ["a.yaml:3 Pod", "b.yaml:1 Pod"],
        [
            "a.yaml:2: did not find expected node content while parsing a flow node that starts at line 2",
            "none.yaml: cannot be read: No such file or directory",
        ],
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", '{"apiVersion": "v1", "kind": "List", "items": []}'])
def test_a_path_without_any_object_is_an_error(tmp_path: Path, text: str) -> None:
    files(tmp_path, a_yaml=text)
    for path in (tmp_path / "a.yaml", tmp_path):
        (error,) = gather([str(path)]).errors
        assert (error.source, error.line, error.message) == (str(path), 0, "there is no manifest here")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{POD}\n---\n{SPACE}".encode())))
    manifests = gather(["-"])
    assert [(one.source, one.line) for one in manifests.objects] == [("-", 1), ("-", 3)]
