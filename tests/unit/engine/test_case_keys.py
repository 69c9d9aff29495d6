"""What a policy case can say."""

from gatewright.model.review import CONNECT, CREATE, DELETE, UPDATE
from gatewright.policy import (
    Connect,
    Namespace,
    Resource,
    Store,
    User,
    Violation,
    Violations,
)
from tests.builders import declared
from tests.unit.engine.test_cases import failures


def everything(
    item: Resource, old: Resource | None, user: User | None, namespace: Namespace | None, spaces: Store[Namespace]
) -> Violations:
    before = old and old.metadata.labels
    tier = namespace.labels if namespace else None
    yield Violation(item.node, "metadata.labels", f"{item.metadata.labels} {before} {user} {tier} {item.namespace}")
    yield Violation(item.node, "metadata.name", f"{len(spaces.within(None))}")


def test_what_a_case_can_say() -> None:
    text = """
policy: everything
cases:
  - name: all of it
    old: {metadata.labels.a: "1"}
    set: {metadata.labels.a: "2"}
    user: jane
    groups: [dev]
    cluster:
      - {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {tier: test}}}
      - {apiVersion: v1, kind: Namespace, metadata: {name: other}}
    expect:
      metadata.labels: "{'a': '2'} {'a': '1'} User(name='jane', groups=('dev',)) {'tier': 'test'} shop"
      metadata.name: "2"
  - name: nothing of it
    expect:
      metadata.labels: "{} None None {} shop"
      metadata.name: "0"
  - name: a whole object
    object: {apiVersion: v1, kind: Secret, metadata: {name: a, namespace: other}}
    expect:
      metadata.labels: "{} None None {} other"
      metadata.name: "0"
"""
    assert failures(text, declared(everything, kinds={"Secret"})) == []


def by_operation(item: Resource | Namespace, old: Resource | Namespace | None) -> Violations:
    node = item if isinstance(item, Namespace) else item.node
    yield Violation(node, "metadata.name", f"{item.metadata.name}, old {old and old.metadata.name}")


def test_operations() -> None:
    text = """
policy: by-operation
cases:
  - {name: created, expect: {metadata.name: "shop, old None"}}
  - {name: updated, old: {}, expect: {metadata.name: "shop, old shop"}}
  - {name: deleted, operation: DELETE, expect: {metadata.name: "shop, old None"}}
"""
    kinds = {"Secret"}
    assert failures(text, declared(by_operation, kinds=kinds, on={CREATE, UPDATE, DELETE})) == []


def no_exec(connect: Connect) -> Violations:
    yield Violation(connect, "", f"{connect.resource}/{connect.subresource} {connect.options}")


def test_connects() -> None:
    text = """
policy: no-exec
cases:
  - name: exec
    operation: CONNECT
    resource: pods/exec
    set: {"command[0]": sh}
    expect: {"": "pods/exec {'command': ['sh']}"}
"""
    assert failures(text, declared(no_exec, on={CONNECT})) == []
