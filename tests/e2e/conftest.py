from collections.abc import Iterator

import pytest
from controlplane import ControlPlane

from tests.e2e.cluster import POD_SECURITY_ALONE, Cluster, serving


@pytest.fixture(name="plane", scope="session", params=["", "1.34"], ids=["v1.37", "as-v1.34"])
def _plane(request: pytest.FixtureRequest) -> Iterator[ControlPlane]:
    """One API server of each version for all; its own pod security is off, so that what is said is ours."""
    with ControlPlane(emulate=request.param, disable=["PodSecurity"]) as plane:
        yield plane


@pytest.fixture(name="enforcing", scope="module")
def _enforcing(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with serving(plane, "overlays/enforce", tmp_path_factory.mktemp("enforcing"), POD_SECURITY_ALONE) as cluster:
        yield cluster


@pytest.fixture(name="observing", scope="module")
def _observing(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with serving(plane, "base", tmp_path_factory.mktemp("observing"), POD_SECURITY_ALONE) as cluster:
        yield cluster
