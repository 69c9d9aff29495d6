"""A policy that never returns: the process is replaced, and the policy is an error in its mode from then on."""

import contextlib
import http.client
import ssl
import textwrap
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.builders import pod
from tests.service.harness import PATIENCE, Served, serving, until
from tests.unit.webhook.builders import review

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

HANGS = '''
"""A pod that is called hang is looked at for ever.

Fields:  metadata.name
Allowed: every other name
Why:     it is what is tested.
"""

from gatewright.policy import Pod, Severity, Violations, policy


@policy(severity=Severity.LOW)
def hangs(pod: Pod) -> Violations:
    while pod.metadata.name == "hang":
        pass
    yield from ()
'''

ASKED = "quarantined: it did not return"


def configuration(folder: Path, mode: str) -> str:
    own = folder / "own"
    own.mkdir()
    (own / "hangs.py").write_text(textwrap.dedent(HANGS))
    return f"{{policyFolders: [{own}], profile: observe, policies: {{'*': off, hangs: {mode}}}}}"


def asked(served: Served, name: str, number: int = 0) -> dict[str, Any]:
    """The response of the process that came up as that one."""
    url = urlsplit(until(lambda: [line for line in served.lines if line["msg"] == "serving"][number:])[0]["webhook"])
    context = ssl.create_default_context(cafile=served.ca)
    connection = http.client.HTTPSConnection("localhost", url.port, context=context, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("POST", "/validate?timeout=10s", review(object=pod({"metadata.name": name}), name=name))
        answer: dict[str, Any] = msgspec.json.decode(connection.getresponse().read())["response"]
    return answer


@pytest.mark.parametrize("mode", ["enforce", "warn"])
def test_it_is_replaced_and_the_policy_quarantined(tmp_path: Path, mode: str) -> None:
    with serving(tmp_path, configuration(tmp_path, mode)) as served:
        assert asked(served, "web")["allowed"]
        with pytest.raises((http.client.HTTPException, OSError)):
            asked(served, "hang")
        answer = asked(served, "web", 1)
        told = [(line["level"], line["msg"], line.get("policy")) for line in served.lines if line["level"] == "error"]
        again = asked(served, "hang", 1)
    sentence = (
        "gatewright could not decide (hangs is quarantined: it did not return); this is not a fault of your manifest"
    )
    assert answer["allowed"] is again["allowed"] is (mode == "warn")
    assert sentence in (answer["warnings"][0] if mode == "warn" else answer["status"]["message"])
    assert told == [
        ("error", "a policy does not return: the process is replaced, and it is quarantined until a restart", "hangs"),
        ("error", "a policy is quarantined: it did not return", "hangs"),
    ]
