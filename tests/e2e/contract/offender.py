"""A Pod that violates four policies, out of the order that they are told in."""

from tests.builders import Changes

WRONG: Changes = {
    "spec.hostNetwork": True,
    "spec.securityContext.sysctls": [{"name": "kernel.msgmax", "value": "1"}],
    "spec.containers[0].securityContext.capabilities.add": ["SYS_ADMIN"],
    "spec.containers[0].ports": [{"containerPort": 81, "hostPort": 81}],
}
ADDS = 'container "app" adds capability "SYS_ADMIN"'
RESTRICTED = f'Warning: would violate PodSecurity "restricted:latest": unrestricted capabilities ({ADDS})\n'
VIOLATIONS = """Pod wrong/offender: 4 violations, 1 warning [decision ID]
 1. host-ports (high): container "app" uses host port 81
    at spec.containers[0].ports[0].hostPort = 81
    fix: remove it
 2. capabilities-baseline (high): container "app" adds capability "SYS_ADMIN"
    at spec.containers[0].securityContext.capabilities.add[0]
    fix: remove it
 3. host-namespaces (high): the pod must not set hostNetwork to true
    at spec.hostNetwork = true
    fix: set it to false
 4. sysctls (medium): sysctl "kernel.msgmax" is not allowed
    at spec.securityContext.sysctls[0]
    fix: remove it
"""
CAUSES = [
    ("host-ports", "spec.containers[0].ports[0].hostPort", 'container "app" uses host port 81'),
    ("capabilities-baseline", "spec.containers[0].securityContext.capabilities.add[0]", ADDS),
    ("host-namespaces", "spec.hostNetwork", "the pod must not set hostNetwork to true"),
    ("sysctls", "spec.securityContext.sysctls[0]", 'sysctl "kernel.msgmax" is not allowed'),
]
