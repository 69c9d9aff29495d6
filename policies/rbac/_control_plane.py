"""Rows of the catalogue by which the control plane itself is changed: admission, the API, trust, controllers.

Sources by letter, as the policies' headers have them: G is Kubernetes' "RBAC Good Practices", C the CIS Kubernetes
Benchmark 5.1, U upstream's code or a KEP.
"""

from collections.abc import Mapping, Sequence

from gatewright.policy import DELETE_VERBS, WRITE, Need, Risk, Severity

MEDIUM, HIGH, CRITICAL = Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL

ADMISSION = ("admissionregistration.k8s.io",)
CERTIFICATES = ("certificates.k8s.io",)
CHANGE = ("update", "patch")
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
WEBHOOKS = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
MUTATING = ("mutatingadmissionpolicies", "mutatingadmissionpolicybindings")
VALIDATING = ("validatingadmissionpolicies", "validatingadmissionpolicybindings")

CONTROLLERS: Mapping[str, Sequence[str]] = {
    "argoproj.io": (
        *("applications", "applicationsets", "appprojects"),
        *("workflows", "cronworkflows", "workflowtemplates", "clusterworkflowtemplates"),
    ),
    "external-secrets.io": (
        *("externalsecrets", "clusterexternalsecrets", "pushsecrets", "clusterpushsecrets"),
        *("secretstores", "clustersecretstores"),
    ),
    "helm.cattle.io": ("helmcharts", "helmchartconfigs"),
    "helm.toolkit.fluxcd.io": ("helmreleases",),
    "kustomize.toolkit.fluxcd.io": ("kustomizations",),
    "source.toolkit.fluxcd.io": (
        *("buckets", "externalartifacts", "gitrepositories", "helmcharts", "helmrepositories", "ocirepositories"),
    ),
    "tekton.dev": ("clustertasks", "customruns", "pipelineruns", "pipelines", "stepactions", "taskruns", "tasks"),
    "triggers.tekton.dev": (
        "clustertriggerbindings",
        "eventlisteners",
        "triggerbindings",
        "triggers",
        "triggertemplates",
    ),
}
"""Objects that tell a controller what to do, by API group."""


def controller_proxy(controllers: Mapping[str, Sequence[str]]) -> Risk:
    """The row of rbac-controller-proxy for controllers' objects, by API group."""
    return Risk(
        ways=tuple((Need(WRITE, tuple(resources), (group,)),) for group, resources in controllers.items()),
        lets="have a controller create {where} what it may and they may not, by {any:object} that tells it to",
        cluster=HIGH,
        namespaced=MEDIUM,
        instead="leave them the verbs get, list and watch of these objects",
        eases=False,
    )


