"""Pods hold no credentials that can do much harm.

Fields:  spec.serviceAccountName and the deprecated spec.serviceAccount; spec.automountServiceAccountToken, or that of
         the ServiceAccount where it is unset; spec.volumes[*].projected.sources[*].serviceAccountToken.audience and
         .podCertificate; containers[*].securityContext.privileged, spec.hostPID, spec.volumes[*].hostPath; roles and
         bindings of the account and its groups. Other credentials: spec.volumes[*].secret.secretName and
         .projected.sources[*].secret.name, containers[*].env[*].valueFrom.secretKeyRef, containers[*].envFrom[*]
         .secretRef.name, and metadata.annotations and secrets of ServiceAccounts
Allowed: accounts that can do nothing of high severity, by what the policies of `rbac` say: everywhere, in a namespace,
         or as the strongest account of a namespace in which they can run code. A privileged pod, or one with hostPID or
         a hostPath, makes it a step worse. Without a token it is low. The mirror of a static pod has no account.
         The same of an account whose token the pod takes from a Secret, which is known by the `secrets` of the account:
         Secrets themselves are not read. A hostPath that is neither at, above nor below one of `nodeCredentials`, or is
         at or below one of `withoutCredentials`; `..` and /proc/<pid>/root are taken to lead there. An account with an
         annotation of `cloudAnnotations`, by which it has rights in the cloud, which is of medium severity
Why:     whoever breaks into the pod can do what its credentials can: its account's, its node's, those that it mounts.
Source:  Kubernetes documentation, "RBAC Good Practices", "Least privilege", and "Managing Service Accounts"; the
         kubelet's --root-dir and --kubeconfig as kubeadm sets them; EKS "IAM roles for service accounts", GKE and Azure
         "Workload Identity"
Maps:    CIS 5.1.6; NSA/CISA "Authentication and authorization"
"""

from collections.abc import Iterator

from gatewright.policy import (
    Access,
    Globs,
    Params,
    Pod,
    ServiceAccount,
    Severity,
    Store,
    Violation,
    Violations,
    policy,
    quote,
)

from ._account import account_of
from ._credentials import Taken, by_namespace, leads_to_credentials, secrets_of
from ._risk import FROM_NEAR, is_near_the_node, plain, risk
from ._token import is_for_the_api_server, is_mounted


class ServiceAccountRisk(Params):
    """`nodeCredentials`: where a node keeps what it, its pods and its administrators are known to the API server by.
    `withoutCredentials`: what is below and has none. `cloudAnnotations`: by which a ServiceAccount has rights in the
    cloud."""

    node_credentials: list[str] = ["/etc/kubernetes", "/var/lib/kubelet"]
    without_credentials: list[str] = [
        "/var/lib/kubelet/device-plugins",
        "/var/lib/kubelet/plugins",
        "/var/lib/kubelet/plugins_registry",
        "/var/lib/kubelet/pod-resources",
    ]
    cloud_annotations: Globs = Globs((
        "azure.workload.identity/client-id",
        "eks.amazonaws.com/role-arn",
        "iam.gke.io/gcp-service-account",
    ))  # fmt: skip


@policy(severity=Severity.HIGH, topic="service account")
def service_account_risk(
    pod: Pod, params: ServiceAccountRisk, access: Access, accounts: Store[ServiceAccount]
) -> Violations:
    name, namespace = account_of(pod), pod.namespace or "default"
    if not name:
        return
    listing = accounts.by(by_namespace, pod.namespace or "")
    taken = list(_tokens(pod, listing)) if listing else ()
    if (found := risk(pod, access, namespace, name)) is not None:
        severity, told = found
        has_token = is_mounted(pod, accounts, name) or _holds_one(pod) or any(owner == name for owner, _ in taken)
        runs = "would run" if has_token else "would run, without a token,"
        yield Violation(
            pod.spec, _field(pod), f"this pod {runs} as {told}", severity=severity if has_token else Severity.LOW
        )
    for other, one in taken:
        if other != name and (found := risk(pod, access, namespace, other)) is not None:
            yield Violation(one.node, one.field, f"{one.by} a token of {found[1]}", severity=found[0])
    if is_near_the_node(pod):
        yield from _of_the_node(pod, params)
        if account := accounts.get(pod.namespace, name):
            yield from _of_the_cloud(pod, params, account, plain(namespace, name))


def _tokens(pod: Pod, accounts: tuple[ServiceAccount, ...]) -> Iterator[tuple[str, Taken]]:
    """The tokens that the pod takes from Secrets, each with the name of its account."""
    for account in accounts:
        own = {secret.name for secret in account.secrets}
        yield from ((account.name, one) for one in secrets_of(pod) if one.secret in own)


def _holds_one(pod: Pod) -> bool:
    """Whether a volume is a credential of the account."""
    sources = [source for volume in pod.spec.volumes if volume.projected for source in volume.projected.sources]
    return any(
        source.pod_certificate
        or (source.service_account_token and is_for_the_api_server(source.service_account_token.audience))
        for source in sources
    )


def _of_the_node(pod: Pod, params: ServiceAccountRisk) -> Violations:
    for volume in pod.spec.volumes:
        path = volume.host_path.path if volume.host_path else None
        if path is not None and leads_to_credentials(path, params.node_credentials, params.without_credentials):
            message = f"volume {quote(volume.name)} is {quote(path)} of the node, with its credentials for the cluster"
            yield Violation(volume, "hostPath.path", f"{message}: mount only the directory that the pod needs")


def _of_the_cloud(pod: Pod, params: ServiceAccountRisk, account: ServiceAccount, who: str) -> Violations:
    """Its rights in the cloud are of medium severity, as writing such an annotation is: a step worse, here."""
    for key, value in account.metadata.annotations.items():
        if value and params.cloud_annotations.match(key):
            message = f"this pod would run as {who}, which has rights in the cloud (annotation {quote(key)}){FROM_NEAR}"
            yield Violation(pod.spec, _field(pod), message)


def _field(pod: Pod) -> str:
    return "serviceAccount" if pod.spec.service_account and not pod.spec.service_account_name else "serviceAccountName"
