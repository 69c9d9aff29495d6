"""The rows of the built-in policies, as the files beside this have them by subject, and the objects they stand for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.builders import Object
from tests.e2e.cluster import a_pod, a_workload

ROWS: dict[str, Any] = {
    id_: row
    for file in sorted(Path(__file__).parent.glob("*.yaml"))
    for id_, row in yaml.safe_load(file.read_text()).items()
}
"""By policy: the objects that are there `before`; the attempts that it is to `deny`, saying what begins as
`says`, and to `allow`; its `params`, or in place of these `settings`, a whole override.

An attempt is an object to `create`, or to apply where it says `with` what; or the `rules` of a role to bind somebody
to; or a Pod, or another `kind` of workload, by what is `set` in a careful one and the namespace that it is `in`; or a
command of `kubectl`. It may be made `as` somebody else than jane. Where kubectl has something to say to what is
allowed, that is `err`, and `code` its exit code."""

OUTCOMES = ("deny", "allow")

EVERYBODY = "catalogue"
"""The group of all requesters, who may do anything."""

RBAC = "rbac.authorization.k8s.io"


def group(policy: str) -> str:
    """Whose requests are judged by a policy."""
    return f"{EVERYBODY}:{policy}"


def configuration() -> str:
    """Each policy alone is enforced, for its own group."""
    overrides = [{"groups": group(id_), **row.get("settings", _alone(id_, row))} for id_, row in ROWS.items()]
    return f"overrides: {json.dumps(overrides)}\n"


def _alone(policy: str, row: Object) -> Object:
    return {"policies": {"*": "off", policy: {"mode": "enforce", **row.get("params", {})}}}


def written(attempt: Object, role: str = "") -> Object:
    """The object of an attempt: whole; or what binds somebody to the role of that name, which has the rules; or a Pod,
    or a workload."""
    if "create" in attempt:
        whole: Object = attempt["create"]
        return whole
    if "rules" in attempt:
        return binding(role, role, {"kind": "ServiceAccount", "name": "web", "namespace": "shop"})
    kind, place, changes = attempt.get("kind", "Pod"), attempt.get("in", "shop"), attempt.get("set", {})
    return a_pod(place, "web", changes) if kind == "Pod" else a_workload(place, "web", changes, kind)


def cluster_role(name: str, rules: list[Object]) -> Object:
    """A ClusterRole."""
    return {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules}


def binding(name: str, role: str, subject: Object) -> Object:
    """A ClusterRoleBinding of a ClusterRole to one subject."""
    item = {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": name}}
    return {**item, "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": role}, "subjects": [subject]}


def there() -> Iterator[Object]:
    """What rows want to be there, and the right of everybody."""
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    yield binding(EVERYBODY, "cluster-admin", {"apiGroup": RBAC, "kind": "Group", "name": EVERYBODY})
    for id_, row in ROWS.items():
        yield from map(written, row.get("before", ()))
        for outcome in OUTCOMES:
            if "rules" in row[outcome]:
                yield cluster_role(f"{id_}-{outcome}", row[outcome]["rules"])
