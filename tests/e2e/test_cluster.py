"""`make cluster`, as a person meets it: what it shows, that what it says to type works, that Ctrl-C ends all of it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from service import ROOT, until

pytestmark = pytest.mark.e2e

EXPECTED = """\
Kubernetes VERSION runs on https://127.0.0.1:PORT.

> kubectl apply -k deploy/overlays/enforce
namespace/gatewright created
serviceaccount/gatewright created
clusterrole.rbac.authorization.k8s.io/gatewright created
clusterrolebinding.rbac.authorization.k8s.io/gatewright created
configmap/gatewright-configuration-HASH created
service/gatewright created
deployment.apps/gatewright created
networkpolicy.networking.k8s.io/gatewright created
validatingwebhookconfiguration.admissionregistration.k8s.io/gatewright created

The webhook serves on ADDRESS, as the Pod would; profile default.

> kubectl apply -f hack/manifests/cluster.yaml
namespace/shop created
resourcequota/default created
networkpolicy.networking.k8s.io/default-deny created
serviceaccount/api created

> kubectl apply -f hack/manifests/denied.yaml
Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (containers "api", "proxy" \
must set securityContext.allowPrivilegeEscalation to false), unrestricted capabilities (containers "api", "proxy" \
must drop capability ALL), runAsNonRoot != true (containers "api", "proxy" must set securityContext.runAsNonRoot to \
true), seccompProfile (containers "api", "proxy" must set securityContext.seccompProfile.type to RuntimeDefault or \
Localhost)
Error from server (Forbidden): error when creating "hack/manifests/denied.yaml": admission webhook \
"workloads.gatewright.dev" denied the request: Deployment shop/web: 2 violations, 1 warning [decision ID]
 1. host-ports (high): container "api" uses host port 80
    at spec.template.spec.containers[0].ports[0].hostPort = 80
    fix: remove it
 2. privileged (high): containers "api", "proxy" run privileged
    at spec.template.spec.containers[0].securityContext.privileged = true
    at spec.template.spec.containers[1].securityContext.privileged = true
    fix: set it to false
Why, and what is allowed: gatewright policies host-ports

> kubectl apply -f hack/manifests/warned.yaml
Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "nginx" must set \
securityContext.allowPrivilegeEscalation to false), unrestricted capabilities (container "nginx" must drop capability \
ALL), runAsNonRoot != true (container "nginx" must set securityContext.runAsNonRoot to true), seccompProfile \
(container "nginx" must set securityContext.seccompProfile.type to RuntimeDefault or Localhost)
Warning: service-account-token: the pod is given a token of service account "default": set \
automountServiceAccountToken to false (at spec.automountServiceAccountToken); default-service-account: the pod must \
set serviceAccountName to an account of its own, not run as "default" (at spec.serviceAccountName)
Warning: resource-requests-limits: container "nginx" has no memory limit, container "nginx" has no cpu request, \
container "nginx" has no memory request (at spec.containers[0].resources.limits.memory and 2 more)
pod/hello created

> kubectl apply -f hack/manifests/allowed.yaml
pod/careful created

It stays up until Ctrl-C. In another terminal:
"""

DENIED = re.compile(
    r'denied the request: Pod shop/mine: 1 violation, 3 warnings .*\n 1\. privileged \(high\): container "mine"'
)


def stable(shown: str) -> str:
    """What is shown, without what differs from run to run."""
    shown = re.sub(r"Kubernetes v1\.\d+\.\d+ ", "Kubernetes VERSION ", shown)
    shown = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", shown)
    shown = re.sub(r"serves on [\d.]+", "serves on ADDRESS", shown)
    shown = re.sub(r"configuration-\w{10}\b", "configuration-HASH", shown)
    return re.sub(r"\[decision \w{8}\]", "[decision ID]", shown)


@pytest.fixture(name="terminal")
def _terminal() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "hack/cluster.py"]
    # In a group of its own, as a shell starts it: a Ctrl-C is sent to the whole group.
    environment = os.environ | {"PYTHONPATH": "app", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, process_group=0
    ) as process:
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)


def read(output: IO[str], last: str) -> str:
    """What is written until a line that begins so."""
    lines = []
    for line in output:
        lines.append(line)
        if line.startswith(last):
            return "".join(lines)
    raise AssertionError(f"it has ended: {''.join(lines)}")


def test_what_is_shown_and_what_can_be_typed(terminal: subprocess.Popen[str]) -> None:
    assert terminal.stdout
    assert stable(read(terminal.stdout, "It stays up")) == EXPECTED
    steps = read(terminal.stdout, "  tail -f").splitlines()
    settings = [step.strip() for step in steps if step.startswith("  export ")]
    commands = [step.strip() for step in steps[len(settings) :]]
    assert [line.split("=")[0].split()[1] for line in settings] == ["KUBECONFIG", "KUBECACHEDIR", "KUBERC", "PATH"]
    folder = Path(settings[0].partition("=")[2]).parent

    def typed(command: str) -> subprocess.CompletedProcess[str]:
        lines = "\n".join([*settings, command])
        return subprocess.run(["/bin/sh", "-c", lines], capture_output=True, text=True, check=False)

    told = {command.split()[1]: typed(command) for command in commands if command.startswith("kubectl")}
    assert {verb: done.returncode for verb, done in told.items()} == {"get": 0, "run": 1, "label": 0}
    assert DENIED.search(told["run"].stderr)
    log = commands[-1].split()[2]
    until(lambda: '"name":"mine"' in Path(log).read_text())

    os.killpg(terminal.pid, signal.SIGINT)
    assert terminal.wait(20) == 0
    assert not folder.exists()
    assert not Path(log).exists()
    assert typed("kubectl version").returncode == 1
