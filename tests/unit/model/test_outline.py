import copy
import operator
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gatewright.model import outline
from gatewright.model.container import Container
from gatewright.model.outline import LeftOut, outline_of, outlined
from gatewright.model.pod import CONTAINER_LISTS, Pod, PodTemplate
from gatewright.model.schema import decode
from tests.builders import Object, encoded
from tests.unit.model.rich_objects import rich


def made(document: Object) -> Pod:
    """The Pod of a document that has no workload."""
    return Pod(decode(PodTemplate, encoded(document)), "shop", False, lambda: document)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of the scalars of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from leaves(item, (*path, key))
    if not isinstance(value, dict | list):
        yield path


def other(value: Any) -> Any:
    """Another value of the same type."""
    return f"{value}x" if isinstance(value, str) else not value if isinstance(value, bool) else value + 1


def differs(path: tuple[Any, ...]) -> bool:
    """Whether another value at a path of a rich Pod makes another outline."""
    document = rich("Pod")
    changed = copy.deepcopy(document)
    *above, last = path
    where = changed
    for step in above:
        where = where[step]
    where[last] = other(where[last])
    return outline_of(made(document)) != outline_of(made(changed))


def written(path: tuple[Any, ...]) -> str:
    """A path without the indexes in it, containers of any list as one."""
    names = [step for step in path if isinstance(step, str)]
    return ".".join("containers" if name in CONTAINER_LISTS else name for name in names)


UNMODELLED = {
    "apiVersion", "kind", "metadata.managedFields.manager", "spec.tolerations.tolerationSeconds",
    "spec.containers.volumeMounts.subPath", "spec.containers.env.valueFrom.fieldRef.fieldPath",
    "spec.containers.envFrom.configMapRef.name", "spec.volumes.projected.sources.serviceAccountToken.path",
    "spec.containers.securityContext.appArmorProfile.localhostProfile",
    "spec.containers.securityContext.seccompProfile.localhostProfile",
    "spec.containers.securityContext.windowsOptions.gmsaCredentialSpecName",
    "spec.securityContext.appArmorProfile.localhostProfile", "spec.securityContext.seccompProfile.localhostProfile",
    "spec.securityContext.windowsOptions.gmsaCredentialSpecName",
}  # fmt: skip
LEFT_OUT = {
    "metadata.name", "metadata.generateName", "metadata.namespace", "metadata.labels.app",
    "metadata.annotations.container.apparmor.security.beta.kubernetes.io/app",
    "metadata.ownerReferences.name", "metadata.ownerReferences.uid",
    "spec.containers.name", "spec.containers.image", "spec.containers.args", "spec.containers.command",
    "spec.containers.env.name", "spec.containers.env.value",
    "spec.containers.env.valueFrom.secretKeyRef.name", "spec.containers.env.valueFrom.secretKeyRef.key",
    "spec.containers.volumeMounts.name", "spec.containers.volumeMounts.mountPath",
    "spec.containers.volumeMounts.readOnly", "spec.nodeSelector.a", "spec.volumes.name",
}  # fmt: skip


def test_whatever_is_modelled_and_not_left_out_makes_another_outline() -> None:
    paths = list(leaves(rich("Pod")))
    assert {written(path) for path in paths if not differs(path)} == UNMODELLED | LEFT_OUT


@pytest.mark.parametrize("where", ["init_containers", "containers", "ephemeral_containers"])
@pytest.mark.parametrize("name", ["name", "image", "args", "command", "env", "volume_mounts"])
def test_what_is_left_out_of_a_container_is_a_trap(where: str, name: str) -> None:
    container: Container = getattr(outlined(made(rich("Pod"))).spec, where)[0]
    with pytest.raises(LeftOut):
        getattr(container, name)


@pytest.mark.parametrize(
    "asked",
    [
        lambda pod: pod.raw,
        lambda pod: pod.images,
        lambda pod: pod.metadata.name,
        lambda pod: pod.metadata.generate_name,
        lambda pod: pod.metadata.namespace,
        lambda pod: pod.metadata.owner_references[0].name,
        lambda pod: pod.metadata.owner_references[0].uid,
        lambda pod: pod.metadata.labels == {"app": "web"},
        lambda pod: pod.metadata.labels["app"] in {"web"},
        lambda pod: [value for _, value in pod.metadata.annotations.items() if value],
        lambda pod: pod.spec.node_selector.get("a") == "b",
        lambda pod: pod.spec.volumes[0].name,
    ],
)
def test_so_is_the_rest(asked: Callable[[Pod], object]) -> None:
    before = LeftOut.raised
    with pytest.raises(LeftOut):
        asked(outlined(made(rich("Pod"))))
    assert LeftOut.raised > before


def test_what_is_there_is_as_in_the_pod() -> None:
    pod = made(rich("Pod"))
    bare = outlined(pod)
    assert bare.containers[0].security_context == pod.containers[0].security_context
    assert bare.containers[0].resources == pod.containers[0].resources
    assert bare.spec.volumes[0].sources == pod.spec.volumes[0].sources
    assert (list(bare.metadata.labels), list(bare.spec.node_selector)) == (["app"], ["a"])
    assert [owner.controller for owner in bare.metadata.owner_references] == [True]
    assert bare.containers[1].label == "\0001\0"
    assert (bare.namespace, bare.is_template, bare.workload) == ("shop", False, None)


def test_equal_amounts_of_other_types_make_other_outlines() -> None:
    amounts = [2, 2.0, "2", 2**60, float(2**60)]
    pods = [{"spec": {"containers": [{"resources": {"limits": {"memory": amount}}}]}} for amount in amounts]
    assert len({outline_of(made(one)) for one in pods}) == len(amounts)


def test_a_workload_has_its_own_labels() -> None:
    pod = made(rich("Pod"))
    workload = Pod(pod.template, "shop", True, dict, pod.metadata)
    assert outlined(workload).workload is not None
    assert outline_of(workload) != outline_of(Pod(pod.template, "shop", True, dict))


@pytest.mark.parametrize(
    "asked",
    [
        bool, len, iter, str, repr, hash, int, float, list, operator.index, operator.neg,
        lambda it: it.name,
        lambda it: it == 1,
        lambda it: it < 1,
        lambda it: 1 in it,
        lambda it: it[0],
        lambda it: f"{it}",
        lambda it: it - 1,
        lambda it: 1 - it,
    ],
)  # fmt: skip
def test_of_the_unknown_nothing_can_be_asked(asked: Callable[[Any], object]) -> None:
    with pytest.raises(LeftOut):
        asked(outline.UNKNOWN)


def test_but_whether_it_is_there() -> None:
    assert outline.UNKNOWN is not None
