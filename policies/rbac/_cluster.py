"""Rows of the catalogue by which the cluster's nodes, traffic and data are changed, spied on or destroyed.

Sources by letter, as the policies' headers have them: G is Kubernetes' "RBAC Good Practices", C the CIS Kubernetes
Benchmark 5.1, U upstream's code or a KEP.
"""

from dataclasses import replace

from gatewright.policy import DELETE_VERBS, WRITE, Need, Risk, Severity, V

from ._control_plane import CHANGE, CONTROL_PLANE

LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH

DEVICES = ("resource.k8s.io",)
EVERY = ("*",)
NETWORKING = ("networking.k8s.io",)
NO_DELETION = 'drop "delete" and "deletecollection", or name what is their own in resourceNames'
UNSAFE = "unsafe-delete-ignore-read-errors"


def _deletion(what: str, resources: tuple[str, ...], *, namespaced: Severity | None = LOW) -> Risk:
    return Risk(
        ways=((Need(DELETE_VERBS, resources),),),
        lets=f"delete {what}",
        cluster=MEDIUM,
        namespaced=namespaced,
        instead=NO_DELETION,
    )


ADMIN_ACCESS = Risk(
    ways=((Need(("create",), ("resourceclaims", "resourceclaimtemplates"), DEVICES),),),
    lets="use devices {where} that others use, by a claim with adminAccess",
    cluster=MEDIUM,
    namespaced=MEDIUM,
    instead="take the label resource.kubernetes.io/admin-access off the namespaces where they may create claims",
)
"""What gives something only in namespaces of that label (KEP-5018)."""

OTHERS_DEVICES = Risk(
    ways=((Need(WRITE, ("resourceslices", "deviceclasses", "devicetaintrules"), DEVICES),),),
    lets="take devices away from the pods that use them, or offer some that do not exist",
    cluster=MEDIUM,
    namespaced=None,
    instead="leave them the verbs get, list and watch, but for the driver of the devices",
    forms=(
        Risk(
            ways=(
                (Need(CHANGE, ("resourceclaims/binding",), DEVICES, since=V(1, 36)),),
                (
                    Need(
                        tuple(f"{node}-node:{verb}" for node in ("arbitrary", "associated") for verb in CHANGE),
                        ("resourceclaims/driver",),
                        DEVICES,
                        since=V(1, 36),
                    ),
                ),
            ),
            lets="hand devices to claims {where}, and say of those of other drivers what they are",
            cluster=MEDIUM,
            namespaced=MEDIUM,
            instead='leave "resourceclaims/binding" to the scheduler, and name the driver for "resourceclaims/driver"',
        ),
    ),
)

