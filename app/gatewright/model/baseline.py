"""The roles and bindings that every cluster has."""

from typing import Any

from gatewright.model.rbac_subjects import AnyBinding, AnyRole
from gatewright.model.version import KubernetesVersion


def objects(version: KubernetesVersion) -> tuple[dict[str, Any], ...]:
    """Whole manifests."""
    return ()


def is_bootstrap(item: AnyRole | AnyBinding, version: KubernetesVersion) -> bool:
    """Whether it is one of them, as it was made."""
    return False
