"""Running pods, services and nodes are reached through the API server by those alone who may.

Fields:  the requests of kubectl exec, attach and port-forward, and of the proxies of pods, services and nodes: who
         asks, for what, and the images that the pod runs
Allowed: users of `allowedUsers` and groups of `allowedGroups`; where `allowedImages` is set, only of pods whose images
         are all of those, or whose container that is asked for is. Everybody in a namespace of `allowedNamespaces`;
         nodes are in none
Why:     a shell in a container has what the container has: its account, its secrets, its network. What is forwarded or
         proxied passes every NetworkPolicy, and the proxy of a node is its kubelet, which runs commands in all of its
         pods. None of it leaves a trace in an object.
Source:  core/v1 PodExecOptions, PodAttachOptions, PodPortForwardOptions, PodProxyOptions, ServiceProxyOptions,
         NodeProxyOptions
Maps:    CIS 5.1.10; NSA/CISA "Authentication and authorization"
"""

from gatewright.policy import CONNECT, Connect, Pod, Severity, Store, User, Violation, Violations, policy, quote

from ._access import Reaching

DONE = {
    ("pods", "exec"): "run commands in pod",
    ("pods", "attach"): "attach to pod",
    ("pods", "portforward"): "forward ports of pod",
    ("pods", "proxy"): "send requests to pod",
    ("services", "proxy"): "send requests to service",
    ("nodes", "proxy"): "send requests to the kubelet of node",
}
"""What somebody does who connects, in words that the name follows."""


@policy(severity=Severity.HIGH, on={CONNECT})
def interactive_access(connect: Connect, params: Reaching, user: User | None, pods: Store[Pod]) -> Violations:
    done = DONE.get((connect.resource, connect.subresource))
    if done is None or params.is_open(connect.namespace):
        return
    what = f"{done} {quote(connect.name)}"
    if user is None or not params.allows(user):
        who = quote(user.name) if user else "somebody who is not known"
        yield Violation(connect, "", f"{who} may not {what}")
    if connect.resource == "pods" and params.allowed_images is not None:
        for fault in _faults(pods.get(connect.namespace, connect.name), connect.options.get("container"), params):
            yield Violation(connect, "", f"nobody may {what}, {fault}")


def _faults(pod: Pod | None, name: object, params: Reaching) -> list[str]:
    """What is wrong with the images that are reached: that of the container of this name, or else all of the pod's."""
    if pod is None:
        return ["whose images are not known"]
    reached = [container for container in pod.containers if container.name == name] or pod.containers
    faults = ((container, params.fault(container)) for container in reached)
    return [f"whose {container.label} {fault}" for container, fault in faults if fault]
