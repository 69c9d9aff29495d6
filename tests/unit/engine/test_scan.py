from typing import Any

import pytest

from gatewright.engine.documents import Document
from gatewright.engine.reading import the_document
from gatewright.engine.scan import creation_of, scan
from gatewright.model.path import render
from gatewright.model.review import CREATE, Kind
from gatewright.policy import Pod, Set, Violation, Violations
from tests.builders import declared, engine, engine_of

TEXT = """\
# a comment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      hostPID: true
      containers:
        - name: app
          ports:
            - containerPort: 80
              hostPort: 80
          securityContext:
            privileged: true
"""
WEB = the_document(TEXT.encode(), "web.yaml")


def test_findings_have_their_lines_and_their_verified_fixes() -> None:
    scanned = scan(WEB, engine("policies: {run-as-non-root: enforce, '*': off, pod_security/*: enforce}"))
    assert not scanned.decision.allowed
    template, container = "/spec/template/spec", "/spec/template/spec/containers/0"
    found = {finding.policy: (render(finding.path), line, patch) for finding, line, patch in scanned.findings}
    at = "spec.template.spec.containers[0]"
    assert found == {
        "host-namespaces": (
            "spec.template.spec.hostPID",
            10,
            [{"op": "replace", "path": f"{template}/hostPID", "value": False}],
        ),
        "host-ports": (
            f"{at}.ports[0].hostPort",
            15,
            [{"op": "remove", "path": f"{container}/ports/0/hostPort"}],
        ),
        "privileged": (
            f"{at}.securityContext.privileged",
            17,
            [{"op": "replace", "path": f"{container}/securityContext/privileged", "value": False}],
        ),
        # what is not there has the line of what is around it
        "allow-privilege-escalation": (
            f"{at}.securityContext.allowPrivilegeEscalation",
            16,
            [{"op": "add", "path": f"{container}/securityContext/allowPrivilegeEscalation", "value": False}],
        ),
        "capabilities-restricted": (
            f"{at}.securityContext.capabilities.drop",
            16,
            [{"op": "add", "path": f"{container}/securityContext/capabilities", "value": {"drop": ["ALL"]}}],
        ),
        "run-as-non-root": (
            f"{at}.securityContext.runAsNonRoot",
            16,
            [{"op": "add", "path": f"{container}/securityContext/runAsNonRoot", "value": True}],
        ),
        "seccomp-profile-restricted": (
            f"{at}.securityContext.seccompProfile.type",
            16,
            [{"op": "add", "path": f"{container}/securityContext/seccompProfile", "value": {"type": "RuntimeDefault"}}],
        ),
    }


def useless(pod: Pod) -> Violations:
    yield Violation(pod.spec, "nodeName", "no node is right", fix=Set("another"))


def test_a_fix_that_does_not_mend_is_left_out() -> None:
    ((finding, line, patch),) = scan(WEB, engine_of(declared(useless))).findings
    assert (finding.fix, line, patch) == (Set("another"), 9, None)


@pytest.mark.parametrize(
    ("item", "kind", "name", "namespace"),
    [
        ({"apiVersion": "v1", "kind": "Pod"}, Kind("", "v1", "Pod"), "", ""),
        (
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "b"}},
            Kind("apps", "v1", "Deployment"),
            "a",
            "b",
        ),
        (
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "namespace": "b"}},
            Kind("", "v1", "Namespace"),
            "a",
            "a",
        ),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 1, "namespace": []}}, Kind("", "v1", "Pod"), "", ""),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": "x"}, Kind("", "v1", "Pod"), "", ""),
    ],
)
def test_a_manifest_is_a_creation(item: Any, kind: Kind, name: str, namespace: str) -> None:
    request = creation_of(Document.empty("a.yaml"), item)
    assert (request.kind, request.name, request.namespace, request.operation) == (kind, name, namespace, CREATE)
    assert request.uid == "a.yaml:1"


def test_a_manifest_that_is_none_of_its_kind() -> None:
    document = the_document(TEXT.replace("hostPID: true", "hostPID: perhaps").encode(), "web.yaml")
    ((finding, line, patch),) = scan(document, engine()).findings
    assert (finding.policy, finding.message) == ("GW002", "spec.template.spec.hostPID must be a boolean, not a string")
    assert (line, patch) == (10, None)
