"""Rows of the catalogue by which somebody runs code as somebody else, or reads their credentials.

Sources by letter, as the policies' headers have them: G is Kubernetes' "RBAC Good Practices", C the CIS Kubernetes
Benchmark 5.1, U upstream's code or a KEP.
"""

from gatewright.policy import READ, WRITE, Need, Risk, Severity, V, is_all, is_untold

from ._identity import IDENTITY

LOW, MEDIUM, HIGH, CRITICAL = Severity

EVERY = ("*",)
PROXIED = (*READ, *WRITE, "delete")
"""The verbs of what goes through a proxy, by its HTTP method."""
CHANGE = ("update", "patch")
BEFORE_1_35 = V(1, 35)
"""From then on a WebSocket asks for create as well (AuthorizePodWebsocketUpgradeCreatePermission)."""

TAKEOVER: dict[str, Risk] = IDENTITY | {
    "rbac-all": Risk(
        ways=((Need(EVERY, EVERY, unnamed=True),),),
        lets="do everything {where}",
        cluster=CRITICAL,
        namespaced=HIGH,
        rises=True,
        told_by=is_untold,
        instead="name the groups, resources and verbs that are needed",
    ),
    "rbac-write-all": Risk(
        ways=((Need(WRITE, EVERY, ("", "apps", "batch"), unnamed=True),),),
        lets="write every kind of thing {where}, and so run pods there as any ServiceAccount",
        cluster=CRITICAL,
        namespaced=HIGH,
        rises=True,
        told_by=is_all,
        instead="name the resources that are written",
    ),
    "rbac-read-all": Risk(
        forms=(
            Risk(
                ways=((Need(("get",), EVERY, unnamed=True),),),
                lets="read everything {where}, every Secret among it, and run commands in every pod, "
                'since "get" of nodes/proxy is enough for that',
                cluster=CRITICAL,
                namespaced=None,
                told_by=is_all,
                instead="name the resources that are needed",
            ),
        ),
        ways=((Need(READ, EVERY, unnamed=True),),),
        lets="read everything {where}, every Secret among it",
        cluster=CRITICAL,
        namespaced=MEDIUM,
        rises=True,
        told_by=is_all,
        instead="name the resources that are needed",
    ),
    "rbac-secret-read": Risk(
        ways=((Need(READ, ("secrets",), unnamed=True),),),
        lets="read every Secret {where}",
        cluster=HIGH,
        namespaced=MEDIUM,
        rises=True,
        instead="name the Secrets that are needed in resourceNames, with the verb get alone",
    ),
    "rbac-secret-mint": Risk(
        forms=(
            Risk(
                ways=(
                    (Need(("create",), ("secrets",)), Need(READ, ("secrets",))),
                    (Need(("create",), ("secrets",)), Need(("create",), ("pods",))),
                ),
                lets="get a lasting token of any ServiceAccount {where}, in a Secret that they create for it",
                cluster=HIGH,
                namespaced=MEDIUM,
                rises=True,
                instead="create Secrets without reading them, neither so nor in a pod, and read others by name",
            ),
        ),
        ways=((Need(CHANGE, ("secrets",), unnamed=True),),),
        lets="change every Secret {where}: passwords, keys, and the tokens with which nodes join",
        cluster=HIGH,
        namespaced=MEDIUM,
        rises=True,
        instead="name the Secrets that are changed in resourceNames, and leave create in a rule of its own",
    ),
    "rbac-token-request": Risk(
        ways=((Need(("create",), ("serviceaccounts/token",)),),),
        lets="get a token of {any:ServiceAccount} {where}, and so do whatever it may",
        cluster=CRITICAL,
        namespaced=MEDIUM,
        rises=True,
        instead="name the ServiceAccounts in resourceNames",
    ),
    "rbac-workload": Risk(
        ways=(
            (Need(("create",), ("pods",)),),
            (Need(WRITE, ("replicationcontrollers",)),),
            (Need(WRITE, ("deployments", "daemonsets", "statefulsets", "replicasets"), ("apps",)),),
            (Need(WRITE, ("jobs", "cronjobs"), ("batch",)),),
        ),
        lets="run pods {where}, as any ServiceAccount and with every Secret there",
        cluster=HIGH,
        namespaced=MEDIUM,
        rises=True,
        instead="give that in a namespace which holds nothing else, by a RoleBinding",
    ),
    "rbac-pod-patch": Risk(
        ways=((Need(CHANGE, ("pods",)),),),
        lets="run code of theirs in {any:pod} {where}, by giving it another image",
        cluster=HIGH,
        namespaced=MEDIUM,
        rises=True,
        instead='drop the verbs "update" and "patch" on pods: a pod is changed through what owns it',
    ),
    "rbac-exec": Risk(
        forms=(
            Risk(
                ways=((Need(("create",), ("pods/exec", "pods/attach")),),),
                lets="run commands in {any:pod} {where}, as its ServiceAccount and with its Secrets",
                cluster=HIGH,
                namespaced=MEDIUM,
                rises=True,
                instead='drop "pods/exec" and "pods/attach", or give them in the one namespace that needs them',
            ),
        ),
        ways=((Need(("get",), ("pods/exec", "pods/attach"), before=BEFORE_1_35),),),
        lets='run commands in {any:pod} {where} ("get" is enough, over WebSocket), as its ServiceAccount',
        cluster=HIGH,
        namespaced=MEDIUM,
        rises=True,
        instead='drop "pods/exec" and "pods/attach"',
    ),
    "rbac-ephemeral": Risk(
        ways=((Need(CHANGE, ("pods/ephemeralcontainers",)),),),
        lets="run a container of theirs inside {any:pod} {where}",
        cluster=HIGH,
        namespaced=MEDIUM,
        rises=True,
        instead='drop "pods/ephemeralcontainers", or give it in the one namespace that needs it',
    ),
    "rbac-tunnel": Risk(
        forms=(
            Risk(
                ways=(
                    (Need(("create",), ("pods/portforward",)),),
                    (Need(("get",), ("pods/portforward",), before=BEFORE_1_35),),
                ),
                lets="reach each port of {any:pod} {where}, whatever a NetworkPolicy says",
                cluster=MEDIUM,
                namespaced=LOW,
                instead='drop "pods/portforward"',
            ),
        ),
        ways=((Need(PROXIED, ("pods/proxy", "services/proxy")),),),
        lets="send requests to {any:pod or Service} {where}, whatever a NetworkPolicy says",
        cluster=MEDIUM,
        namespaced=LOW,
        instead='name the Services in resourceNames of "services/proxy", and drop "pods/proxy"',
    ),
    "rbac-nodes-proxy": Risk(
        ways=((Need(PROXIED, ("nodes/proxy",)),),),
        lets='run commands in every pod on {every:node} ("get" is enough, over WebSocket), unseen by audit',
        cluster=CRITICAL,
        namespaced=None,
        instead='replace "nodes/proxy" with "nodes/metrics" or "nodes/pods"',
    ),
    "rbac-node-data": Risk(
        forms=(
            Risk(
                ways=((Need(("create",), ("nodes/checkpoint",)),),),
                lets="copy the memory of every container on every node, with the keys and passwords in it",
                cluster=MEDIUM,
                namespaced=None,
                instead='drop "nodes/checkpoint"',
            ),
        ),
        ways=(
            (
                Need(
                    ("get",),
                    ("nodes/log", "nodes/configz", "nodes/pods", "nodes/stats", "nodes/healthz", "nodes/statusz"),
                ),
            ),
        ),
        lets="read what each node logs, how it is set up and what runs there",
        cluster=MEDIUM,
        namespaced=None,
        instead='replace it with "nodes/metrics"',
    ),
}  # fmt: skip