CONTROL_PLANE: dict[str, Risk] = {
    "rbac-trust-bundle": Risk(
        ways=((Need(WRITE, ("clustertrustbundles",), CERTIFICATES), Need(("attest",), ("signers",), CERTIFICATES)),),
        lets="choose which certificate authorities programs trust, and so pass for any server",
        cluster=HIGH,
        namespaced=None,
        instead='drop the verb "attest", or name the one signer, and its bundles, in resourceNames',
    ),
    "rbac-pod-certificate": Risk(
        ways=((Need(("create",), ("podcertificaterequests",), CERTIFICATES),),),
        lets="ask {where} for a certificate of any pod, which a signer that does not look at the pod issues to them",
        cluster=MEDIUM,
        namespaced=MEDIUM,
        instead="leave it to kubelets, which ask for the pods of their node",
        forms=(
            Risk(
                ways=((
                    Need(CHANGE, ("podcertificaterequests/status",), CERTIFICATES),
                    Need(("sign",), ("signers",), CERTIFICATES),
                ),),
                lets="issue certificates to pods, in the name of whichever workload they like",
                cluster=MEDIUM,
                namespaced=None,
                instead='name the one signer in resourceNames of "signers"',
            ),
        ),
    ),
    "rbac-webhook-config": Risk(
        ways=((Need(DELETE_VERBS, WEBHOOKS, ADMISSION),),),
        lets="switch off what admission webhooks forbid: nobody is asked whose configuration is deleted",
        cluster=HIGH,
        namespaced=None,
        instead='name the configurations of its own in resourceNames, with the verb "delete"',
        forms=(
            Risk(
                ways=((Need(WRITE, WEBHOOKS, ADMISSION),),),
                lets="have all requests to the API server sent to a server of theirs, by {any:webhook configuration}",
                cluster=HIGH,
                namespaced=None,
                instead="leave them the verbs get, list and watch: a name does not narrow what is sent to a webhook",
                eases=False,
            ),
        ),
    ),
    "rbac-admission-policy": Risk(
        ways=((Need((*WRITE, *DELETE_VERBS), (*VALIDATING, *MUTATING), ADMISSION),),),
        lets="switch off what admission policies forbid",
        cluster=HIGH,
        namespaced=None,
        instead="leave them the verbs get, list and watch, or name their own policies in resourceNames",
        forms=(
            Risk(
                ways=((Need(WRITE, MUTATING, ADMISSION),),),
                lets="change every object on its way into the cluster, by {any:mutating policy or binding}",
                cluster=HIGH,
                namespaced=None,
                instead="leave them the verbs get, list and watch: a name does not narrow what a policy changes",
                eases=False,
            ),
        ),
    ),
    "rbac-crd": Risk(
        ways=((Need(DELETE_VERBS, ("customresourcedefinitions",), ("apiextensions.k8s.io",)),),),
        lets="delete the definition of {any:custom resource}, and all its objects with it",
        cluster=HIGH,
        namespaced=None,
        instead='name its own definitions in resourceNames, with the verb "delete"',
        forms=(
            Risk(
                ways=((Need(WRITE, ("customresourcedefinitions",), ("apiextensions.k8s.io",)),),),
                lets="read and change all objects of {any:custom resource}, by a conversion webhook of theirs",
                cluster=HIGH,
                namespaced=None,
                instead='split it: "create" alone, and "update" and "patch" with its own definitions in resourceNames',
            ),
        ),
    ),
    "rbac-apiservice": Risk(
        ways=((Need(DELETE_VERBS, ("apiservices",), ("apiregistration.k8s.io",)),),),
        lets="take parts of the API away, such as the metrics that autoscalers read",
        cluster=HIGH,
        namespaced=None,
        instead='name its own APIServices in resourceNames, with the verb "delete"',
        forms=(
            Risk(
                ways=((Need(WRITE, ("apiservices",), ("apiregistration.k8s.io",)),),),
                lets="have requests for parts of the API sent to a server of theirs, which reads and answers them",
                cluster=HIGH,
                namespaced=None,
                instead='split it: "create" alone, and "update" and "patch" with its own APIServices in resourceNames',
            ),
        ),
    ),
    "rbac-flow-control": Risk(
        ways=((
            Need(
                (*WRITE, *DELETE_VERBS),
                ("flowschemas", "prioritylevelconfigurations"),
                ("flowcontrol.apiserver.k8s.io",),
            ),
        ),),
        lets="have the API server keep others' requests waiting for theirs",
        cluster=MEDIUM,
        namespaced=None,
        instead="leave them the verbs get, list and watch",
    ),
    "rbac-system-config": Risk(
        ways=((Need(CHANGE, ("configmaps",), unnamed=True),),),
        lets="rewrite coredns, kube-proxy, kubeadm-config and aws-auth in kube-system: where names lead, who rules",
        cluster=HIGH,
        namespaced=HIGH,
        instead="name its own ConfigMaps in resourceNames, or bind it in its own namespace by a RoleBinding",
        only_in=("kube-system",),
        forms=(
            Risk(
                ways=((Need(CHANGE, ("configmaps",), names=("aws-auth",), named=True),),),
                lets="make themselves administrators of the cluster, by the ConfigMap kube-system/aws-auth",
                cluster=CRITICAL,
                namespaced=CRITICAL,
                instead='drop "aws-auth" from resourceNames',
                eases=False,
                only_in=("kube-system",),
            ),
            Risk(
                ways=((Need(CHANGE, ("configmaps",), names=("coredns", "kube-proxy", "kubeadm-config"), named=True),),),
                lets="rewrite settings of the control plane in kube-system, such as the answers to all name look-ups",
                cluster=HIGH,
                namespaced=HIGH,
                instead="drop them from resourceNames",
                eases=False,
                only_in=("kube-system",),
            ),
        ),
    ),
    "rbac-leases": Risk(
        ways=((Need((*CHANGE, *DELETE_VERBS), ("leases",), ("coordination.k8s.io",), unnamed=True),),),
        lets="stop the scheduler and the controllers, or have nodes taken for dead, by Leases {where}",
        cluster=MEDIUM,
        namespaced=MEDIUM,
        instead="name the one Lease that is its own in resourceNames, or bind it in its own namespace by a RoleBinding",
        only_in=("kube-system", "kube-node-lease"),
    ),
    "rbac-controller-proxy": controller_proxy(CONTROLLERS),
    "rbac-infrastructure": Risk(
        ways=(
            (Need(WRITE, ("csidrivers", "storageclasses", "volumeattachments"), ("storage.k8s.io",)),),
            (Need(WRITE, ("runtimeclasses",), ("node.k8s.io",)),),
        ),
        lets="change how nodes mount volumes and run containers",
        cluster=MEDIUM,
        namespaced=None,
        instead="leave them the verbs get, list and watch",
        forms=(
            Risk(
                ways=((Need(("use",), ("securitycontextconstraints",), ("security.openshift.io",)),),),
                lets="run pods {where} under {any:SecurityContextConstraints}, however much it permits",
                cluster=MEDIUM,
                namespaced=MEDIUM,
                instead='name one that is no more than "restricted-v2" in resourceNames, or drop "use"',
                eases=False,
            ),
            Risk(
                ways=((Need(METHODS, (), urls=True),),),
                lets="reach every URL of the API server that is no resource, its logs and profiles among them",
                cluster=MEDIUM,
                namespaced=None,
                instead='name the URLs that are needed, such as "/metrics"',
            ),
        ),
    ),
}  # fmt: skip
