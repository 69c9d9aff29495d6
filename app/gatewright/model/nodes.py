"""Nodes, the cluster that they make, and who else is asked about its objects."""

from gatewright.model import schema
from gatewright.model.cluster import Object
from gatewright.model.schema import Part
from gatewright.model.selector import LabelSelector


class NodeSystemInfo(Part, frozen=True, rename="camel", gc=False):
    """What a node says of itself; `kubelet_version` is written like `v1.37.2`, or as its vendor likes."""

    kubelet_version: str = ""


class NodeStatus(Part, frozen=True, rename="camel", gc=False):
    """A node as it was last seen."""

    node_info: NodeSystemInfo = NodeSystemInfo()


class Node(Object, frozen=True, rename="camel", gc=False):
    """A node."""

    status: NodeStatus = NodeStatus()

    @property
    def labels(self) -> dict[str, str]:
        """The node's labels: what it is for, and what pods are placed by."""
        return self.metadata.labels


class ClusterNode(schema.Node, frozen=True, rename="camel", gc=False):
    """A node of a `Cluster`."""

    name: str = ""
    kubelet_version: str = ""


class Cluster(Object, frozen=True, rename="camel", gc=False):
    """What is known of a cluster as a whole: no API has it, `scan --cluster` makes it.

    `version` is the server's gitVersion, like `v1.37.2`.
    """

    version: str = ""
    nodes: tuple[ClusterNode, ...] = ()


class RuleWithOperations(schema.Node, frozen=True, rename="camel", gc=False):
    """Requests that a webhook is asked about; `scope` is Cluster, Namespaced or `*`, which is the default."""

    api_groups: tuple[str, ...] = ()
    api_versions: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    scope: str = "*"


class MatchCondition(Part, frozen=True, rename="camel", gc=False):
    """A condition in CEL that a request must also meet."""

    name: str = ""
    expression: str = ""


class ServiceReference(Part, frozen=True, rename="camel", gc=False):
    """The Service behind which a webhook is."""

    name: str = ""
    namespace: str = ""
    path: str = ""
    port: int = 443


class WebhookClientConfig(Part, frozen=True, rename="camel", gc=False):
    """Where a webhook is, and whom to believe that it is there: `ca_bundle` is PEM in base64."""

    ca_bundle: str = ""
    service: ServiceReference | None = None
    url: str = ""


class Webhook(schema.Node, frozen=True, rename="camel", gc=False):
    """A webhook, validating or mutating. What is not set is as admissionregistration.k8s.io/v1 has it."""

    name: str = ""
    client_config: WebhookClientConfig = WebhookClientConfig()
    failure_policy: str = "Fail"
    match_conditions: tuple[MatchCondition, ...] = ()
    namespace_selector: LabelSelector = LabelSelector()
    object_selector: LabelSelector = LabelSelector()
    rules: tuple[RuleWithOperations, ...] = ()
    side_effects: str = ""
    timeout_seconds: int = 10


class ValidatingWebhookConfiguration(Object, frozen=True, rename="camel", gc=False):
    """Validating webhooks."""

    webhooks: tuple[Webhook, ...] = ()


class MutatingWebhookConfiguration(Object, frozen=True, rename="camel", gc=False):
    """Mutating webhooks."""

    webhooks: tuple[Webhook, ...] = ()
