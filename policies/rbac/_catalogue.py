"""The catalogue of permissions that are dangerous: one row a policy, which the policy of that name judges."""

from gatewright.policy import Risk

from ._cluster import CLUSTER
from ._takeover import TAKEOVER

RISKS: dict[str, Risk] = TAKEOVER | CLUSTER
