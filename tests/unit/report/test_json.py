import json

from gatewright.engine.decision import Failure, Finding, Mode
from gatewright.engine.documents import DocumentError
from gatewright.engine.reading import the_document
from gatewright.engine.reviewed import Reviewed
from gatewright.engine.scan import Scanned, scan
from gatewright.model.path import parse
from gatewright.policy import Severity
from gatewright.report import json as report
from tests.builders import PRIVILEGED, Object, engine, namespace, pod

BY = engine("policies: {'*': off, privileged: enforce, host-namespaces: warn, pod-security-labels: audit}")


def scanned(item: Object) -> Scanned:
    return scan(the_document(json.dumps(item, indent=1).encode(), "a.json"), BY)


def test_the_document_of_a_scan() -> None:
    items = [pod(PRIVILEGED | {"spec.hostPID": True}), pod({"metadata.namespace": None}), namespace(enforce="Baseline")]
    error = DocumentError("b.yaml", 7, "this is not YAML")
    assert report.scan("default", "0123456789ab", map(scanned, items), [error]) == {
        "version": 1,
        "profile": "default",
        "configHash": "0123456789ab",
        "objects": [
            {
                "source": "a.json",
                "line": 1,
                "apiVersion": "v1",
                "kind": "Pod",
                "namespace": "shop",
                "name": "web",
                "allowed": False,
                "findings": [
                    {
                        "policy": "privileged",
                        "severity": "high",
                        "mode": "enforce",
                        "path": "spec.containers[0].securityContext.privileged",
                        "line": 24,
                        "message": 'container "app" runs privileged',
                        "fix": [
                            {
                                "op": "replace",
                                "path": "/spec/containers/0/securityContext/privileged",
                                "value": False,
                            }
                        ],
                    },
                    {
                        "policy": "host-namespaces",
                        "severity": "high",
                        "mode": "warn",
                        "path": "spec.hostPID",
                        "line": 28,
                        "message": "the pod must not set hostPID to true",
                        "fix": [{"op": "replace", "path": "/spec/hostPID", "value": False}],
                    },
                ],
            },
            {
                "source": "a.json",
                "line": 1,
                "apiVersion": "v1",
                "kind": "Pod",
                "namespace": None,
                "name": "web",
                "allowed": True,
                "findings": [],
            },
            {
                "source": "a.json",
                "line": 1,
                "apiVersion": "v1",
                "kind": "Namespace",
                "namespace": None,
                "name": "shop",
                "allowed": True,
                "findings": [
                    {
                        "policy": "pod-security-labels",
                        "severity": "medium",
                        "mode": "audit",
                        "path": "metadata.labels[pod-security.kubernetes.io/enforce]",
                        "line": 7,
                        "message": 'Invalid value: "Baseline": must be one of privileged, baseline, restricted',
                        "fix": [
                            {
                                "op": "replace",
                                "path": "/metadata/labels/pod-security.kubernetes.io~1enforce",
                                "value": "baseline",
                            }
                        ],
                    }
                ],
            },
        ],
        "errors": [{"source": "b.yaml", "line": 7, "message": "this is not YAML"}],
        "summary": {"objects": 3, "denied": 1, "findings": {"enforce": 1, "warn": 1, "audit": 1}},
    }


FAILED = Finding("GW001", Severity.HIGH, Mode.WARN, parse("spec"), "x raised ValueError", failure=Failure.RAISED)


def test_a_failure_says_that_it_is_one() -> None:
    assert report.finding(FAILED, None) == {
        "policy": "GW001",
        "severity": "high",
        "mode": "warn",
        "path": "spec",
        "message": "gatewright could not decide (x raised ValueError); this is not a fault of your manifest",
        "fix": None,
        "error": True,
    }


def test_the_line_of_a_review() -> None:
    answer = Reviewed("1", False, "no", ["w"], {"decision": "x"}, [(FAILED, None)])
    assert report.review("a.json", answer) == {
        "source": "a.json",
        "uid": "1",
        "allowed": False,
        "message": "no",
        "warnings": ["w"],
        "auditAnnotations": {"decision": "x"},
        "findings": [report.finding(FAILED, None)],
    }


def test_an_answer_without_findings_has_no_key_for_them() -> None:
    assert "findings" not in report.review("a.json", Reviewed("1", True, "", [], {}))
    assert report.review("a.json", Reviewed("1", True, "", [], {}, []))["findings"] == []


def test_documents_are_written_on_one_line_or_indented() -> None:
    document = {"ä": ["\n\x1b", 1]}
    assert report.dumps(document, indent=False) == r'{"ä":["\n\u001b",1]}'
    assert report.dumps(document, indent=True) == '{\n  "ä": [\n    "\\n\\u001b",\n    1\n  ]\n}'
