"""Rows of the catalogue by which somebody becomes somebody else, or gives themselves what they do not have."""

from gatewright.policy import DELETE_VERBS, READ, WRITE, Need, Risk, Severity

LOW, MEDIUM, HIGH, CRITICAL = Severity

RBAC = ("rbac.authorization.k8s.io",)
AUTHENTICATION = ("authentication.k8s.io",)
CERTIFICATES = ("certificates.k8s.io",)
CHANGE = ("update", "patch")

REQUEST = Need(("create",), ("certificatesigningrequests",), CERTIFICATES)
ANY_SIGNER = "kubernetes.io/*"
"""What the API server asks for where the one signer is not allowed by its name."""
CLIENTS = "kubernetes.io/kube-apiserver-client"
KUBELETS = "kubernetes.io/kube-apiserver-client-kubelet"
SIGNERS = (ANY_SIGNER, CLIENTS, KUBELETS, "kubernetes.io/kubelet-serving", "kubernetes.io/legacy-unknown")


def _approves(*signers: str) -> tuple[Need, Need, Need]:
    approval = Need(CHANGE, ("certificatesigningrequests/approval",), CERTIFICATES)
    return REQUEST, approval, Need(("approve",), ("signers",), CERTIFICATES, names=signers)


def _acts(mode: str, *resources: str, names: tuple[str, ...] = ()) -> tuple[Need, Need]:
    """The two permissions of a mode of constrained impersonation: whom to become, and for what."""
    verbs = tuple(f"impersonate-on:{mode}:{verb}" for verb in (*READ, *WRITE, *DELETE_VERBS))
    return Need((f"impersonate:{mode}",), resources, AUTHENTICATION, names), Need(verbs, (), ())


def _constrained(ways: tuple[tuple[Need, Need], ...], whom: str, *forms: Risk) -> Risk:
    return Risk(
        ways=ways,
        lets=f"become {whom}, for some requests",
        cluster=HIGH,
        namespaced=MEDIUM,
        rises=True,
        instead='name whom they may become in resourceNames, and only the verbs "impersonate-on:…" that are needed',
        forms=forms,
    )


