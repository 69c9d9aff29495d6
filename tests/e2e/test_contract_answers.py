"""What a real API server makes of each form of an answer, an impostor giving it: at kubectl, and where nothing is seen.

Accepted is every status from 200 to 206 with a body, of whatever size and with whatever fields besides. Everything else
that is no answer counts as a failed call: under Fail the person reads of an InternalError, whatever the webhook said,
and under Ignore the object is created, and only the audit event and a metric tell. 5xx and 429 with a `Retry-After` of
whole seconds are asked again, ten times and within the timeout; a connection that is lost is not. A denial keeps its
words, lines included, and a code from 400 to 599 is what it should have. A warning of several lines vanishes, and past
4,096 characters of all of them each is cut; so do those of exec, and annotations with a key that is no name.
"""

import json
from collections.abc import Iterator

import pytest
from controlplane import ControlPlane
from service import until

from tests.e2e.cluster import Said, a_pod, said
from tests.e2e.contract.answers import CASES, LINES
from tests.e2e.contract.exchange import denial, review
from tests.e2e.contract.registration import POLICIES, Contract, contract, events, notes_of, place
from tests.e2e.impostor import Answer

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.enable_socket,
    # One is enough: how an answer is read is no feature of a version.
    pytest.mark.parametrize("plane", [""], indirect=True, ids=["v1.37"]),
]

KUBELET = "127.0.0.1:1"


@pytest.fixture(name="registered", scope="module")
def _registered(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    with contract(plane, tmp_path_factory.mktemp("contract")) as registered:
        yield registered


@pytest.fixture(name="placed")
def _placed(registered: Contract) -> Iterator[str]:
    """A Pod on a node, where nothing listens: the API server upgrades the connection before it tries."""
    plane, (host, _, port) = registered.plane, KUBELET.partition(":")
    address, kubelet = {"type": "InternalIP", "address": host}, {"kubeletEndpoint": {"Port": int(port)}}
    status = json.dumps({"status": {"addresses": [address], "daemonEndpoints": kubelet}})
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "contract"}}
    pod = a_pod(place("Fail"), "placed", {"spec.nodeName": "contract"})
    until(lambda: plane.kubectl("get", "serviceaccount", "default", "-n", place("Fail")).returncode == 0)
    plane.kubectl("create", "-f", "-", input=f"{json.dumps(node)}\n---\n{json.dumps(pod)}", check=True)
    plane.kubectl("patch", "node", "contract", "--subresource=status", "-p", status, check=True)
    yield "placed"
    plane.kubectl("delete", "pod", "placed", "-n", place("Fail"), "--grace-period=0", "--force", check=True)
    plane.kubectl("delete", "node", "contract", check=True)


@pytest.mark.parametrize("case", CASES)
def test_what_comes_of_an_answer(registered: Contract, case: str) -> None:
    before = registered.counted()
    for number, exchange in enumerate(CASES[case]):
        for policy in POLICIES:
            outcome = registered.create(policy, f"{case}-{number}", exchange.answers)
            assert (outcome, tuple(registered.impostor.calls)) == (exchange.under(policy), exchange.calls)
    failures = sum(exchange.is_failure for exchange in CASES[case])
    assert registered.counted() == (before[0] + failures, before[1] + failures)


def test_what_comes_of_an_answer_to_exec(registered: Contract, placed: str) -> None:
    """The answer arrives with an upgrade of the connection, which has no room for a warning."""
    exec_ = ("exec", placed, "-n", place("Fail"), "--", "id")
    url = f"https://{KUBELET}/exec/{place('Fail')}/{placed}/app?command=id&error=1&output=1"
    no_kubelet = f'Internal error occurred: error sending request: Post "{url}": dial tcp {KUBELET}: connect: '
    registered.impostor.give([Answer(review(warnings=["unseen"], auditAnnotations={"seen": "yes"}))])
    assert said(registered.plane, *exec_) == Said(1, "", f"error: {no_kubelet}connection refused\n")
    assert registered.impostor.calls == ["POST"]
    until(lambda: events(registered.plane, "get", place("Fail"), placed, "exec"))
    [event] = events(registered.plane, "get", place("Fail"), placed, "exec")
    assert (event["responseStatus"]["code"], notes_of(event)) == (101, {"fail.contract.example/seen": "yes"})
    registered.impostor.give([denial(message=LINES, code=403)])
    refused = 'error: unable to upgrade connection: admission webhook "fail.contract.example" denied the request: '
    assert said(registered.plane, *exec_) == Said(1, "", f"{refused}{LINES}\n")
    assert registered.impostor.calls == ["POST", "POST"]
