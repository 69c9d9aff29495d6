"""Policies of an operator's own, of which each asks the service for another form of answer."""

import json
from pathlib import Path

import checks

LONG = "a_policy_" + "_".join(["whose_name_is_long"] * 3)
"""One with a longer name than an annotation can have: its key is cut."""

CONNECTS = '''"""Whoever runs a command in a container is watched."""

from gatewright.policy import CONNECT, Connect, Severity, Violation, Violations, policy


@policy(severity=Severity.LOW, on={CONNECT})
def %s(connect: Connect) -> Violations:
    if connect.name == %r:
        yield Violation(connect, "", f"{connect.subresource} is watched")
'''

TELLS = '''"""What a field of an object says is found."""

from gatewright.policy import CREATE, DELETE, Resource, Severity, Violation, Violations, find, policy


@policy(severity=Severity.LOW, on={%s}, kinds={%r})
def %s(item: Resource) -> Violations:
    if text := find(item.raw, %r):
        yield Violation(item.node, %r, text)
'''


def write(folder: Path) -> str:
    """Writes the policies; the lines of configuration that turn them on."""
    found = {
        "guards": CONNECTS % ("guards", "guarded"),
        "watches": CONNECTS % ("watches", "watched"),
        "keeps": TELLS % ("DELETE", "ConfigMap", "keeps", ("data", "keep"), "data.keep"),
        "nests": TELLS % ("CREATE", "Nest.contract.example", "nests", ("spec", "told"), "spec.told"),
        **{
            name: TELLS % ("CREATE", "ConfigMap", name, ("data", field), f"data.{field}")
            for name, field in {"notes": "note", "remarks": "remark", "asides": "aside", LONG: "audited"}.items()
        },
    }
    folder.mkdir()
    for name, text in found.items():
        (folder / f"{name}.py").write_text(text)
    modes = {"guards": "enforce", "keeps": "enforce", "nests": "enforce", LONG.replace("_", "-"): "audit"}
    policies = checks.alone()
    policies |= {name.replace("_", "-"): "warn" for name in found} | modes
    return f"policyFolders: [{folder}]\npolicies: {json.dumps(policies)}\n"
