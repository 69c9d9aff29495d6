"""The webhook dead, slow, wrong or not to be trusted: what its failurePolicy then does, and the way out."""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from controlplane import ControlPlane
from service import NAME, apply, pod, until, until_called

from tests.builders import PREFIX
from tests.e2e.cluster import HOST_PID, POD_SECURITY_ALONE, Cluster, Said, a_pod, audited, install, said, serving
from tests.e2e.impostor import EXPIRED, impostor

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

CONFIGURATION = ("validatingwebhookconfiguration", NAME)
PLACE = "failing"
CALL = "failed to call webhook: "
URL = "https://gatewright.gatewright.svc:8443/validate"

LEARNS = 0.5
"""Seconds in which the API server learns of a certificate that was published."""

SLOW = '''"""Pods are looked at for longer than there is time.

Fields:  none
Allowed: all
Why:     a policy of one's own can be slow.
"""

import time

from gatewright.policy import Pod, Severity, Violations, policy


@policy(severity=Severity.LOW)
def slow(pod: Pod) -> Violations:
    time.sleep(1.2)
    yield from ()
'''
"""A policy that takes longer than the second that is left of a timeout of two."""


@dataclass(frozen=True)
class Failing:
    """What answers in the service's stead, and what the API server says of that."""

    message: str
    body: str = (
        '{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", '
        '"response": {"uid": "another", "allowed": true}}'
    )
    is_slow: bool = False
    age: timedelta = timedelta()

    def serve(self, plane: ControlPlane, folder: Path) -> AbstractContextManager[None]:
        """Serves it."""
        return impostor(plane, folder, self.body, is_slow=self.is_slow, age=self.age)


FAILURES = {
    "silent": Failing(f'{CALL}Post "{URL}?timeout=1s": context deadline exceeded', is_slow=True),
    "garbage": Failing(
        f"{CALL}couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type "
        r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }',
        body="<html>Bad Gateway</html>",
    ),
    "of-another-request": Failing('received invalid webhook response: expected response.uid="UID", got "another"'),
    "expired": Failing(
        f'{CALL}Post "{URL}?timeout=1s": tls: failed to verify certificate: x509: certificate has expired or is not '
        "yet valid: current time TIME is after TIME",
        age=EXPIRED,
    ),
}


@pytest.fixture(name="place", scope="module")
def _place(plane: ControlPlane) -> Iterator[str]:
    """A namespace that was made with no webhook in the way."""
    install(plane, "base")
    plane.kubectl("create", "namespace", PLACE, check=True)
    until(lambda: plane.kubectl("get", "serviceaccount", "default", "-n", PLACE).returncode == 0)
    yield PLACE
    plane.kubectl("delete", *CONFIGURATION, "--ignore-not-found", check=True)


@pytest.mark.parametrize("failure", FAILURES)
def test_what_cannot_be_asked_is_allowed_under_ignore(
    plane: ControlPlane, place: str, tmp_path: Path, failure: str
) -> None:
    install(plane, "base")
    with FAILURES[failure].serve(plane, tmp_path):
        time.sleep(LEARNS)
        told = said(plane, "create", "-f", "-", objects=(a_pod(place, failure, HOST_PID),))
    assert told == Said(0, f"pod/{failure} created\n", "")
    failed_open = "failed-open.validating.webhook.admission.k8s.io/round_0_index_0"
    assert audited(plane, place, failure, "pods") == {failed_open: "workloads.gatewright.dev"}


@pytest.mark.parametrize("failure", FAILURES)
def test_and_refused_under_fail(plane: ControlPlane, place: str, tmp_path: Path, failure: str) -> None:
    install(plane, "overlays/enforce")
    with FAILURES[failure].serve(plane, tmp_path):
        time.sleep(LEARNS)
        told = said(plane, "create", "-f", "-", objects=(a_pod(place, f"no-{failure}"),))
        access = said(plane, "create", "rolebinding", f"no-{failure}", "-n", place, "--clusterrole=view", "--user=a")
    failed = 'Internal error occurred: failed calling webhook "%s.gatewright.dev": ' + FAILURES[failure].message
    refused = 'Error from server (InternalError): error when creating "STDIN": '
    assert told == Said(1, "", refused + failed % "workloads" + "\n")
    assert access == Said(1, "", "error: failed to create rolebinding: " + failed % "access" + "\n")


