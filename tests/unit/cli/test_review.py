"""What `review` prints and how it ends, whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Object, namespace
from tests.unit.cli.invoke import PORT, ROOT, Ran, run, text
from tests.unit.webhook.builders import ID, UID, request

REQUEST = request(object=PORT)
WHOLE = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": REQUEST}
PLACE = "spec.containers[0].ports[0].hostPort"
FIX = [{"op": "remove", "path": "/spec/containers/0/ports/0/hostPort"}]
FINDING: dict[str, object] = {"policy": "host-ports", "severity": "high", "mode": "enforce", "path": PLACE}
FINDING |= {"message": 'container "app" uses host port 80', "fix": FIX}
DENIAL = f"""\
Pod shop/web: 1 violation [decision {ID}]
 1. host-ports (high): container "app" uses host port 80
    at {PLACE} = 80
    fix: remove it
Why, and what is allowed: gatewright policies host-ports"""
WARNING = 'would violate PodSecurity "baseline:latest": hostPort (container "app" uses host port 80)'
ROOT_MESSAGE = 'container "app" must set securityContext.runAsNonRoot to true'


def line(source: str, **parts: Any) -> str:
    """A line of the output: an allowed review unless the parts say otherwise."""
    allowed = {"source": source, "uid": UID, "allowed": True, "message": "", "warnings": [], "auditAnnotations": {}}
    return json.dumps(allowed | {"findings": []} | parts, separators=(",", ":")) + "\n"


def denied(source: str) -> str:
    annotations = {"decision": ID, "denied": "host-ports"}
    return line(source, allowed=False, message=DENIAL, auditAnnotations=annotations, findings=[FINDING])


def warned(source: str) -> str:
    findings = [FINDING | {"mode": "warn"}]
    return line(source, warnings=[WARNING], auditAnnotations={"decision": ID}, findings=findings)


def recorded(folder: Path, *objects: Object) -> Path:
    """A file of JSON lines: a bare request of each object's creation."""
    file = folder / "reviews.jsonl"
    file.write_text("".join(json.dumps(request(object=one)) + "\n" for one in objects))
    return file


YAML = f"uid: {UID}\nkind: {{version: v1, kind: Pod}}\nname: web\nnamespace: shop\noperation: CREATE\nobject: "


@pytest.mark.parametrize(
    "recording",
    [json.dumps(WHOLE), json.dumps(WHOLE, indent=1), json.dumps(REQUEST), YAML + text(PORT)],
    ids=["whole", "on several lines", "a bare request", "YAML"],
)
def test_a_review_is_one_line(folder: Path, recording: str) -> None:
    (folder / "review").write_text(recording)
    assert run("review", "review") == (1, denied("review"), "")
    assert run("review", "-", stdin=recording) == (1, denied("-"), "")


def test_json_lines_are_a_review_each(folder: Path) -> None:
    recorded(folder, PORT, PORT)
    assert run("review", "reviews.jsonl") == (1, denied("reviews.jsonl") * 2, "")


def test_what_is_allowed_is_exit_code_0(folder: Path) -> None:
    (folder / "review").write_text(json.dumps(request()))
    assert run("review", "review") == (0, line("review"), "")


@pytest.mark.parametrize(
    "options", [["-o", "text"], ["--output", "json"], ["--no-color"], ["-o", "text", "--no-color"]], ids=" ".join
)
def test_neither_output_nor_colours_change_anything(folder: Path, options: list[str]) -> None:
    recorded(folder, PORT)
    assert run("review", "reviews.jsonl", *options, FORCE_COLOR="1") == (1, denied("reviews.jsonl"), "")


def test_the_profile_and_the_configuration_are_options(folder: Path) -> None:
    recorded(folder, PORT)
    (folder / "c.yaml").write_text("profile: observe")
    allowed = (0, warned("reviews.jsonl"), "")
    assert run("review", "reviews.jsonl", "--profile", "observe") == allowed
    assert run("review", "reviews.jsonl", "--config", "c.yaml") == allowed
    denial = (1, denied("reviews.jsonl"), "")
    assert run("review", "reviews.jsonl", "--config", "c.yaml", "--profile", "strict") == denial


@pytest.mark.parametrize(
    ("profile", "fail_on", "codes"),
    [
        ("default", "enforce", (1, 0)),
        ("default", "warn", (1, 1)),
        ("observe", "enforce", (0, 0)),
        ("observe", "warn", (1, 0)),
        ("observe", "audit", (1, 1)),
    ],
)
def test_fail_on_is_a_threshold(folder: Path, profile: str, fail_on: str, codes: tuple[int, int]) -> None:
    for item, code in zip((PORT, ROOT), codes, strict=True):
        recorded(folder, item)
        arguments = ("review", "reviews.jsonl", "--profile", profile)
        assert run(*arguments, "--fail-on", fail_on) == (code, *run(*arguments)[1:])


