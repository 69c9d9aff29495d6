"""Every policy on pods fails in every kind that carries one, and in every list where its field can stand.

That its cases are as expected there is told by tests/unit/test_cases.py.
"""

from pathlib import Path

import pytest

from gatewright.engine.cases import CaseFile
from gatewright.engine.minimal import KINDS, Variant, variants
from gatewright.engine.reading import the_document, validate
from gatewright.model.pod import CONTAINER_LISTS, Pod
from tests.builders import built_in

CASES = Path(__file__).parents[2] / "policies"
ENTRIES = {id_: entry for id_, entry in built_in().entries.items() if Pod in entry.policy.subjects}

FEW_KINDS = {
    "default-namespace": "a case changes the pod, and the namespace is the workload's: whole objects stand for all",
    "ephemeral-containers": "only a Pod is given them: no template keeps any",
    "naked-pod": "only a Pod has no workload",
}
"""The policies that do not fail in every kind."""

THE_POD_AS_A_WHOLE = frozenset({
    *("container-runtime-socket", "control-plane-placement", "default-namespace", "default-service-account"),
    *("host-aliases", "host-namespaces", "host-path-volumes", "image-volume", "naked-pod", "namespace-default-deny"),
    *("namespace-quota", "node-name", "priority-class", "restricted-volumes", "runtime-class"),
    *("service-account-token", "share-process-namespace", "sysctls", "user-namespace"),
})  # fmt: skip
"""The policies that read no container."""

SCHEDULED = {"initContainers", "containers"}

FEW_LISTS = {
    "ephemeral-containers": {"ephemeralContainers"},  # it is about them
    "probes": SCHEDULED,  # the API server refuses probes of the others
    "resource-requests-limits": SCHEDULED,  # and resources
}
"""Where the fields of the other policies can stand, but for those that can in all lists."""


def failing(id_: str) -> list[list[Variant]]:
    """The objects of each case that fails."""
    entry = ENTRIES[id_]
    document = the_document((CASES / entry.subject / f"{entry.file.stem}.yaml").read_bytes(), id_)
    found = []
    for case in validate(CaseFile, document, {}).cases:
        lists = case.lists or CONTAINER_LISTS
        objects = list(variants(entry.policy, case.set, case.old, case.object, case.kinds, lists))
        if case.expect:
            found.append(objects)
    return found


@pytest.mark.parametrize("id_", ENTRIES)
def test_it_fails_in_every_kind(id_: str) -> None:
    in_all = any({one.kind.kind for one in objects} >= KINDS.keys() for objects in failing(id_))
    assert in_all == (id_ not in FEW_KINDS)


@pytest.mark.parametrize("id_", sorted(ENTRIES.keys() - THE_POD_AS_A_WHOLE))
def test_it_fails_in_every_list(id_: str) -> None:
    wanted = FEW_LISTS.get(id_, set(CONTAINER_LISTS))
    kinds = {"Pod"} if id_ in FEW_KINDS else KINDS.keys()
    everywhere = {(kind, name) for kind in kinds for name in wanted}
    found = [{(one.kind.kind, one.list_name) for one in objects} for objects in failing(id_)]
    assert any(objects >= everywhere for objects in found)
    assert {name for objects in found for _, name in objects} == wanted


@pytest.mark.parametrize("id_", sorted(THE_POD_AS_A_WHOLE))
def test_it_reads_no_container(id_: str) -> None:
    assert not any(one.list_name != "containers" for objects in failing(id_) for one in objects)
    assert "containers" not in ENTRIES[id_].policy.check.__code__.co_names


@pytest.mark.parametrize("kept", [FEW_KINDS, THE_POD_AS_A_WHOLE, FEW_LISTS])
def test_what_is_left_out_is_a_policy(kept: dict[str, str] | frozenset[str]) -> None:
    assert ENTRIES.keys() >= set(kept)
