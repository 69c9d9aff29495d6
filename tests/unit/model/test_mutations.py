"""Values of wrong types, 5,000 of them: each is told with its place, or is read as a second reading has it."""

import json
import random
import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from gatewright.engine.decision import Failure
from gatewright.engine.minimal import put
from gatewright.model.cluster import Namespace
from gatewright.model.path import Path, find, render
from gatewright.model.pod import CONTAINER_LISTS, TEMPLATES, PodTemplate, Volume
from gatewright.model.schema import Malformed, Present, decode
from tests.builders import Object, engine, request

MUTATIONS = 1250
"""Of each of the four kinds."""

PROBE = {"httpGet": {"host": "a", "port": 80}, "tcpSocket": {"host": "", "port": 80}}
CONTEXT = {
    "appArmorProfile": {"type": "RuntimeDefault", "localhostProfile": "a"},
    "runAsGroup": 0,
    "runAsNonRoot": True,
    "runAsUser": 0,
    "seLinuxOptions": {"user": "u", "role": "r", "type": "t", "level": "l"},
    "seccompProfile": {"type": "Localhost", "localhostProfile": "a"},
    "windowsOptions": {"hostProcess": True, "gmsaCredentialSpecName": "a"},
}
CONTAINER = {
    "name": "app",
    "image": "registry.example/app:1",
    "imagePullPolicy": "Always",
    "command": ["a"],
    "env": [{"name": "A", "value": "b"}],
    "lifecycle": {"postStart": PROBE, "preStop": PROBE},
    "livenessProbe": PROBE,
    "readinessProbe": PROBE,
    "startupProbe": PROBE,
    "ports": [{"containerPort": 80, "hostIP": "1.2.3.4", "hostPort": 80, "name": "http", "protocol": "TCP"}],
    "securityContext": CONTEXT
    | {
        "allowPrivilegeEscalation": True,
        "capabilities": {"add": ["SYS_ADMIN"], "drop": ["ALL"]},
        "privileged": True,
        "procMount": "Unmasked",
        "readOnlyRootFilesystem": False,
    },
}
METADATA = {
    "name": "web",
    "generateName": "web-",
    "namespace": "shop",
    "labels": {"app": "web"},
    "annotations": {"container.apparmor.security.beta.kubernetes.io/app": "unconfined"},
    "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "1", "controller": True}],
    "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}],
}
SPEC = {
    **{name: [CONTAINER, {"name": "second"}] for name in CONTAINER_LISTS},
    "hostIPC": True,
    "hostNetwork": True,
    "hostPID": False,
    "hostUsers": False,
    "nodeName": "node",
    "os": {"name": "linux"},
    "restartPolicy": "Always",
    "runtimeClassName": "gvisor",
    "securityContext": CONTEXT
    | {"fsGroup": 1, "supplementalGroups": [1, 2], "sysctls": [{"name": "kernel.msgmax", "value": "1"}]},
    "serviceAccountName": "web",
    "tolerations": [{"key": "a"}],
    "volumes": [
        {"name": source, source: {"path": "/", "type": ""} if source == "hostPath" else {}}
        for source in Volume.__struct_encode_fields__
        if source != "name"
    ],
}


def rich(kind: str) -> Object:
    """An object with every modelled field, and some that are not."""
    key = {"Deployment": "Deployment.apps", "CronJob": "CronJob.batch"}.get(kind, kind)
    group = key.partition(".")[2]
    whole: Object = {"apiVersion": f"{group}/v1" if group else "v1", "kind": kind, "metadata": METADATA}
    if kind == "Namespace":
        labels = {f"pod-security.kubernetes.io/{mode}": "Baseline" for mode in ("enforce", "audit", "warn")}
        return whole | {"metadata": METADATA | {"labels": labels}, "spec": {"finalizers": ["kubernetes"]}}
    if kind == "Pod":
        return whole | {"spec": SPEC}
    put(whole, TEMPLATES[key], {"metadata": METADATA, "spec": SPEC})
    return whole


PREFIXES: dict[str, tuple[type[msgspec.Struct], Path]] = {
    "Pod": (PodTemplate, ()),
    "Deployment": (PodTemplate, ("spec", "template")),
    "CronJob": (PodTemplate, ("spec", "jobTemplate", "spec", "template")),
    "Namespace": (Namespace, ()),
}


def generic(path: Path) -> Path:
    return tuple("*" if isinstance(step, int) else step for step in path)


def modelled(hint: Any, at: Path) -> Iterator[tuple[Path, Any]]:
    """Every place below a type that is read, items as `*`, with what stands there."""
    if isinstance(hint, types.UnionType):
        hint = next(option for option in typing.get_args(hint) if option is not types.NoneType)
    yield at, hint
    if typing.get_origin(hint) is tuple:
        yield from modelled(typing.get_args(hint)[0], (*at, "*"))
    elif typing.get_origin(hint) is dict:
        yield (*at, "{}"), str
    elif issubclass(hint, msgspec.Struct):
        hints = typing.get_type_hints(hint)
        for name, wire in zip(hint.__struct_fields__, hint.__struct_encode_fields__, strict=True):
            yield from modelled(hints[name], (*at, wire))