IDENTITY: dict[str, Risk] = {
    "rbac-escalate": Risk(
        forms=(
            Risk(
                ways=((Need(("escalate",), ("clusterroles",), RBAC), Need(WRITE, ("clusterroles",), RBAC)),),
                lets="give themselves any permission {where}: they can write into a ClusterRole what they do not have",
                cluster=CRITICAL,
                namespaced=None,
                eases=False,
                instead='drop the verb "escalate": whoever writes roles then writes only what they have themselves',
            ),
        ),
        ways=((Need(("escalate",), ("roles",), RBAC), Need(WRITE, ("roles",), RBAC)),),
        lets="give themselves any permission {where}: they can write into a Role what they do not have",
        cluster=CRITICAL,
        namespaced=HIGH,
        eases=False,
        instead='drop the verb "escalate": whoever writes roles then writes only what they have themselves',
    ),
    "rbac-bind": Risk(
        forms=(
            Risk(
                ways=((Need(("bind",), ("clusterroles",), RBAC), Need(WRITE, ("clusterrolebindings",), RBAC)),),
                lets="give {any:ClusterRole} to themselves {where}",
                cluster=CRITICAL,
                namespaced=None,
                instead="name the roles that they may bind in resourceNames",
            ),
            Risk(
                ways=((Need(("bind",), ("clusterroles",), RBAC), Need(WRITE, ("rolebindings",), RBAC)),),
                lets="give {any:ClusterRole} to themselves {where}",
                cluster=CRITICAL,
                namespaced=HIGH,
                instead="name the roles that they may bind in resourceNames",
            ),
        ),
        ways=((Need(("bind",), ("roles",), RBAC), Need(WRITE, ("rolebindings",), RBAC)),),
        lets="give {any:Role} to themselves {where}",
        cluster=CRITICAL,
        namespaced=HIGH,
        instead="name the roles that they may bind in resourceNames",
    ),
    "rbac-delegate": Risk(
        forms=(
            Risk(
                ways=((Need((*WRITE, *DELETE_VERBS), ("clusterroles", "clusterrolebindings"), RBAC),),),
                lets="pass on what they may do {where}, and take it from others, by ClusterRoles and their bindings",
                cluster=MEDIUM,
                namespaced=None,
                instead="leave roles and bindings to those who administer the cluster",
            ),
        ),
        ways=((Need((*WRITE, *DELETE_VERBS), ("roles", "rolebindings"), RBAC),),),
        lets="pass on what they may do {where}, and take it from others, by Roles and RoleBindings",
        cluster=MEDIUM,
        namespaced=LOW,
        instead="leave roles and bindings to those who administer the namespace",
    ),
    "rbac-impersonate": Risk(
        forms=(
            Risk(
                ways=((Need(("impersonate",), ("groups",), unnamed=True),),),
                lets="become a member of any group, of system:masters too, which may do everything",
                cluster=CRITICAL,
                namespaced=None,
                instead="name harmless groups in resourceNames",
            ),
            Risk(
                ways=((Need(("impersonate",), ("groups",), names=("system:masters",)),),),
                lets="become a member of {any:group}, which may do everything",
                cluster=CRITICAL,
                namespaced=None,
                eases=False,
                instead="name harmless groups in resourceNames",
            ),
            Risk(
                ways=((Need(("impersonate",), ("users",)),),),
                lets="become {any:user}",
                cluster=CRITICAL,
                namespaced=None,
                instead="name the users in resourceNames",
            ),
            Risk(
                ways=((Need(("impersonate",), ("groups",)),),),
                lets="become a member of {any:group}",
                cluster=CRITICAL,
                namespaced=None,
                instead='drop "groups"',
            ),
            Risk(
                ways=((Need(("impersonate",), ("uids", "userextras/"), AUTHENTICATION),),),
                lets="claim any uid and other marks of whomever they impersonate",
                cluster=CRITICAL,
                namespaced=None,
                instead='drop "uids" and "userextras/…"',
            ),
        ),
        ways=((Need(("impersonate",), ("serviceaccounts",)),),),
        lets="become {any:ServiceAccount} {where}",
        cluster=CRITICAL,
        namespaced=MEDIUM,
        rises=True,
        instead="name the ServiceAccounts in resourceNames",
    ),
    "rbac-constrained-impersonation": _constrained(
        (_acts("serviceaccount", "serviceaccounts"),),
        "{any:ServiceAccount} {where}",
        _constrained((_acts("user-info", "users", "groups", "uids", "userextras/"),), "{any:user} but system:masters"),
        _constrained((_acts("arbitrary-node", "nodes"),), "{any:node}"),
        _constrained((_acts("associated-node", "nodes", names=("*",)),), "the node that they run on"),
    ),
    "rbac-csr-approve": Risk(
        forms=(
            Risk(
                ways=(_approves(ANY_SIGNER, CLIENTS),),
                lets="become any user, in any group but system:masters, by a certificate that they approve themselves",
                cluster=CRITICAL,
                namespaced=None,
                eases=False,
                instead="name the signers that are theirs in resourceNames of the verb approve",
            ),
        ),
        ways=(_approves(KUBELETS),),
        lets="become any node, by a certificate that they approve themselves",
        cluster=CRITICAL,
        namespaced=None,
        eases=False,
        instead="name the signers that are theirs in resourceNames of the verb approve",
    ),
    "rbac-csr-sign": Risk(
        ways=((
            Need(CHANGE, ("certificatesigningrequests/status",), CERTIFICATES),
            Need(("sign",), ("signers",), CERTIFICATES, names=SIGNERS),
        ),),
        lets="hand out certificates as if Kubernetes had signed them",
        cluster=MEDIUM,
        namespaced=None,
        eases=False,
        instead="name the signers that are theirs in resourceNames of the verb sign",
    ),
    "rbac-node-bootstrap": Risk(
        ways=((REQUEST, Need(("create",), ("certificatesigningrequests/nodeclient",), CERTIFICATES)),),
        lets="become a node that nobody approved, and read the Secrets of its pods",
        cluster=HIGH,
        namespaced=None,
        instead='drop "certificatesigningrequests/nodeclient", and approve new nodes',
    ),
}  # fmt: skip
