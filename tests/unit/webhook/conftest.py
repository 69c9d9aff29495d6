import pytest


@pytest.fixture(autouse=True)
def _pod_security_alone(small_catalogue: None) -> None:
    """What is tested is the webhook, whatever the catalogue has."""