@pytest.mark.parametrize("option", ["-q", "--quiet"])
def test_quiet_prints_only_what_fails(folder: Path, option: str) -> None:
    recorded(folder, ROOT, PORT)
    assert run("review", "reviews.jsonl", option) == (1, denied("reviews.jsonl"), "")
    assert run("review", "reviews.jsonl", option, "--profile", "observe") == (0, "", "")


def test_what_is_audited_is_an_annotation_and_a_finding(folder: Path) -> None:
    recorded(folder, ROOT)
    place = "spec.containers[0].securityContext.runAsNonRoot"
    finding = {"policy": "run-as-non-root", "severity": "medium", "mode": "audit", "path": place}
    fix = [{"op": "add", "path": "/spec/containers/0/securityContext/runAsNonRoot", "value": True}]
    annotation = f"{ROOT_MESSAGE}; fix: set it to true (at {place})"
    assert run("review", "reviews.jsonl", "--profile", "observe") == (
        0,
        line(
            "reviews.jsonl",
            auditAnnotations={"decision": ID, "run-as-non-root": annotation},
            findings=[finding | {"message": ROOT_MESSAGE, "fix": fix}],
        ),
        "",
    )


def test_namespaces_come_from_manifests(folder: Path) -> None:
    recorded(folder, PORT)
    (folder / "space.json").write_text(text(namespace(enforce="privileged")))
    for option in (("--manifests", "space.json"), ("--manifests", ".", "--manifests", "space.json")):
        (folder / "reviews.jsonl").rename(folder / "reviews.txt")
        assert run("review", "reviews.txt", *option) == (0, line("reviews.txt"), "")
        (folder / "reviews.txt").rename(folder / "reviews.jsonl")


NOT_KNOWN = "the labels of namespace shop are not known: its manifest cannot be read"


def test_a_namespace_that_cannot_be_read_is_not_guessed(folder: Path) -> None:
    (folder / "review").write_text(json.dumps(request()))
    broken = namespace() | {"metadata": {"name": "shop", "labels": ["a"]}}
    (folder / "space.json").write_text(text(broken))
    told = f"gatewright could not decide ({NOT_KNOWN}); this is not a fault of your manifest"
    finding = {"policy": "GW004", "severity": "high", "mode": "enforce", "path": "", "message": told, "fix": None}
    assert run("review", "review", "--manifests", "space.json") == (
        1,
        line(
            "review",
            allowed=False,
            message=f"Pod shop/web: 1 not decided [decision {ID}]\n 1. GW004: {told}",
            auditAnnotations={"decision": ID, "denied": "GW004"},
            findings=[finding | {"error": True}],
        ),
        "",
    )


def test_manifests_that_cannot_be_read_are_exit_code_2_and_nothing_is_judged(folder: Path) -> None:
    recorded(folder, PORT)
    (folder / "broken.yaml").write_text("a: [\n")
    assert run("review", "reviews.jsonl", "--manifests", "none", "--manifests", "broken.yaml") == (
        2,
        "",
        "error: none: cannot be read: No such file or directory\n"
        "error: broken.yaml:2: did not find expected node content while parsing a flow node that starts at line 2\n",
    )


UNREADABLE: list[tuple[str, str, str]] = [
    ("{}", "a", "error: a:1: is no AdmissionReview and no request\n"),
    (text(PORT), "a", "error: a:1: is no AdmissionReview and no request\n"),
    ("", "a", "error: a: there is no review here\n"),
    ("{}", "none", "error: none: cannot be read: No such file or directory\n"),
    ("a: [\n", "a", "error: a:2: did not find expected node content while parsing a flow node that starts at line 2\n"),
    (
        '{"request": {"uid": 7}}',
        "a",
        "error: a:1: HTTP 400: gatewright could not decide (request.uid must be a string, not an integer, "
        "and no request.uid in it); this is not a fault of your manifest\n",
    ),
]


@pytest.mark.parametrize(("recording", "path", "error"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_no_review_is_exit_code_2_and_the_others_are_judged(
    folder: Path, recording: str, path: str, error: str
) -> None:
    (folder / "a").write_text(recording)
    recorded(folder, PORT)
    ran: Ran = run("review", path, "reviews.jsonl")
    assert ran == (2, denied("reviews.jsonl"), error)
