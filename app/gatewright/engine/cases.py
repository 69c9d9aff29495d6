"""Policy cases: differences from a minimal valid object, each repeated wherever the policy must hold alike."""

import copy
import datetime
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from pydantic import AfterValidator, Field

from gatewright.engine.catalog import Catalog, Entry
from gatewright.engine.config import Configuration, Layer
from gatewright.engine.decision import Finding, Mode
from gatewright.engine.documents import Document
from gatewright.engine.engine import Engine
from gatewright.engine.entry import fix_text
from gatewright.engine.fixes import apply, patch_of
from gatewright.engine.minimal import Variant, put, variants
from gatewright.engine.modes import Modes
from gatewright.engine.reading import ConfigError, validate
from gatewright.engine.settings import Version
from gatewright.engine.world import ClosedWorld
from gatewright.model.path import Path, find, parse, render
from gatewright.model.pod import CONTAINER_LISTS
from gatewright.model.review import CREATE, UPDATE, AdmissionRequest, Resource, UserInfo
from gatewright.model.version import LATEST, parse_version
from gatewright.policy.params import Day, Params, Strict

NAMESPACE = "shop"
"""The namespace of a case's request where its object names none."""


def _path(text: str) -> str:
    parse(text)
    return text


PathText = Annotated[str, AfterValidator(_path)]


class Expected(Strict):
    """What is found: its message, and where they matter its severity and what mends it, in the words of a denial."""

    message: str
    severity: Literal["low", "medium", "high", "critical"] | None = None
    fix: str | None = None


class Case(Strict):
    """One case: what differs from the minimal valid object, and what is then found."""

    name: str
    version: Version = LATEST
    params: dict[str, Any] = {}
    set: dict[PathText, Any] = {}
    old: dict[PathText, Any] | None = None
    object: dict[str, Any] | None = None
    kinds: list[str] | None = None
    lists: list[Literal["initContainers", "containers", "ephemeralContainers"]] | None = None
    operation: Literal["CREATE", "UPDATE", "DELETE", "CONNECT"] | None = None
    resource: str = ""
    cluster: list[dict[str, Any]] = []
    user: str = ""
    groups: list[str] = []
    today: Day = datetime.date(2026, 11, 24)
    expect: dict[PathText, str | Expected | list[str | Expected]] = {}


