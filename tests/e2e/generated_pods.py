"""Pods by chance: a careful or a plain one, and a few changes, each of a field that a pod-security check reads.

Nearly all are pods that the API server's own validation takes: what it refuses, no admission plugin is asked about.
"""

import json
from collections.abc import Iterable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.e2e.pod_changes import ANY_OS, LINUX, OF_CONTAINERS, Draw, Object, containers_of


def careful() -> Object:
    """A pod that the restricted level allows."""
    context = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    spec = {"securityContext": context, "containers": [careful_container("c0")]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}


def careful_container(name: str) -> Object:
    """A container that the restricted level allows in a careful pod."""
    context = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    return {"name": name, "image": "registry.example/a:1", "securityContext": context}


@st.composite
def pods(draw: Draw) -> Object:
    """A Pod to create: containers and init containers, for Linux, Windows or neither."""
    pod = careful()
    names = {"containers": draw(st.integers(1, 2)), "initContainers": draw(st.integers(0, 2))}
    for field, number in names.items():
        if number:
            pod["spec"][field] = [careful_container(f"{field[0]}{index}") for index in range(number)]
    is_plain = draw(st.sampled_from([False, False, True]))
    is_windows = draw(st.sampled_from([False] * 7 + [True]))
    if is_plain or is_windows:
        for holder in (pod["spec"], *containers_of(pod)):
            del holder["securityContext"]
    if is_windows:
        pod["spec"]["os"] = {"name": "windows"}
    chosen = st.lists(st.sampled_from(ANY_OS if is_windows else LINUX), min_size=1, max_size=5)
    for change in draw(chosen):
        change(draw, pod, draw(st.sampled_from(containers_of(pod))))
    return pod


@st.composite
def ephemeral_containers(draw: Draw) -> Object:
    """An ephemeral container to add to a careful pod."""
    container = careful_container("debugger")
    for change in draw(st.lists(st.sampled_from(OF_CONTAINERS), min_size=1, max_size=4)):
        change(draw, {"spec": container}, container)  # what is the pod's own cannot come with it
    return container


def examples(strategy: st.SearchStrategy[Object], number: int, start: int) -> Iterable[Object]:
    """The different ones among so many of a strategy; the same ones for the same seed."""
    found: dict[str, Object] = {}

    @seed(start)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: Object) -> None:
        found.setdefault(json.dumps(example), example)

    collect()
    return found.values()
