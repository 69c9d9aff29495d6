"""`gatewright policies`: the catalogue, or one policy's page."""

from typing import TYPE_CHECKING, Annotated

import typer

from gatewright.cli.options import ConfigOption, NoColorOption, Output, OutputOption, refuse

if TYPE_CHECKING:
    from gatewright.report.catalogue import Page

EXAMPLES = """\b
Examples:
  gatewright policies
  gatewright policies host-ports
  gatewright policies --schema > gatewright.schema.json"""


def policies(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A policy, for its page.")] = "",
    config: ConfigOption = None,
    webhook_rules: Annotated[
        bool, typer.Option("--webhook-rules", help="Print the rules to register the webhook for.")
    ] = False,
    cluster_role: Annotated[
        bool, typer.Option("--cluster-role", help="Print the rules of the ClusterRole that the webhook needs.")
    ] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the configuration's JSON Schema.")] = False,
    output: OutputOption = Output.TEXT,
    no_color: NoColorOption = False,
) -> None:
    """List the policies, or explain one.

    The list has each policy's mode in every profile.
    """
    from gatewright import wiring
    from gatewright.cli.terminal import console
    from gatewright.engine.config import profiles
    from gatewright.engine.reading import ConfigError
    from gatewright.report import catalogue, json

    try:
        configuration = wiring.configure(config)
        by_profile = {name: wiring.configure(None, name) for name in profiles()}
    except ConfigError as error:
        refuse(error.problems)
    if schema:
        typer.echo(json.dumps(wiring.schema(configuration.catalog), indent=True))
        return
    if cluster_role:
        typer.echo(json.dumps(wiring.cluster_role(configuration), indent=True))
        return
    if webhook_rules:
        rules, missing = wiring.webhook_rules(configuration)
        typer.echo(json.dumps(rules, indent=True))
        if missing:
            refuse(missing)
        return
    pages = catalogue.pages(configuration.catalog, by_profile)
    if id_:
        pages = [_page(id_, pages)]
    if output is Output.JSON:
        typer.echo(json.dumps({"version": json.VERSION, "policies": [page.document for page in pages]}, indent=True))
    elif id_:
        console(no_color).print(pages[0].text)
    else:
        console(no_color).print(*catalogue.table(pages, list(by_profile)), sep="\n")


def _page(id_: str, pages: "list[Page]") -> "Page":
    import difflib

    names = {name: page for page in pages for name in (page.id, page.policy.alias) if name}
    if id_ not in names:
        near = difflib.get_close_matches(id_, names, n=1)
        refuse(
            [f"there is no policy {id_}; {f'did you mean {near[0]}?' if near else 'gatewright policies lists them'}"]
        )
    return names[id_]
