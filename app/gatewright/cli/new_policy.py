"""`gatewright new-policy`: a policy and its cases to begin with."""

import keyword
import re
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from gatewright.cli.options import refuse

EXAMPLES = """\b
Examples:
  gatewright new-policy team-label
  gatewright new-policy ingress-class --of Ingress --in policies/network"""

POLICY = Template('''\
"""Every $kind says whose it is.

Fields:  metadata.labels.owner
Allowed: any name
Why:     say here what goes wrong without it, and for whom.
Source:  say here where that can be read.
"""

from gatewright.policy import $kind, Severity, Violation, Violations, policy


@policy(severity=Severity.LOW)
def $name($subject: $kind) -> Violations:
    if not $subject.metadata.labels.get("owner"):
        yield Violation($subject.metadata, "labels.owner", "the label owner is not set")
''')

CASES = Template("""\
policy: $id
cases:
  - name: an owner
    set: {metadata.labels.owner: shop-team}
  - name: none
    expect: {metadata.labels.owner: the label owner is not set}
  - name: one without a name
    set: {metadata.labels.owner: ""}
    expect: {metadata.labels.owner: the label owner is not set}
""")

NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")

NO_TEXT = frozenset({"false", "n", "no", "null", "off", "on", "true", "y", "yes"})
"""What YAML takes for something else than text, in cases and in a configuration."""


def new_policy(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its id, like team-label.")],
    of: Annotated[str, typer.Option("--of", metavar="KIND", help="What it judges: Pod stands for all workloads.")] = (
        "Pod"
    ),
    folder: Annotated[Path, typer.Option("--in", metavar="DIR", help="Where to write it; made where missing.")] = Path(
        "policies"
    ),
) -> None:
    """Write a policy and its cases, to begin with.

    They pass as they are: change the rule, and the cases first.
    """
    from gatewright.engine import catalog
    from gatewright.model.kinds import MODELS

    kinds = sorted(["Pod", *(model.__name__ for model in MODELS)])
    if not NAME.fullmatch(name):
        refuse([f"{name} is no name for a policy: use small letters, digits and hyphens, like team-label"])
    if keyword.iskeyword(name) or name in NO_TEXT:
        refuse(
            [f"{name} is no name for a policy: Python or YAML takes it for a word of its own; take e.g. team-{name}"]
        )
    if of not in kinds:
        refuse([f"--of {of}: there is no such kind; there are {', '.join(kinds)}"])
    id_, function = name.replace("_", "-"), name.replace("-", "_")
    if id_ in catalog.load([catalog.built_in()]).entries:
        refuse([f"{id_} is a built-in policy; gatewright policies {id_} shows it"])
    files = {folder / f"{function}.py": POLICY, folder / f"{function}.yaml": CASES}
    if there := [str(file) for file in files if file.exists()]:
        refuse([f"{file} is there already" for file in there])
    words = {"kind": of, "subject": _spelled(of), "name": function, "id": id_}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            file.write_text(text.substitute(words))
    except OSError as error:
        refuse([f"{error.filename}: cannot be written: {error.strerror}"])
    typer.echo(f"wrote {' and '.join(map(str, files))}\n")
    typer.echo(f"Its cases:   gatewright test {folder}")
    typer.echo(f"To turn it on, in the configuration:\n  policyFolders: [{folder}]\n  policies: {{{id_}: warn}}")


def _spelled(kind: str) -> str:
    """`NetworkPolicy` as the name of a parameter: network_policy."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
