"""Containers: what they run, with what, and how they are looked after."""

from msgspec import field

from gatewright.model.quantity import Quantity
from gatewright.model.schema import Node, Part
from gatewright.model.security import SecurityContext
from gatewright.model.text import quote

Quantities = dict[str, Quantity]
"""Quantities by the resource: cpu, memory, ephemeral-storage …"""


class ContainerPort(Node, frozen=True, rename="camel", gc=False):
    """A port that a container announces; `host_port` 0 is none."""

    container_port: int = 0
    host_ip: str = field(default="", name="hostIP")
    host_port: int = 0
    name: str = ""
    protocol: str = ""


class ExecAction(Part, frozen=True, rename="camel", gc=False):
    """A command of a probe or a hook."""

    command: tuple[str, ...] = ()


class HTTPHeader(Part, frozen=True, rename="camel", gc=False):
    """A header of an HTTP request."""

    name: str = ""
    value: str = ""


class HTTPGetAction(Part, frozen=True, rename="camel", gc=False):
    """An HTTP request of a probe or a hook; `host` empty is the pod itself."""

    host: str = ""
    http_headers: tuple[HTTPHeader, ...] = ()
    path: str = ""
    port: str | int = ""
    scheme: str = ""


class TCPSocketAction(Part, frozen=True, rename="camel", gc=False):
    """A TCP connection of a probe or a hook; `host` empty is the pod itself."""

    host: str = ""
    port: str | int = ""


class GRPCAction(Part, frozen=True, rename="camel", gc=False):
    """A health check over gRPC."""

    port: int = 0
    service: str = ""


class LifecycleHandler(Part, frozen=True, rename="camel", gc=False):
    """A lifecycle hook: what is done."""

    exec: ExecAction = ExecAction()
    http_get: HTTPGetAction = HTTPGetAction()
    tcp_socket: TCPSocketAction = TCPSocketAction()


class Probe(LifecycleHandler, frozen=True, rename="camel", gc=False):
    """A probe: what is asked, and how long it may fail."""

    failure_threshold: int = 0
    grpc: GRPCAction = GRPCAction()
    period_seconds: int = 0


class Lifecycle(Part, frozen=True, rename="camel", gc=False):
    """A container's hooks."""

    post_start: LifecycleHandler = LifecycleHandler()
    pre_stop: LifecycleHandler = LifecycleHandler()


class SecretKeySelector(Part, frozen=True, rename="camel", gc=False):
    """A key of a Secret."""

    name: str = ""
    key: str = ""


class EnvVarSource(Part, frozen=True, rename="camel", gc=False):
    """Where a variable's value comes from."""

    secret_key_ref: SecretKeySelector | None = None


class EnvVar(Node, frozen=True, rename="camel", gc=False):
    """An environment variable; its value stands here, or comes from somewhere."""

    name: str = ""
    value: str = ""
    value_from: EnvVarSource = EnvVarSource()


class SecretEnvSource(Part, frozen=True, rename="camel", gc=False):
    """A Secret, all of its keys."""

    name: str = ""


class EnvFromSource(Node, frozen=True, rename="camel", gc=False):
    """A Secret or a ConfigMap whose keys become variables."""

    prefix: str = ""
    secret_ref: SecretEnvSource | None = None


class Resources(Part, frozen=True, rename="camel", gc=False):
    """What is reserved, and what is the most."""

    limits: Quantities = {}
    requests: Quantities = {}


class VolumeMount(Node, frozen=True, rename="camel", gc=False):
    """A volume in a container's file system."""

    mount_path: str = ""
    name: str = ""
    read_only: bool = False


class Container(Node, frozen=True, rename="camel", gc=False):
    """A container of any of the three lists; an ephemeral one simply has fewer fields set."""

    name: str = ""
    image: str = ""
    args: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    env: tuple[EnvVar, ...] = ()
    env_from: tuple[EnvFromSource, ...] = ()
    image_pull_policy: str = ""
    lifecycle: Lifecycle = Lifecycle()
    liveness_probe: Probe = Probe()
    ports: tuple[ContainerPort, ...] = ()
    readiness_probe: Probe = Probe()
    resources: Resources = Resources()
    restart_policy: str = ""
    security_context: SecurityContext = SecurityContext()
    startup_probe: Probe = Probe()
    volume_mounts: tuple[VolumeMount, ...] = ()

    @property
    def label(self) -> str:
        """`container "web"`: how a message begins. Alike messages of several containers are joined by it."""
        return f"container {quote(self.name)}"
