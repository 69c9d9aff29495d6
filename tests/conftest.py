import pytest

from tests.pod_security_alone import pod_security_folder, small_catalogue

__all__ = ["pod_security_folder", "small_catalogue"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need a control plane come last: while the others run, what is not here yet of it is built.

    The order is random otherwise.
    """
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)
