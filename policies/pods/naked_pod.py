"""Pods have a controller.

Fields:  metadata.ownerReferences[*].controller of a Pod when it is created
Allowed: an owner that is the controller; anything in a namespace of `allowedNamespaces`. The mirror of a static pod is
         its Node's. An owner is taken at its word: the garbage collector deletes a Pod whose owner does not exist, but
         one that is there need not control it
Why:     nothing replaces a Pod of its own when its node fails or is drained, and nobody declared that it should be
         there: it is what is left of a debugging session, or of an intruder.
Source:  Kubernetes documentation, "Configuration Best Practices"
"""

from gatewright.policy import CREATE, Globs, Params, Pod, Severity, Violation, Violations, policy


class NakedPod(Params):
    """`allowedNamespaces`: where Pods need no controller."""

    allowed_namespaces: Globs = Globs()


@policy(severity=Severity.LOW, on={CREATE})  # a controller lets go of a Pod by an UPDATE, and must be able to
def naked_pod(pod: Pod, params: NakedPod) -> Violations:
    if pod.is_template or params.allowed_namespaces.match(pod.namespace or ""):
        return
    if not any(owner.controller for owner in pod.metadata.owner_references):
        message = "the Pod has no controller that replaces it: use a Deployment or a Job"
        yield Violation(pod.metadata, "ownerReferences", message)
