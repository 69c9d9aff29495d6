"""The JSON Schema, by which an editor completes and checks, accepts what is accepted here and refuses the rest."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.engine import config
from gatewright.engine.documents import Document, read
from gatewright.engine.reading import ConfigError, the_document, validate
from gatewright.engine.settings import models
from tests.builders import built_in
from tests.unit.engine.refused import REFUSED

MODEL, _ = models(built_in(), config.profiles())
SCHEMA = jsonschema.Draft202012Validator(MODEL.model_json_schema())

UNTOLD = {
    "policies: {hostPorts: warn, host-ports: audit}",  # two keys of one policy
    "policies: {sysctls: warn, sysctls: audit}",  # two equal keys, which JSON has as one
    "policies: {host-ports: {allowed: 9-1}}",  # a range that ends before it begins
    "templates: {apps/Deployment: spec}",  # kinds that are built in
    "templates: {Pod: spec}",
}
"""What a schema cannot tell."""


def is_accepted(document: Document) -> bool:
    try:
        validate(MODEL, document, built_in().aliases)
    except ConfigError:
        return False
    return True


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("text", [text for text, _ in REFUSED if text not in UNTOLD])
def test_what_is_refused_here_is_refused_there(text: str) -> None:
    (document,) = read(text.encode(), "x")
    assert isinstance(document, Document)
    assert not SCHEMA.is_valid(document.value)


@pytest.mark.parametrize("text", [text for text in UNTOLD if "sysctls" not in text])
def test_what_the_schema_cannot_tell(text: str) -> None:
    document = the_document(text.encode(), "x")
    assert SCHEMA.is_valid(document.value)
    assert not is_accepted(document)


ACCEPTED = """
---
policies: {host-ports: {mode: enforce, allowed: [9100]}, run-as-non-root: off}
---
profile: observe
kubernetes: v1.36
policies: {pod_security/*: warn}
overrides:
  - namespaceLabels: {tier: production}
    profile: strict
  - namespaces: [monitoring, kube-*]
    policies: {host-ports: {allowed: [9100]}, "*": audit}
---
templates: {argoproj.io/Rollout: spec.template}
policyFolders: [/etc/gatewright/policies]
overrides:
  - kinds: [Role, ClusterRole]
    users: system:serviceaccount:argocd:argocd-application-controller
    policies: {privileged: warn}
---
policies: {privileged: {critical: enforce, high: warn, else: audit}, sysctls: {mode: {else: off}, allowed: net.*}}
"""


@pytest.mark.parametrize("text", ACCEPTED.split("---"))
def test_what_is_accepted_here_is_accepted_there(text: str) -> None:
    document = the_document(text.encode(), "x")
    SCHEMA.validate(document.value)
    assert is_accepted(document)


def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={key.replace("_", "-"): value for key, value in keys.items()})


MODE = one_of("enforce", "warn", "audit", "off", False, True, "Enforce", 0, None, [])
MODES = st.one_of(MODE, some(**dict.fromkeys(("critical", "high", "medium", "low", "else"), MODE)))
PORTS = one_of(80, "80", "80-90", 0, 65536, "http", "80-", [], [1, "2-3"], [True], None, {}, 1.5)
NAMES = one_of("a*", ["a", "b"], [], [1], None, {}, True)
SETTING = st.one_of(MODES, some(mode=MODES, allowed=PORTS, shiny=PORTS))
POLICIES = st.one_of(
    st.dictionaries(one_of("*", "pod_security/*", "hostPorts", "privileged", "shiny"), SETTING), one_of([], None, "x")
)
BLOCK = {
    "profile": one_of("observe", "strict", "lax", None, 1),
    "policies": POLICIES,
    "podSecurityLabels": one_of("honour", "at-most-warn", "honor", None),
    "enforceOn": one_of("pods", "workloads", "all", []),
}
OVERRIDE = some(
    **BLOCK,
    namespaces=NAMES,
    namespaceLabels=one_of({}, {"a": "b"}, {"a": 1}, {"a": None}, "a"),
    operations=one_of("CREATE", ["UPDATE", "DELETE"], ["PATCH"], "create", []),
    users=NAMES,
    shiny=NAMES,
)
FILE = some(
    **BLOCK,
    apiVersion=one_of("gatewright/v1", "v1"),
    kubernetes=one_of("latest", "v1.36", "v1.036", "1.36", 1.36),
    templates=one_of({"x.io/Job": "spec.a"}, {"x/y/Job": "spec"}, {"x.io/Job": "spec[0]"}, {"x.io/Job": None}, []),
    policyFolders=one_of("/a", ["/a"], [1], {}),
    overrides=st.one_of(st.lists(OVERRIDE, max_size=2), OVERRIDE),
)


@settings(max_examples=200, deadline=None)
@given(FILE)
def test_both_say_the_same(value: dict[str, Any]) -> None:
    assert SCHEMA.is_valid(value) == is_accepted(the_document(json.dumps(value).encode(), "x"))
