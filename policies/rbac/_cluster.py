"""Rows of the catalogue by which the cluster itself is changed, spied on or destroyed.

Sources by letter, as the policies' headers have them: G is Kubernetes' "RBAC Good Practices", C the CIS Kubernetes
Benchmark 5.1, U upstream's code or a KEP.
"""

from gatewright.policy import Risk

CLUSTER: dict[str, Risk] = {}
