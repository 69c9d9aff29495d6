"""`gatewright serve`: the webhook."""

from pathlib import Path
from typing import Annotated

import typer

from gatewright.cli.options import ConfigOption, ProfileOption, refuse

EXAMPLES = """\b
Examples:
  gatewright serve --ca-out ca.crt
  gatewright serve --host 0.0.0.0 --certificate tls.crt --key tls.key -c gatewright.yaml"""


def serve(
    config: ConfigOption = None,
    profile: ProfileOption = None,
    host: Annotated[str, typer.Option(help="The address of the webhook.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Its port, HTTPS; 0 takes a free one.")] = 8443,
    health_host: Annotated[str, typer.Option(help="The address of /healthz, /readyz and /metrics.")] = "127.0.0.1",
    health_port: Annotated[int, typer.Option(min=0, max=65535, help="Their port, plain HTTP.")] = 8080,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The certificate, PEM; else one is made at start.")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its private key, PEM.")] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name of the service, for the certificate that is made.")
    ] = None,
    ca_out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the made certificate here, for clients to trust.")
    ] = None,
    drain: Annotated[float, typer.Option(min=0, help="Seconds between SIGTERM and closing the listener.")] = 10,
    manifests: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Namespaces and other objects to take as the cluster.")
    ] = None,
    in_cluster: Annotated[
        bool, typer.Option("--in-cluster", help="Read the cluster that this runs in, by its Pod's account.")
    ] = False,
    kubeconfig: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Read the cluster of this kubeconfig.")
    ] = None,
    register: Annotated[
        str,
        typer.Option(metavar="NAME", help="Put the made certificate into this ValidatingWebhookConfiguration."),
    ] = "",
) -> None:
    """Serve the webhook.

    Over HTTPS, until SIGTERM or Ctrl-C.
    """
    if (certificate is None) != (key is None):
        refuse(["--certificate and --key go together"])
    is_live = in_cluster or kubeconfig is not None
    if in_cluster + (kubeconfig is not None) + bool(manifests) > 1:
        refuse(["--in-cluster, --kubeconfig and --manifests each say what the cluster is: give one"])
    if register and (certificate or not is_live):
        refuse(["--register publishes a certificate that is made: give --in-cluster or --kubeconfig, no --certificate"])
    from gatewright import wiring
    from gatewright.engine.reading import ConfigError
    from gatewright.webhook.server import Options, ServeError, run
    from gatewright.webhook.watchdog import quarantined

    try:
        surroundings = wiring.live(kubeconfig, register) if is_live else wiring.closed(manifests or [])
        options = Options(
            host=host, port=port, health_host=health_host, health_port=health_port, certificate=certificate, key=key,
            names=tuple(name or ()), ca_out=ca_out, drain=drain,
        )  # fmt: skip
        current = wiring.Current(config, profile, surroundings, quarantined())
        run(options, current, surroundings.publish, surroundings.reflected)
    except ConfigError as error:
        refuse(error.problems)
    except ServeError as error:
        refuse([error])
