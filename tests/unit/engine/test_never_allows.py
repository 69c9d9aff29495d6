"""Whatever goes wrong, an error is never an allow where something is enforced."""

import json
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.engine.decision import Failure, Mode
from gatewright.engine.world import ClosedWorld, Unavailable
from gatewright.model.review import CONNECT, CREATE, DELETE, OPERATIONS, UPDATE, AdmissionRequest, Kind, UserInfo
from gatewright.policy import Connect, Namespace, Pod, Store, Violation, Violations
from tests.builders import PREFIX, declared, encoded, engine, pod, workload


class Unknown(ClosedWorld):
    """A world of which nothing is known."""

    def namespace(self, name: str) -> Namespace:
        raise Unavailable(name)

    def store(self, kind: type[Any]) -> Store[Any]:
        raise Unavailable(kind.__name__)


def fails(item: Pod | Namespace) -> Violations:
    yield Violation(item.metadata, "name", "found")
    raise ValueError


def fails_too(connect: Connect) -> Violations:
    yield Violation(connect, "", "found")
    raise ValueError


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)
FIELDS = ("metadata", "spec", "template", "containers", "securityContext", "labels", "name", PREFIX + "enforce")
SHAPED = st.recursive(JSON, lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3) | st.lists(inner))
OBJECTS = st.one_of(
    SHAPED.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=30),
    st.sampled_from([json.dumps(item).encode() for item in (pod(), workload(), {"metadata": {"name": "a"}})]),
    st.integers(900, 1100).map(lambda depth: b'{"spec":' + b"[" * depth + b"]" * depth + b"}"),
)
DEPLOYMENT, POD, NAMESPACE = Kind("apps", "v1", "Deployment"), Kind("", "v1", "Pod"), Kind("", "v1", "Namespace")


def reviews(
    kinds: tuple[Kind, ...] = (DEPLOYMENT, POD, NAMESPACE), **fields: Any
) -> st.SearchStrategy[AdmissionRequest]:
    return st.builds(
        AdmissionRequest,
        uid=st.text(max_size=9),
        kind=st.sampled_from(kinds),
        name=st.sampled_from(["", "web"]),
        namespace=fields.get("namespace", st.sampled_from(["", "shop"])),
        operation=st.sampled_from(fields.get("operations", OPERATIONS)),
        user_info=st.builds(UserInfo, username=st.text(max_size=9)),
        object=OBJECTS.map(encoded),
        old_object=OBJECTS.map(encoded),
    )


FAILING = engine(
    "{podSecurityLabels: ignore, policies: {'*': off, fails: enforce, fails-too: enforce}}",
    declared(fails, on={CREATE, UPDATE, DELETE}),
    declared(fails_too, on={CONNECT}),
)
UNKNOWN = engine(world=Unknown())
STRICT = engine("{podSecurityLabels: ignore, profile: strict}")


@settings(max_examples=100, deadline=None)
@given(reviews((POD, NAMESPACE)))
def test_a_policy_that_always_fails_never_allows(review: AdmissionRequest) -> None:
    decision = FAILING.judge(review)
    assert not decision.allowed
    assert {one.failure for one in decision.findings} <= {Failure.RAISED, Failure.MALFORMED}


@settings(max_examples=100, deadline=None)
@given(reviews((POD, DEPLOYMENT), namespace=st.just("shop"), operations=(CREATE, UPDATE)))
def test_an_unknown_world_never_allows(review: AdmissionRequest) -> None:
    assert not UNKNOWN.judge(review).allowed


@settings(max_examples=100, deadline=None)
@given(reviews(operations=(CREATE, UPDATE)))
def test_a_passed_deadline_never_allows(review: AdmissionRequest) -> None:
    assert not STRICT.judge(review, -math.inf).allowed


@settings(max_examples=150, deadline=None)
@given(reviews())
def test_the_built_in_policies_raise_nothing_and_what_cannot_be_read_is_denied(review: AdmissionRequest) -> None:
    decision = STRICT.judge(review)
    assert {one.failure for one in decision.findings} <= {None, Failure.MALFORMED}
    assert decision.allowed is not any(one.failure or one.mode is Mode.ENFORCE for one in decision.findings)
