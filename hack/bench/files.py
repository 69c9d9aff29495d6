"""Part `scan`: `gatewright scan` over many files, and how long a person waits for --help."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.failure import Failed
from bench.rules import checks_alone
from bench.servers import ENVIRONMENT

FILES, SIZE, EVERY = 1000, 4096, 20
"""So many files of so many bytes; every so manieth has findings."""


@dataclass(frozen=True)
class Ended:
    """What a command has taken: seconds on the clock, seconds of CPU, MiB at its highest; and what it printed."""

    wall: float
    cpu: float
    memory: float
    output: str


def run(arguments: Sequence[str], expected: int, folder: Path) -> Ended:
    """Runs the command line.

    Raises:
        Failed: it ended otherwise than expected.
    """
    output = folder / "output"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "bench.usage",
        output,
        sys.executable,
        "-m",
        "gatewright",
        *arguments,
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=ENVIRONMENT, check=True)
    told = json.loads(done.stdout)
    if told.pop("exit") != expected:
        raise Failed(f"gatewright {arguments[0]} did not end with {expected}: {output.read_text()[-500:]}")
    return Ended(**told, output=output.read_text())


def write(folder: Path, files: int = FILES) -> int:
    """Writes files of a Deployment and a Service each; how many of the Deployments are privileged."""
    folder.mkdir()
    for number in range(files):
        (folder / f"service-{number}.yaml").write_text(_file(number, number % EVERY == 0))
    return len(range(0, files, EVERY))


def measure(folder: Path, runs: int = 3) -> dict[str, float]:
    """The figures of the best of some runs.

    Raises:
        Failed: the scan did not find what is in the files.
    """
    manifests = folder / "manifests"
    offenders = write(manifests)
    alone = folder / "checks.yaml"
    alone.write_text(checks_alone())
    scans = [run(["scan", f"--config={alone}", str(manifests)], 1, folder) for _ in range(runs)]
    whole = [run(["scan", str(manifests)], 1, folder) for _ in range(runs)]
    expected = f"{2 * FILES} objects, {offenders} denied; findings: {offenders} enforce, "
    for scan in (*scans, *whole):
        if not scan.output.splitlines()[-1].startswith(expected):
            raise Failed(f"the scan said {scan.output.splitlines()[-1]!r}, expected {expected!r}")
    help_texts = [run(["--help"], 0, folder) for _ in range(5)]
    return {
        "wall time": min(scan.wall for scan in scans),
        "wall time, default profile": min(scan.wall for scan in whole),
        "CPU": min(scan.cpu for scan in scans),
        "CPU a file": min(scan.cpu for scan in scans) / FILES,
        "highest memory": max(scan.memory for scan in scans),
        "CPU of --help": min(one.cpu for one in help_texts),
        "wall time of --help": min(one.wall for one in help_texts),
    }


def _file(number: int, offends: bool) -> str:
    name = f"service-{number}"
    documents = [_deployment(name, offends), _service(name)]
    environment: list[dict[str, str]] = documents[0]["spec"]["template"]["spec"]["containers"][0]["env"]
    text = yaml.safe_dump_all(documents, sort_keys=False)
    while (missing := SIZE - len(text)) > 150:
        environment.append({"name": f"SETTING_{len(environment)}", "value": f"https://{name}.example/?retries=3"})
        text = yaml.safe_dump_all(documents, sort_keys=False)
    return f"# {'.' * (missing - 3)}\n{text}"


def _deployment(name: str, offends: bool) -> dict[str, Any]:
    container = {
        "name": "api",
        "image": f"registry.example/shop/{name}:1.2",
        "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5},
        "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
        "securityContext": {"allowPrivilegeEscalation": offends, "capabilities": {"drop": ["ALL"]}},
        "env": [],
    }
    if offends:
        container["securityContext"] = {**container["securityContext"], "privileged": True}  # type: ignore[dict-item]
    security = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    template = {"metadata": {"labels": {"app": name}}, "spec": {"securityContext": security, "containers": [container]}}
    spec = {"replicas": 3, "selector": {"matchLabels": {"app": name}}, "template": template}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    }


def _service(name: str) -> dict[str, Any]:
    spec = {"selector": {"app": name}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "shop"}, "spec": spec}