class CaseFile(Strict):
    """The cases of a policy."""

    api_version: Literal["gatewright/v1"] | None = None
    policy: str
    cases: list[Case] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case that ran on `objects` objects; `failures` are empty where all was as expected."""

    policy: str
    name: str
    source: str
    line: int
    objects: int
    expects_findings: bool
    failures: tuple[str, ...]


def run(document: Document, catalog: Catalog) -> Iterator[Outcome]:
    """Runs a file of cases.

    Raises:
        ConfigError: it is no file of cases, or there is no such policy.
    """
    file = validate(CaseFile, document, {})
    entry = catalog.entries.get(file.policy)
    if entry is None:
        line = document.line_of(("policy",))
        raise ConfigError([f"{document.source}:{line}: policy: there is no policy {file.policy}"])
    for number, case in enumerate(file.cases):
        line = document.line_of(("cases", number))
        if case.params:
            validate(entry.policy.params or Params, document.at(("cases", number, "params")), {})
        try:
            objects = list(
                variants(entry.policy, case.set, case.old, case.object, case.kinds, case.lists or CONTAINER_LISTS)
            )
            engine = _engine(entry, case)
            failures = _told({variant.name: list(_failures(engine, case, variant)) for variant in objects})
        except ValueError as error:
            raise ConfigError([f"{document.source}:{line}: {case.name}: {error}"]) from None
        yield Outcome(file.policy, case.name, document.source, line, len(objects), bool(case.expect), failures)


def _told(failures: dict[str, list[str]]) -> tuple[str, ...]:
    """The failures of a case by object, alike ones told once."""
    where: dict[str, list[str]] = {}
    for name, texts in failures.items():
        for text in texts:
            where.setdefault(text, []).append(name)
    return tuple(
        f"{names[0]}{f' and {len(names) - 1} more objects' if names[1:] else ''}: {text}"
        for text, names in where.items()
    )


def _failures(engine: Engine, case: Case, variant: Variant) -> Iterator[str]:
    changed = _with(variant.object, case.set, variant)
    old = None if case.old is None else _with(variant.object, case.old, variant)
    judged = engine.judge(_request(case, variant, changed, old)).findings
    findings = [finding for finding in judged if not variant.is_bystander(finding.path)]
    wanted = [
        (render(parse(path)), Expected(message=one) if isinstance(one, str) else one)
        for path, several in case.expect.items()
        for one in (several if isinstance(several, list) else [several])
    ]
    expected = Counter((path, one.message) for path, one in wanted)
    told = [(render(variant.unplaced(finding.path)), finding.message, finding) for finding in findings]
    found = Counter((path, message) for path, message, _ in told)
    for path, message in (expected - found).elements():
        yield f"not found: {path}: {message}"
    for path, message in (found - expected).elements():
        yield f"not expected: {path}: {message}"
    for path, one in wanted:
        for _, _, finding in (each for each in told if each[:2] == (path, one.message)):
            if one.severity not in {None, str(finding.severity)}:
                yield f"{path}: is of severity {finding.severity}, not {one.severity}"
            if one.fix not in {None, fix_text(finding.fix)}:
                yield f"{path}: fix: {fix_text(finding.fix) or 'none'}, not {one.fix or 'none'}"
    for cause in (finding.cause for finding in findings if finding.cause):
        yield "".join(traceback.format_exception(cause, limit=-1)).strip()
    for finding in findings:
        if not mends(engine, finding, judged, changed, lambda mended: _request(case, variant, mended, old)):
            yield f"the fix at {render(variant.unplaced(finding.path))} does not mend it"


def mends(
    engine: Engine,
    finding: Finding,
    findings: Iterable[Finding],
    document: dict[str, Any],
    request: Callable[[dict[str, Any]], AdmissionRequest],
) -> bool:
    """Whether a finding's fix, carried out on a copy, leaves fewer of its kind than there were, and brings none as bad.

    True where it has no fix. A weaker policy may have something to say of what is mended.
    """
    patch = patch_of(finding, document)
    if patch is None:
        return True
    mended = engine.judge(request(apply(patch, document))).findings
    before, after = (Counter((one.policy, one.message) for one in found) for found in (findings, mended))
    mark = (finding.policy, finding.message)
    as_bad = Counter(
        (one.policy, one.message) for one in mended if one.mode >= finding.mode or one.policy == finding.policy
    )
    return after[mark] < before[mark] and not (as_bad - before)


def _with(document: dict[str, Any], differences: dict[str, Any], variant: Variant) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for path, value in differences.items():
        try:
            put(changed, variant.place(parse(path)), value)
        except (AttributeError, LookupError, TypeError):
            raise ValueError(f"{path}: there is no such place in a minimal {variant.name}") from None
    return changed


def _request(case: Case, variant: Variant, changed: dict[str, Any], old: dict[str, Any] | None) -> AdmissionRequest:
    metadata: Path = ("metadata",)
    resource, _, subresource = case.resource.partition("/")
    return AdmissionRequest(
        uid="case",
        kind=variant.kind,
        resource=Resource(variant.kind.group, variant.kind.version, resource),
        sub_resource=subresource,
        name=find(changed, (*metadata, "name"), ""),
        namespace=find(changed, (*metadata, "namespace"), "") or ("" if variant.is_cluster_scoped else NAMESPACE),
        operation=case.operation or (CREATE if old is None else UPDATE),
        user_info=UserInfo(case.user, "", tuple(case.groups)),
        object=msgspec.Raw(msgspec.json.encode(None if case.operation == "DELETE" else changed)),
        old_object=msgspec.Raw(msgspec.json.encode(changed if case.operation == "DELETE" else old)),
    )


def _engine(entry: Entry, case: Case) -> Engine:
    policy_id = entry.policy.id
    layer = Layer("case", modes={policy_id: Modes.all(Mode.ENFORCE)}, params={policy_id: case.params}, labels="ignore")
    configuration = Configuration(
        Catalog({policy_id: entry}), "case", (), (layer,), {"Rollout.argoproj.io": ("spec", "template")},
        parse_version(case.version),
    )  # fmt: skip
    return Engine(configuration, ClosedWorld(case.cluster), today=lambda: case.today)
