"""What a person reads of a scan: each object that something was found in, then a summary."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from gatewright.engine.decision import Mode
from gatewright.engine.documents import DocumentError
from gatewright.engine.entry import Entry, entries, fix_text
from gatewright.engine.message import subject
from gatewright.engine.scan import Scanned
from gatewright.model.text import escape

STYLES = {Mode.ENFORCE: "bold red", Mode.WARN: "yellow", Mode.AUDIT: "cyan"}


def scanned(one: Scanned) -> Iterator[Text]:
    """The lines of an object, none where nothing was found; what denies comes first."""
    if not one.decision.findings:
        return
    verdict = Text("allowed", "green") if one.decision.allowed else Text("denied", "bold red")
    place = f"{escape(one.document.source)}:{one.document.line}"
    yield Text.assemble((subject(one.request), "bold"), f" ({place}): ", verdict)
    lines = {id(finding): line for finding, line, _ in one.findings}
    fixes = {id(finding) for finding, _, patch in one.findings if patch is not None}
    for entry in sorted(entries(one.decision.findings), key=lambda entry: -entry.first.mode):
        first = entry.first
        title = str(first.failure) if first.failure else f"{first.policy} ({first.severity})"
        yield Text.assemble("  ", (f"{first.mode!s:<8}", STYLES[first.mode]), f"{title}: {entry.text}")
        for finding in entry.findings:
            yield from (
                Text(f"          at {escape(one.document.source)}:{lines[id(finding)]} {where}")
                for where in Entry((finding,)).places
            )
        if first.fix and id(first) in fixes:
            yield Text(f"          fix: {fix_text(first.fix)}")


def error(one: DocumentError) -> Text:
    """A document that could not be read."""
    return Text.assemble(("error: ", "bold red"), escape(str(one)))


def summary(judged: Iterable[Scanned], errors: int, skipped: int) -> Text:
    """The last line."""
    judged = list(judged)
    findings = [finding for one in judged for finding in one.decision.findings]
    counts = [
        f"{sum(finding.mode is mode for finding in findings)} {mode}" for mode in (Mode.ENFORCE, Mode.WARN, Mode.AUDIT)
    ]
    denied = sum(not one.decision.allowed for one in judged)
    parts = [
        f"{len(judged)} {'object' if len(judged) == 1 else 'objects'}, {denied} denied",
        f"findings: {', '.join(counts)}",
    ]
    parts += [f"{errors} not readable"] if errors else []
    parts += [f"{skipped} skipped, no {'object' if skipped == 1 else 'objects'}"] if skipped else []
    return Text("; ".join(parts))
