"""Who may do what: rbac.authorization.k8s.io/v1, and the ServiceAccounts that it is mostly given to."""

from msgspec import field

from gatewright.model.cluster import Object
from gatewright.model.schema import Node
from gatewright.model.selector import LabelSelector

ALL = "*"
"""Every verb, group, resource or non-resource URL; as a resource name it is only a name."""


class PolicyRule(Node, frozen=True, rename="camel", gc=False):
    """Verbs on resources of API groups, or on URLs that are no resource. `resource_names` narrow unless empty."""

    verbs: tuple[str, ...] = ()
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()
    non_resource_urls: tuple[str, ...] = field(default=(), name="nonResourceURLs")


class AggregationRule(Node, frozen=True, rename="camel", gc=False):
    """Which ClusterRoles lend their rules: those that any one of the selectors selects."""

    cluster_role_selectors: tuple[LabelSelector, ...] = ()


class Role(Object, frozen=True, rename="camel", gc=False):
    """Rules for one namespace."""

    rules: tuple[PolicyRule, ...] = ()


class ClusterRole(Object, frozen=True, rename="camel", gc=False):
    """Rules for the cluster, or for the namespace of a RoleBinding to it.

    With an `aggregation_rule` the rules are a controller's: `rbac_aggregation` says what they come to.
    """

    rules: tuple[PolicyRule, ...] = ()
    aggregation_rule: AggregationRule | None = None


class RoleRef(Node, frozen=True, rename="camel", gc=False):
    """The role that a binding gives: `kind` is Role or ClusterRole. It need not exist."""

    api_group: str = ""
    kind: str = ""
    name: str = ""


class Subject(Node, frozen=True, rename="camel", gc=False):
    """Whom a binding gives it to: `kind` is User, Group or ServiceAccount; only the latter has a `namespace`."""

    api_group: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""


class RoleBinding(Object, frozen=True, rename="camel", gc=False):
    """Gives a role in the binding's namespace."""

    role_ref: RoleRef = field(default_factory=RoleRef)
    subjects: tuple[Subject, ...] = ()


class ClusterRoleBinding(Object, frozen=True, rename="camel", gc=False):
    """Gives a ClusterRole everywhere."""

    role_ref: RoleRef = field(default_factory=RoleRef)
    subjects: tuple[Subject, ...] = ()


class SecretReference(Node, frozen=True, rename="camel", gc=False):
    """A Secret of the ServiceAccount's namespace."""

    name: str = ""


class ServiceAccount(Object, frozen=True, rename="camel", gc=False):
    """The identity of a program. `automount_service_account_token` holds where the pod says nothing."""

    automount_service_account_token: bool | None = None
    image_pull_secrets: tuple[SecretReference, ...] = ()
    secrets: tuple[SecretReference, ...] = ()