def test_dead_under_fail_and_the_way_out(plane: ControlPlane, place: str, tmp_path: Path) -> None:
    with serving(plane, "overlays/enforce", tmp_path, POD_SECURITY_ALONE) as cluster:
        cluster.apply(a_pod(place, "before"))
        gone = cluster.namespace("gone")
        cluster.pod.process.kill()
        cluster.pod.process.wait()
        dead = f'{CALL}Post "{URL}?timeout=5s": dial tcp ADDRESS: connect: connection refused\n'
        failed = f'Internal error occurred: failed calling webhook "%s.gatewright.dev": {dead}'
        refused = 'Error from server (InternalError): error when creating "STDIN": ' + failed % "workloads"
        assert cluster.apply(a_pod(place, "dead")) == Said(1, "", refused)
        namespace = cluster.kubectl("create", "namespace", "new")
        assert namespace == Said(1, "", "Error from server (InternalError): " + failed % "access")
        # what goes on all the same: what it has nothing to do with, its own pods, those of the system, every deletion
        dry = "--dry-run=server"
        priority = cluster.kubectl("create", "priorityclass", "x", "--value=1", dry)
        assert priority == Said(0, "priorityclass.scheduling.k8s.io/x created (server dry run)\n", "")
        assert cluster.apply(a_pod(NAME, "own")) == Said(0, "pod/own created\n", "")
        until(lambda: cluster.kubectl("get", "serviceaccount", "default", "-n", "kube-system").code == 0)
        system = cluster.apply(a_pod("kube-system", "system"), dry_run=True)
        assert system == Said(0, "pod/system created (server dry run)\n", "")
        deleted = cluster.kubectl("delete", "pod", "before", "-n", place)
        assert deleted == Said(0, f'pod "before" deleted from {place} namespace\n', "")
        assert cluster.kubectl("delete", "namespace", gone) == Said(0, 'namespace "gone" deleted\n', "")
        # one way out is back to base, where it may fail
        changed = [line for line in apply(plane, "base").splitlines() if not line.endswith(" unchanged")]
        assert changed[-1] == f"validatingwebhookconfiguration.admissionregistration.k8s.io/{NAME} configured"
        until(lambda: cluster.apply(a_pod(place, "ignored", HOST_PID)).code == 0)
        # the other is to take the registration away
        apply(plane, "overlays/enforce")
        until(lambda: cluster.apply(a_pod(place, "dead"), dry_run=True).code == 1)
        way_out = cluster.kubectl("delete", *CONFIGURATION)
        removed = f'validatingwebhookconfiguration.admissionregistration.k8s.io "{NAME}" deleted\n'
        assert way_out == Said(0, removed, "")
        until(lambda: cluster.apply(a_pod(place, "free", HOST_PID)) == Said(0, "pod/free created\n", ""))
        assert cluster.kubectl("create", "namespace", "new") == Said(0, "namespace/new created\n", "")


def test_a_policy_that_is_too_slow_is_answered_for_in_time(plane: ControlPlane, place: str, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "slow.py").write_text(SLOW)
    more = f"policyFolders: [{own}]\npolicies: {{'*': off, pod_security/*: enforce, slow: enforce}}\n"
    patch = '[{"op": "replace", "path": "/webhooks/0/timeoutSeconds", "value": 2}]'
    with serving(plane, "overlays/enforce", tmp_path, more=more) as cluster:
        plane.kubectl("patch", *CONFIGURATION, "--type=json", "-p", patch, check=True)
        time.sleep(LEARNS)
        told = cluster.apply(a_pod(place, "slow"))
    found = re.search(r"with 2 of (\d+) policies", told.err)
    count = found and found[1]
    blame = "this is not a fault of your manifest"
    assert told == Said(
        1,
        "",
        'Error from server (Forbidden): error when creating "STDIN": admission webhook "workloads.gatewright.dev" '
        f"""denied the request: Pod {place}/slow: 1 not decided [decision ID]
 1. GW003: gatewright could not decide (the deadline passed with 2 of {count} policies to go); {blame}
""",
    )


LOST = (
    "GW004: gatewright could not decide (the labels of namespace %s are not known: GET /api/v1/namespaces/%s: 403); "
    "this is not a fault of your manifest\n"
)


@contextlib.contextmanager
def without_rights(plane: ControlPlane, folder: Path, more: str = "") -> Iterator[Cluster]:
    """A service that may read nothing but its own registration, from the start: a watch that is open goes on."""
    install(plane, "base")
    role = json.loads(plane.kubectl("get", "clusterrole", NAME, "-o", "json", check=True).stdout)
    own = [rule for rule in role["rules"] if "resourceNames" in rule]
    patch = json.dumps([{"op": "replace", "path": "/rules", "value": own}])
    plane.kubectl("patch", "clusterrole", NAME, "--type=json", "-p", patch, check=True)
    modes = "policies: {'*': off, privileged: warn, pod-security-labels: warn}"
    with pod(plane, folder, more=f"{modes}\n{more}") as running:
        until_called(plane, running)
        yield Cluster(plane, running)


def test_a_namespace_that_cannot_be_looked_up_denies_where_something_is_enforced(
    plane: ControlPlane, tmp_path: Path
) -> None:
    enforced = "overrides: [{namespaces: [lost], podSecurityLabels: honour, policies: {privileged: enforce}}]\n"
    with without_rights(plane, tmp_path, enforced) as cluster:
        place = cluster.namespace("lost", "privileged")
        told = cluster.apply(a_pod(place, "web"))
        tightened = cluster.kubectl("label", "namespace", place, f"{PREFIX}enforce=baseline", "--overwrite")
        denied = 'admission webhook "workloads.gatewright.dev" denied the request: Pod lost/web: 1 not decided '
        refused = f'Error from server (Forbidden): error when creating "STDIN": {denied}[decision ID]\n'
        assert told == Said(1, "", f"{refused} 1. {LOST.replace('%s', place)}")
        unseen = "Warning: failed to list pods while checking new PodSecurity enforce level\n"
        assert tightened == Said(0, "namespace/lost labeled\n", unseen)
        apply(plane, "base")
        until(lambda: cluster.apply(a_pod(place, "web")) == Said(0, "pod/web created\n", ""))


def test_and_is_warned_of_where_nothing_is(plane: ControlPlane, tmp_path: Path) -> None:
    with without_rights(plane, tmp_path) as cluster:
        place = cluster.namespace("lost-too")
        told = cluster.apply(a_pod(place, "web"))
        assert told == Said(0, "pod/web created\n", f"Warning: {LOST.replace('%s', place)}")