CLUSTER: dict[str, Risk] = CONTROL_PLANE | {
    "rbac-persistent-volume": Risk(
        ways=((Need(("create",), ("persistentvolumes",)),),),
        lets="read and write the files of every node, by a PersistentVolume that is a path of it",
        cluster=HIGH,
        namespaced=None,
        instead='drop "create": claims are given their volumes by a StorageClass',
        eases=False,
    ),
    "rbac-namespace-label": Risk(
        ways=((Need(CHANGE, ("namespaces",)),),),
        lets="switch off pod security {where} by its label, or choose which network policies count there",
        cluster=HIGH,
        namespaced=HIGH,
        instead='drop "update" and "patch"',
        eases=False,
    ),
    "rbac-node-write": Risk(
        ways=((Need(DELETE_VERBS, ("nodes",)),),),
        lets="remove {any:node}, so that its pods start again elsewhere",
        cluster=HIGH,
        namespaced=None,
        instead='drop "delete" and "deletecollection"',
        forms=(
            Risk(
                ways=((Need(CHANGE, ("nodes", "nodes/status")),),),
                lets="choose which pods run on {any:node}, by its labels, taints and status",
                cluster=HIGH,
                namespaced=None,
                instead='drop "update" and "patch"',
            ),
        ),
    ),
    "rbac-pod-steal": Risk(
        ways=((Need(DELETE_VERBS, ("pods",)),), (Need(("create",), ("pods/eviction",)),)),
        lets="stop {any:pod} {where}: it starts again, on a node of theirs where they can choose that",
        cluster=MEDIUM,
        namespaced=LOW,
        instead="leave it to the pods' controllers: whoever changes a Deployment replaces its pods",
        forms=(
            Risk(
                ways=((Need(("create",), ("pods/binding", "bindings")),),),
                lets="put waiting pods {where} onto a node of theirs",
                cluster=MEDIUM,
                namespaced=LOW,
                instead="leave it to the scheduler",
            ),
            Risk(
                ways=((Need(CHANGE, ("pods/status",)),),),
                lets="have pods {where} taken for ready or failed, so that traffic leaves them or they are replaced",
                cluster=MEDIUM,
                namespaced=LOW,
                instead="leave it to kubelets: it is they who know",
            ),
        ),
    ),
    "rbac-traffic": Risk(
        ways=((Need(WRITE, ("services",)),), (Need(CHANGE, ("services/status",)),)),
        lets="take over traffic to addresses of their choice, by external addresses of a Service (CVE-2020-8554)",
        cluster=MEDIUM,
        namespaced=MEDIUM,
        instead="leave them the verbs get, list and watch of services",
        forms=(
            Risk(
                ways=((Need(WRITE, ("endpoints",)),), (Need(WRITE, ("endpointslices",), ("discovery.k8s.io",)),)),
                lets="send what is sent to Services {where} to pods of other namespaces (CVE-2021-25740)",
                cluster=MEDIUM,
                namespaced=MEDIUM,
                instead="leave endpoints to their controller, which finds them by the Service's selector",
            ),
            Risk(
                ways=((Need(WRITE, ("ingresses",), NETWORKING),),),
                lets="take over host names that others serve, by an Ingress {where}",
                cluster=MEDIUM,
                namespaced=MEDIUM,
                instead="leave them the verbs get, list and watch of ingresses",
            ),
        ),
    ),
    "rbac-dra": replace(OTHERS_DEVICES, forms=(ADMIN_ACCESS, *OTHERS_DEVICES.forms)),
    "rbac-service-account-write": Risk(
        ways=((Need(WRITE, ("serviceaccounts",)),),),
        lets="take on what the cloud lets other programs do, by annotations of ServiceAccounts {where}",
        cluster=MEDIUM,
        namespaced=MEDIUM,
        instead='split it: "create" alone, and "update" and "patch" with its own accounts in resourceNames',
    ),
    "rbac-network-policy": Risk(
        ways=((Need((*WRITE, *DELETE_VERBS), ("networkpolicies",), NETWORKING),),),
        lets="open or cut connections between pods {where}",
        cluster=MEDIUM,
        namespaced=MEDIUM,
        instead="leave them the verbs get, list and watch of networkpolicies",
    ),
    "rbac-recon": Risk(
        ways=((Need(("get",), ("pods/log",), unnamed=True),),),
        lets="read what pods log {where}",
        cluster=LOW,
        namespaced=LOW,
        instead="give it in the namespaces that they work in, by RoleBindings",
        forms=(
            Risk(
                ways=((Need(("list", "watch"), ("configmaps",), unnamed=True),),),
                lets="read every ConfigMap {where}",
                cluster=LOW,
                namespaced=None,
                instead="give it in the namespaces that they work in, by RoleBindings",
            ),
            Risk(
                ways=(
                    (Need(("create",), ("tokenreviews",), ("authentication.k8s.io",)),),
                    (Need(("create",), ("subjectaccessreviews",), ("authorization.k8s.io",)),),
                ),
                lets="find out whose a stolen token is, and who may do what",
                cluster=LOW,
                namespaced=None,
                instead="leave it to servers that others' tokens are sent to",
            ),
        ),
    ),
    "rbac-destroy": Risk(
        ways=((Need(DELETE_VERBS, ("events",), ("", "events.k8s.io")),),),
        lets="delete the events {where} that tell what they did",
        cluster=MEDIUM,
        namespaced=LOW,
        instead=NO_DELETION,
        forms=(
            _deletion("everything {where}", EVERY),
            Risk(
                ways=((Need((UNSAFE,), (), (), literal=True),),),
                lets="delete objects {where} that cannot be read, past admission and finalizers",
                cluster=MEDIUM,
                namespaced=LOW,
                instead=f'drop "{UNSAFE}"',
            ),
            _deletion("{any:namespace}, with all that is in it", ("namespaces",), namespaced=None),
            _deletion("the namespace itself {where}, with all that is in it", ("namespaces",)),
            _deletion("{any:PersistentVolume}, and the data on it", ("persistentvolumes",), namespaced=None),
            _deletion("{any:PersistentVolumeClaim} {where}, and the data on its volume", ("persistentvolumeclaims",)),
            _deletion("{any:Secret} {where} that programs need to start", ("secrets",)),
        ),
    ),
}
