import pytest

from gatewright.engine.documents import DocumentError
from gatewright.engine.reading import the_document
from gatewright.engine.scan import Scanned, scan
from gatewright.policy import Pod, Set, Violation, Violations
from gatewright.report import text
from tests.builders import declared, engine, engine_of

WEB = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostPID: true
  containers:
    - name: a
      securityContext: {privileged: true}
    - name: b
      securityContext: {privileged: true}
"""
BY = engine("policies: {'*': off, privileged: enforce, host-namespaces: audit, run-as-user: warn}")


def scanned(written: str = WEB, source: str = "web.yaml") -> Scanned:
    return scan(the_document(written.encode(), source), BY)


def lines(one: Scanned) -> list[str]:
    return [line.plain for line in text.scanned(one)]


def test_what_is_found_of_an_object() -> None:
    assert lines(scanned(WEB + "  securityContext: {runAsUser: 0}\n")) == [
        "Pod shop/web (web.yaml:1): denied",
        '  enforce privileged (high): containers "a", "b" run privileged',
        "          at web.yaml:8 spec.containers[0].securityContext.privileged = true",
        "          at web.yaml:10 spec.containers[1].securityContext.privileged = true",
        "          fix: set it to false",
        "  warn    run-as-user (medium): the pod must not set securityContext.runAsUser to 0",
        "          at web.yaml:11 spec.securityContext.runAsUser = 0",
        "          fix: remove it",
        "  audit   host-namespaces (high): the pod must not set hostPID to true",
        "          at web.yaml:5 spec.hostPID = true",
        "          fix: set it to false",
    ]


def test_an_object_that_is_allowed() -> None:
    (head, *_) = lines(scanned(WEB.replace("privileged: true", "privileged: false")))
    assert head == "Pod shop/web (web.yaml:1): allowed"


def test_nothing_is_said_of_a_clean_object() -> None:
    assert lines(scanned("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a}]}}")) == []


BLAME = "this is not a fault of your manifest"


def useless(pod: Pod) -> Violations:
    yield Violation(pod.spec, "nodeName", "no node is right", fix=Set("another"))
    if pod.metadata.name == "broken":
        raise ValueError


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a", ["  enforce useless (medium): no node is right", "          at a.yaml:1 spec.nodeName"]),
        ("broken", [f"  enforce GW001: gatewright could not decide (useless raised ValueError); {BLAME}"]),
    ],
)
def test_a_fix_that_does_not_mend_is_not_told_and_a_failure_is(name: str, said: list[str]) -> None:
    document = the_document(f"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{}}}}".encode(), "a.yaml")
    assert lines(scan(document, engine_of(declared(useless))))[1:] == said


def test_names_cannot_write_to_the_terminal() -> None:
    hostile = scanned(WEB.replace("name: web", r'name: "we\x1b[2Jb"'), "a\x1b.yaml")
    assert lines(hostile)[0] == r"Pod shop/we\u001b[2Jb (a\u001b.yaml:1): denied"
    assert text.error(DocumentError("a\x1b.yaml", 1, "x\u202e")).plain == r"error: a\u001b.yaml:1: x\u202e"


@pytest.mark.parametrize(
    ("number", "errors", "skipped", "line"),
    [
        (0, 0, 0, "0 objects, 0 denied; findings: 0 enforce, 0 warn, 0 audit"),
        (1, 0, 0, "1 object, 1 denied; findings: 2 enforce, 0 warn, 1 audit"),
        (2, 3, 1, "2 objects, 2 denied; findings: 4 enforce, 0 warn, 2 audit; 3 not readable; 1 skipped, no object"),
        (0, 0, 2, "0 objects, 0 denied; findings: 0 enforce, 0 warn, 0 audit; 2 skipped, no objects"),
    ],
)
def test_the_summary(number: int, errors: int, skipped: int, line: str) -> None:
    assert text.summary([scanned()] * number, errors, skipped).plain == line