def places(value: Any, at: Path = ()) -> Iterator[Path]:
    """Every place in plain dicts and lists."""
    yield at
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in steps:
        yield from places(child, (*at, step))


def shape(kind: str) -> dict[Path, Any]:
    """What is read of a kind, with the type of each place; the objects around a template too."""
    root, prefix = PREFIXES[kind]
    return {prefix[:depth]: dict for depth in range(len(prefix))} | dict(modelled(root, prefix))


def expected(known: dict[Path, Any], path: Path, value: Any) -> Path | None:
    """Where the value, put at a path, is of a wrong type, by what is read there; None where it is right."""
    hint = known.get(generic(path), known.get((*generic(path)[:-1], "{}")))
    if hint is None or value is None:
        return None
    origin = typing.get_origin(hint) or hint
    if origin is tuple:
        return path if not isinstance(value, list) else (*path, 0) if value and typing.get_args(hint)[0] is not int else None
    if origin in (str, bool):
        return None if type(value) is origin else path
    if origin is int:
        return None if type(value) in {int, float} and value == int(value) else path
    if not isinstance(value, dict):
        return path
    return (*path, "a") if origin is dict and (*generic(path), "{}") in known and value else None


VALUES: tuple[Any, ...] = (None, True, False, 0, 7, 2.0, 1.5, "", "x", "true", [], [7], {}, {"a": 7})


def agree(view: Any, written: Any) -> bool:
    """Whether a view has what is written, whatever its types say of it."""
    if view is None or isinstance(view, str | int):
        zero = None if view is None else type(view)()
        return written is None and view in (None, zero) or (view is not None and view == written and wide(view, written))
    if isinstance(view, tuple):
        written = written or []
        return len(view) == len(written) and all(map(agree, view, written))
    if isinstance(view, dict):
        return view == {key: value or "" for key, value in (written or {}).items()}
    assert isinstance(view, msgspec.Struct)
    if isinstance(view, Present):
        return isinstance(written, dict)
    fields = zip(view.__struct_fields__, view.__struct_encode_fields__, strict=True)
    return all(agree(getattr(view, name), (written or {}).get(wire)) for name, wire in fields)


def wide(view: str | int, written: Any) -> bool:
    return type(view) is type(written) or (type(view) is int and type(written) is float)


def denied(template: Any, at: Path) -> set[str]:
    """Where three of the checks find something, by a walk over plain dicts."""
    spec = (template or {}).get("spec") or {}
    found = {render((*at, "spec", name)) for name in ("hostIPC", "hostPID", "hostNetwork") if spec.get(name)}
    for name in CONTAINER_LISTS:
        for index, container in enumerate(spec.get(name) or []):
            container = container or {}
            if (container.get("securityContext") or {}).get("privileged"):
                found.add(render((*at, "spec", name, index, "securityContext", "privileged")))
            for number, port in enumerate(container.get("ports") or []):
                if (port or {}).get("hostPort"):
                    found.add(render((*at, "spec", name, index, "ports", number, "hostPort")))
    return found


@pytest.mark.parametrize("kind", PREFIXES)
def test_the_objects_have_every_modelled_field(kind: str) -> None:
    there = {generic(path) for path in places(rich(kind))}
    assert {path for path in shape(kind) if path[-1:] != ("{}",)} - there == set()


@pytest.mark.parametrize("kind", PREFIXES)
def test_mutations(kind: str) -> None:
    chance, known = random.Random(kind), shape(kind)  # noqa: S311  # the same mutations every run
    every = list(places(rich(kind)))[1:]
    judge = engine("{profile: strict, podSecurityLabels: ignore}").judge
    root, at = PREFIXES[kind]
    refused = 0
    for _ in range(MUTATIONS):
        path, value = chance.choice(every), chance.choice(VALUES)
        text = json.dumps(rich(kind))
        item = json.loads(text)
        put(item, path[:-1], find(item, path[:-1])) if len(path) > 1 else None
        find(item, path[:-1])[path[-1]] = value
        story = f"{render(path)} = {value!r}"
        wrong = expected(known, path, value)
        findings = judge(request(rich(kind), kind=None) if False else _request(kind, item)).findings
        told = [finding.path for finding in findings if finding.failure is Failure.MALFORMED]
        assert [one for one in findings if one.failure not in {None, Failure.MALFORMED}] == [], story
        assert told == ([] if wrong is None else [wrong]), story
        if wrong is not None:
            refused += 1
