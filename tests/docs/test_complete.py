"""The pages leave nothing out: every key, option, metric and name that there is stands on the page that is about it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

import gatewright.policy
from gatewright.cli.main import app
from gatewright.engine import catalog, config
from gatewright.engine.cases import Case, CaseFile
from gatewright.engine.decision import Failure
from gatewright.engine.settings import models
from gatewright.webhook.log import Line
from gatewright.webhook.metrics import Metrics
from tests.docs.page import ROOT, pages


def code_on(page: str) -> str:
    """The inline code of a page, a space around each."""
    text = "".join((ROOT / page).read_text().split("```")[::2])
    return " ".join(["", *re.findall(r"`([^`\n]+)`", text), ""])


def missing(page: str, names: set[str]) -> set[str]:
    shown = code_on(page)
    return {name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", shown)}


def test_the_configuration() -> None:
    file, _ = models(catalog.load([catalog.built_in()]), config.profiles())
    schema = file.model_json_schema()
    keys = {*schema["properties"], *schema["$defs"]["Override"]["properties"]}
    assert missing("docs/configure.md", keys) == set()


def test_the_cases() -> None:
    keys = {info.alias or "" for model in (Case, CaseFile) for info in model.model_fields.values()}
    assert missing("docs/authoring.md", keys) == set()


def test_what_a_policy_may_import() -> None:
    assert missing("docs/authoring.md", set(gatewright.policy.__all__)) == set()


def test_the_options_of_serve() -> None:
    serve = typer.main.get_group(app).commands["serve"]
    options = {max(parameter.opts, key=len) for parameter in serve.params} - {"--help"}
    assert missing("docs/operations.md", options) == set()


def test_the_metrics() -> None:
    metrics = Metrics()
    metrics.certificate_not_after = datetime.now(UTC)
    names = {family.name for family in metrics.collect()}
    shown = code_on("docs/operations.md")
    assert {name for name in names if name not in shown} == set()


def test_the_log() -> None:
    assert missing("docs/operations.md", set(Line.__struct_encode_fields__)) == set()


def test_the_failures() -> None:
    rows = re.findall(r"^\| (GW\d+) \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    assert rows == [str(failure) for failure in Failure]


TARGETS = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_target_of_make_that_a_page_names_is_one(page: Path) -> None:
    text = (ROOT / page).read_text()
    named = set(re.findall(r"(?:`|\$ )make ([a-z-]+)", text))
    assert named <= TARGETS


def test_every_target_of_make_is_on_the_page_for_contributors() -> None:
    named = set(re.findall(r"`make ([a-z-]+)`", (ROOT / "CONTRIBUTING.md").read_text()))
    assert TARGETS - named == {"help"}
