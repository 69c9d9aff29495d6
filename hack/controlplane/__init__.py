"""A real control plane on loopback, for tests and for trying things out: etcd, kube-apiserver, kube-controller-manager.

    with ControlPlane(emulate="1.34", disable=["PodSecurity"]) as plane:
        plane.kubectl("create", "namespace", "shop", check=True)

Here belongs what finds or builds those programs, starts, uses and stops them. Nothing here knows Gatewright. Only the
standard library and cryptography are imported, and no kubeconfig but the plane's own is read or written.
"""

from controlplane.failure import Failed
from controlplane.plane import ControlPlane, Plane

__all__ = ["ControlPlane", "Failed", "Plane"]
