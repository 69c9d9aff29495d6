"""`gatewright rbac`: who may do what, in a cluster or in manifests."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from gatewright.cli.options import FAILED, UNDONE, NoColorOption, Output, OutputOption, refuse
from gatewright.model.text import escape

if TYPE_CHECKING:
    from rich.text import Text

    from gatewright.model.rbac_permissions import Permissions
    from gatewright.policy import Severity
    from gatewright.report.rbac import Risky
    from gatewright.wiring import Permitted

T = TypeVar("T")

app = typer.Typer(help="Ask who may do what.", no_args_is_help=True, rich_markup_mode=None)

WHO_CAN = """\b
Examples:
  gatewright rbac who-can get secrets -n shop
  gatewright rbac who-can create pods/exec
  gatewright rbac who-can get deployments.apps --in k8s/"""
CAN = """\b
Examples:
  gatewright rbac can shop/web
  gatewright rbac can shop/web list secrets -n shop
  gatewright rbac can jane@example.com delete nodes --group admins"""
RISKS = """\b
Examples:
  gatewright rbac risks
  gatewright rbac risks --in k8s/ --fail-on critical"""
DIFF = """\b
Examples:
  gatewright rbac diff main/k8s/ k8s/
  gatewright rbac diff old.yaml new.yaml -o json"""

InOption = Annotated[
    list[str] | None, typer.Option("--in", metavar="PATH", help="Manifests to ask about; else the current cluster.")
]
ContextOption = Annotated[str | None, typer.Option("--context", metavar="NAME", help="Another context.")]
KubeconfigOption = Annotated[Path | None, typer.Option("--kubeconfig", metavar="FILE", help="Another kubeconfig.")]
NamespaceOption = Annotated[str, typer.Option("--namespace", "-n", metavar="NAME", help="In this namespace.")]
VerbArgument = Annotated[str, typer.Argument(metavar="VERB", help="get, list, create …, or an HTTP method of a URL.")]
ResourceArgument = Annotated[
    str, typer.Argument(metavar="RESOURCE", help="pods, pods/exec, deployments.apps, or a URL like /healthz.")
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Of one object.")]


@app.callback()
def _group() -> None:
    """Ask who may do what, in the current cluster or in manifests.

    The roles that every cluster has are always among those of manifests.
    """


@app.command("who-can", epilog=WHO_CAN)
def who_can(
    verb: VerbArgument,
    resource: ResourceArgument,
    name: NameArgument = "",
    namespace: NamespaceOption = "",
    paths: InOption = None,
    context: ContextOption = None,
    kubeconfig: KubeconfigOption = None,
    output: OutputOption = Output.TEXT,
    no_color: NoColorOption = False,
) -> None:
    """List who may do something, and by which binding and rule.

    Without a namespace: everywhere.
    """
    from gatewright.model.rbac_words import request_of
    from gatewright.report import rbac

    request = _understood([verb, resource], request_of, verb, resource, name, namespace)
    known = _known(paths, context, kubeconfig)
    found = _permissions(known).who_can(request)
    if output is Output.JSON:
        _document(rbac.document("subjects", map(rbac.grant_document, found), known.errors))
    else:
        _print(list(rbac.holders(found, request)), no_color)
    _end(known)


@app.command("can", epilog=CAN)
def can(
    somebody: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="NAMESPACE/NAME of a service account, group:NAME, or a user.")
    ],
    question: Annotated[
        list[str] | None, typer.Argument(metavar="VERB RESOURCE NAME", help="What; else all that they can.")
    ] = None,
    group: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A group that they are in besides.")] = None,
    namespace: NamespaceOption = "",
    paths: InOption = None,
    context: ContextOption = None,
    kubeconfig: KubeconfigOption = None,
    output: OutputOption = Output.TEXT,
    no_color: NoColorOption = False,
) -> None:
    """Tell whether somebody can do something, or all that they can.

    The exit code of a question is 0 for yes and 1 for no.
    """
    from gatewright.engine.gained import held
    from gatewright.model.rbac_subjects import MASTERS
    from gatewright.model.rbac_words import request_of
    from gatewright.model.rbac_words import somebody as known_as
    from gatewright.report import rbac

    who = _understood([somebody], known_as, somebody, tuple(group or ()))
    is_master = MASTERS in who.groups
    if question and len(question) not in (2, 3):
        refuse(["a question is a VERB, a RESOURCE and, of one object, its NAME"])
    verb, resource, name = [*(question or ()), "", "", ""][:3]
    request = _understood([verb, resource], request_of, verb, resource, name, namespace) if question else None
    known = _known(paths, context, kubeconfig)
    permissions = _permissions(known)
    if request is None:
        found = held(who, namespace, permissions)
        if output is Output.JSON:
            _document(rbac.document("rules", (rbac.held_document(*one) for one in found), known.errors))
        else:
            _print(list(rbac.rules(found, is_master=is_master)), no_color)
        _end(known)
        return
    grant = permissions.can(who, request)
    if output is Output.JSON:
        told = {"allowed": is_master or grant is not None, "by": grant and rbac.grant_document(grant)}
        _document(rbac.document("answers", [told], known.errors))
    else:
        _print([rbac.answer(grant, request, is_master=is_master)], no_color)
    _end(known, failed=grant is None and not is_master)


@app.command("risks", epilog=RISKS)
def risks(
    paths: InOption = None,
    context: ContextOption = None,
    kubeconfig: KubeconfigOption = None,
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="SEVERITY", help="The least severity that makes the exit code 1.")
    ] = "high",
    output: OutputOption = Output.TEXT,
    no_color: NoColorOption = False,
) -> None:
    """List the dangerous permissions, the worst first.

    Each with who has it, by which binding and by which rule.
    """
    from gatewright.report import rbac

    threshold = _severity(fail_on)
    known = _known(paths, context, kubeconfig)
    found = sorted(_risks(known), key=rbac.worst_first)
    if output is Output.JSON:
        _document(rbac.document("risks", (rbac.risk_document(*one) for one in found), known.errors))
    else:
        _print([*rbac.risks(found), *rbac.counted(found)], no_color)
    _end(known, failed=any(finding.severity >= threshold for _, finding in found))


@app.command("diff", epilog=DIFF)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Manifests as they are.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Manifests as they will be.")],
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="SEVERITY", help="The least new risk that makes the exit code 1.")
    ] = "high",
    output: OutputOption = Output.TEXT,
    no_color: NoColorOption = False,
) -> None:
    """Tell what a change of manifests newly grants, and to whom.

    With the risks that it brings. Made for a pull request.
    """
    from gatewright.engine.exposed import arisen, engines_of
    from gatewright.engine.gained import gained
    from gatewright.report import rbac

    threshold = _severity(fail_on)
    before, after = _known([old], None, None), _known([new], None, None)
    found = gained(_permissions(before), _permissions(after))
    told = {rbac.said(one) for one in _risks(before)}
    engines = engines_of(after.catalog, after.world)
    brought = arisen(after.documents, before.documents, engines, _permissions(after))
    new_risks = sorted((one for one in brought if rbac.said(one) not in told), key=rbac.worst_first)
    both = replace(after, errors=[*before.errors, *after.errors])
    if output is Output.JSON:
        document = rbac.document("gains", map(rbac.gain_document, found), both.errors)
        _document(document | {"risks": [rbac.risk_document(*one) for one in new_risks]})
    else:
        _print([*rbac.gains(found), *rbac.risks(new_risks), *rbac.gained(found, new_risks)], no_color)
    _end(both, failed=any(finding.severity >= threshold for _, finding in new_risks))


def _known(paths: Sequence[str] | None, context: str | None, kubeconfig: Path | None) -> "Permitted":
    from gatewright import wiring
    from gatewright.cli.terminal import with_progress
    from gatewright.engine.reading import ConfigError

    if paths and (context or kubeconfig):
        refuse(["--in gives manifests; --context and --kubeconfig are of a cluster"])
    try:
        known = wiring.permitted(paths, kubeconfig, context, with_progress)
    except ConfigError as error:
        refuse(error.problems)
    gc.freeze()  # up to 100,000 objects that stay: no collection looks at them again
    return known


def _risks(known: "Permitted") -> "list[Risky]":
    from gatewright.cli.terminal import with_progress
    from gatewright.engine.exposed import engines_of, exposed

    engines = engines_of(known.catalog, known.world, known.latest)
    return list(exposed(with_progress(known.documents, "judging"), engines, _permissions(known)))


def _permissions(known: "Permitted") -> "Permissions":
    """All of them. Without a kind of role or binding every answer could be wrong, so there is none."""
    from gatewright.engine.world import Unavailable

    try:
        return known.world.permissions()
    except Unavailable:
        refuse(known.errors)


def _understood(asked: Sequence[str], read: Callable[..., T], *words: object) -> T:
    try:
        return read(*words)
    except ValueError as error:
        refuse([f"{' '.join(asked)}: {error}"])


def _severity(text: str) -> "Severity":
    from gatewright.policy import Severity

    names = {str(one): one for one in Severity}
    if text not in names:
        refuse([f"--fail-on {text}: must be one of {', '.join(names)}"])
    return names[text]


def _print(lines: "Sequence[Text]", no_color: bool) -> None:
    from gatewright.cli.terminal import console

    out = console(no_color)
    if out.is_terminal:
        out.print(*lines, sep="\n")
    else:  # no style is left of them, and to lay them out takes as long as to find them
        typer.echo("\n".join(line.plain for line in lines))


def _document(document: dict[str, Any]) -> None:
    from gatewright.report import json

    typer.echo(json.dumps(document, indent=True))


def _end(known: "Permitted", *, failed: bool = False) -> None:
    for problem in known.errors:
        typer.echo(f"error: {escape(str(problem))}", err=True)
    if known.errors or failed:
        raise typer.Exit(UNDONE if known.errors else FAILED)
