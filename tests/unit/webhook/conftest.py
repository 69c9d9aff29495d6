from pathlib import Path

import pytest

from gatewright.engine import catalog


@pytest.fixture(autouse=True)
def _pod_security_alone(pod_security_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested is the webhook, whatever the catalogue has."""
    monkeypatch.setattr(catalog, "built_in", lambda: pod_security_folder)
