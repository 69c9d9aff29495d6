"""Configurations with any number of rules: the built-in pod-security policies, copies of them, and others."""

import json
import re
from pathlib import Path

import checks

from bench.servers import TOP

_BUILT_IN = TOP / "policies" / "pod_security"
_OF_NAMESPACES = "pod_security_labels"
"""The one that is not about pods."""

_UNIQUE = re.compile(r',?\s*\b(?:alias|overrides)="[^"]*"')
"""What a copy cannot have as well."""

_ELSEWHERE = '''"""Never asked: the reviews are of Pods."""

from gatewright.policy import Resource, Severity, Violation, Violations, policy


@policy(severity=Severity.LOW, kinds={{"Ingress.networking.k8s.io"}})
def elsewhere_{number}(ingress: Resource) -> Violations:
    yield Violation(ingress.node, "spec", "is there")
'''


def pod_rules(number: int, folder: Path) -> str:
    """The configuration in which so many policies judge every pod: the built-in ones, then copies of them.

    Args:
        number: of rules.
        folder: gets the copies.
    """
    built_in = sorted(file.stem for file in _BUILT_IN.glob("[a-z]*.py") if file.stem != _OF_NAMESPACES)
    chosen = built_in[:number]
    copy = 0
    while len(chosen) < number:
        copy += 1
        names = built_in[: number - len(chosen)]
        _copy(names, copy, folder / f"copy_{copy}")
        chosen += [f"{name}_{copy}" for name in names]
    modes = {"*": "off"} | {name.replace("_", "-"): "enforce" for name in chosen}
    return _configuration(folder, modes)


def checks_alone() -> str:
    """The configuration of the default profile without what is not pod security."""
    return json.dumps({"policies": checks.alone()})


def rules_elsewhere(number: int, folder: Path) -> str:
    """The configuration of the default profile, and besides it so many rules that no pod can match."""
    (folder / "elsewhere").mkdir(parents=True)
    for index in range(number):
        (folder / "elsewhere" / f"elsewhere_{index}.py").write_text(_ELSEWHERE.format(number=index))
    return _configuration(folder, {"elsewhere/*": "enforce"}, labels="honour")


def _copy(names: list[str], copy: int, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "_shared.py").write_text((_BUILT_IN / "_shared.py").read_text())
    for name in names:
        text = _UNIQUE.sub("", (_BUILT_IN / f"{name}.py").read_text())
        (folder / f"{name}_{copy}.py").write_text(text.replace(f"def {name}(", f"def {name}_{copy}("))


def _configuration(folder: Path, modes: dict[str, str], labels: str = "ignore") -> str:
    """JSON, which is YAML."""
    folders = [str(folder)] if folder.is_dir() else []
    return json.dumps({"podSecurityLabels": labels, "policyFolders": folders, "policies": modes})
