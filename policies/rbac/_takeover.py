"""Rows of the catalogue by which somebody becomes somebody else, or runs code as them.

Sources by letter, as the policies' headers have them: G is Kubernetes' "RBAC Good Practices", C the CIS Kubernetes
Benchmark 5.1, U upstream's code or a KEP.
"""

from gatewright.policy import READ, WRITE, Need, Risk, Severity

LOW, MEDIUM, HIGH, CRITICAL = Severity

RBAC = ("rbac.authorization.k8s.io",)
EVERY = ("*",)

TAKEOVER: dict[str, Risk] = {
    "rbac-read-all": Risk(
        ways=((Need(READ, EVERY, unnamed=True),),),
        lets="read everything {where}, every Secret among it",
        cluster=CRITICAL,
        namespaced=MEDIUM,
        is_wildcard=True,
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
    "rbac-nodes-proxy": Risk(
        ways=((Need((*READ, *WRITE, "delete"), ("nodes/proxy",)),),),
        lets='run commands in every pod on every node ("get" is enough, over WebSocket), unseen by audit',
        cluster=CRITICAL,
        namespaced=None,
        instead='replace "nodes/proxy" with "nodes/metrics" or "nodes/pods"',
    ),
    "rbac-escalate": Risk(
        ways=tuple(
            (Need(("escalate",), (role,), RBAC), Need(WRITE, (role,), RBAC)) for role in ("clusterroles", "roles")
        ),
        lets="give themselves any permission {where}: they can write into a role what they do not have",
        cluster=CRITICAL,
        namespaced=HIGH,
        eases=False,
        instead='drop the verb "escalate": whoever writes roles can then write only what they have themselves',
    ),
}
