from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.harness import Served, serving, until
from tests.unit.webhook import builders

MODES = "policies: {raises: enforce, noted: audit, slow: enforce, too-late: enforce}"


@pytest.fixture(name="webhook", scope="module")
def _webhook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One process for all; at the end every answer it gave is accounted for."""
    folder: Path = tmp_path_factory.mktemp("answers")
    own = folder / "own"
    builders.policy(own, "raises", "Service", 'raise RuntimeError("s3cret")')
    builders.policy(own, "noted", "Endpoints", 'yield Violation(resource.node, "metadata.name", "a name is given")')
    builders.policy(own, "slow", "ConfigMap", "time.sleep(1.1); yield from ()")
    builders.policy(own, "too_late", "ConfigMap", "yield from ()")
    with serving(folder, f"policyFolders: [{own}]\n{MODES}\n") as served:
        yield served
        assert served.statuses
        assert max(served.statuses) < 500
        until(lambda: len(served.lines) > len(served.statuses))
        assert [line["msg"] for line in served.lines] == ["serving", *["decision"] * len(served.statuses)]
        assert served.metric("gatewright_review_duration_seconds_count") == len(served.statuses)
        assert "s3cret" not in served.log.read_text()
        assert "Traceback" not in served.log.read_text()
