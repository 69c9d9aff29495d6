from pathlib import Path

from gatewright.engine.catalog import Entry
from gatewright.policy import Level, Params, Pod, Severity, V, Violation, Violations
from gatewright.report.catalogue import Page, pages, table
from tests.builders import built_in, declared, load


class Limits(Params):
    """`most`: how many there may be."""

    most: int = 3


def limited(pod: Pod, params: Limits) -> Violations:
    yield Violation(pod.spec, "", str(params.most))


WHOLE = Page(
    Entry(
        declared(
            limited,
            severity=Severity.HIGH,
            level=Level.RESTRICTED,
            reason="limits",
            alias="limitedBy",
            since=V(1, 20),
            overrides="other",
        ),
        "pods",
        Path("pods/limited.py"),
    ),
    {"default": "warn", "strict": "enforce"},
)


def test_a_page_for_programs() -> None:
    assert WHOLE.document == {
        "id": "limited",
        "alias": "limitedBy",
        "subject": "pods",
        "severity": "high",
        "level": "restricted",
        "since": "v1.20",
        "overrides": "other",
        "modes": {"default": "warn", "strict": "enforce"},
        "parameters": {"most": {"default": 3, "title": "Most", "type": "integer"}},
        "summary": "",
        "text": "",
    }


def test_a_page_for_people() -> None:
    assert (
        WHOLE.text
        == """\
pods/limited



severity:      high
modes:         warn in default, enforce in strict
level:         restricted
since:         v1.20
replaces:      other
also known as: limitedBy
parameters:    `most`: how many there may be."""
    )


PROFILES = {name: load(profile=name) for name in ("observe", "default", "strict")}


def test_the_catalogue_has_a_page_of_every_policy_with_its_modes() -> None:
    found = pages(built_in(), PROFILES)
    assert [page.id for page in found] == list(built_in().entries)
    modes = {page.id: page.modes for page in found}
    assert modes["privileged"] == {"observe": "warn", "default": "enforce", "strict": "enforce"}
    assert modes["run-as-non-root"] == {"observe": "audit", "default": "warn", "strict": "enforce"}


def test_a_built_in_page() -> None:
    page = next(page for page in pages(built_in(), PROFILES) if page.id == "host-ports")
    head, _, rest = page.text.partition("\n\n")
    assert head == "pod_security/host-ports"
    assert rest.startswith(page.policy.text)
    assert page.document["parameters"].keys() == {"allowed"}
    assert page.document["summary"] == "Containers do not use ports of their node"


def test_the_catalogue_as_a_table() -> None:
    other = Page(WHOLE.entry, {"default": "audit", "strict": "off"})
    assert table([WHOLE, other], ["default", "strict"]) == [
        "POLICY   SEVERITY  DEFAULT  STRICT   WHAT IT ASKS FOR",
        "limited  high      warn     enforce",
        "limited  high      audit    off",
    ]


def test_a_mode_by_severity_is_the_policys_own_with_a_star() -> None:
    by_severity = "critical: enforce, high: warn, medium: audit, low: audit"
    page = Page(WHOLE.entry, {"default": "audit", "strict": by_severity})
    assert table([page], ["default", "strict"]) == [
        "POLICY   SEVERITY  DEFAULT  STRICT  WHAT IT ASKS FOR",
        "limited  high      audit    warn*",
        "*: by the severity of what is found; this is the mode of the policy's own",
    ]
    assert "modes:         audit in default, critical: enforce, high: warn" in page.text
