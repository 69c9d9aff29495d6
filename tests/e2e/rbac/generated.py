"""Roles and bindings by chance, and questions about them: half of the questions hit a rule, or nearly."""

import itertools
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from gatewright.model.rbac import ALL, PolicyRule, Subject
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_rules import Request
from gatewright.model.rbac_subjects import EVERYWHERE, AnyBinding, holder, place_of_role, service_account
from gatewright.model.review import UserInfo
from tests.builders import Object

API_GROUP = "rbac.authorization.k8s.io"
NAMESPACES = ("alpha", "beta", "gamma")
USERS = ("ada", "bob", "cy", "system:serviceaccount:alpha:web")
GROUPS = ("devs", "ops", "system:serviceaccounts", "system:serviceaccounts:beta", "system:authenticated")
ACCOUNTS = ("web", "db", "default")
VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "bind", "escalate")
API_GROUPS = ("", "apps", "example.org", API_GROUP)
RESOURCES = ("pods", "secrets", "deployments", "widgets", "clusterroles", "nodes", "namespaces")
SUBRESOURCES = ("exec", "log", "scale", "status", ALL)
NAMES = ("", "one", "two", ALL)
PATHS = ("/healthz", "/healthz/etcd", "/healthzz", "/metrics", "/", "/logs/a/b")
URLS = ("/healthz", "/healthz/*", "/healthz*", "/metrics", "/logs/*", "/*", ALL)
METHODS = ("get", "post", "put", "delete")
PART_OF = "part-of"
"""The label by which ClusterRoles are added up."""


class Question(NamedTuple):
    """Whether somebody may do something."""

    who: UserInfo
    request: Request


class World:
    """Objects of one seed. They are valid, though few people would write them."""

    def __init__(self, seed: int, roles: int, bindings: int) -> None:
        self.random = Random(seed)  # noqa: S311 - the same every time is the point
        self._roles = [self._role(number) for number in range(roles)]
        self._added = [self._adding(number) for number in range(4)]
        self._bindings = [self._binding(number) for number in range(bindings)]

    @property
    def objects(self) -> Iterator[Object]:
        """Namespaces, roles and bindings, in the order that they can be created in."""
        for name in NAMESPACES:
            yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        yield from itertools.chain(self._roles, self._added, self._bindings)

    def _some(self, choices: Sequence[str], most: int, everything: float = 0.0) -> list[str]:
        chosen = self.random.sample(choices, self.random.randint(1, min(most, len(choices))))
        return [*chosen, ALL] if self.random.random() < everything else chosen

    def _rule(self, kind: str) -> Object:
        if kind == "ClusterRole" and self.random.random() < 0.15:
            return {"nonResourceURLs": self._some(URLS, 2), "verbs": self._some(METHODS, 2, 0.2)}
        rule: Object = {
            "apiGroups": self._some(API_GROUPS, 3, 0.15),
            "resources": [self._resource() for _ in range(self.random.randint(1, 4))],
            "verbs": self._some(VERBS, 5, 0.1),
        }
        if self.random.random() < 0.35:
            rule["resourceNames"] = self.random.choice(([""], ["one"], ["one", "two"], [ALL], ["", "two"]))
        return rule

    def _resource(self) -> str:
        resource = self.random.choice((*RESOURCES, ALL))
        if resource == ALL and self.random.random() < 0.6:
            resource = "*/" + self.random.choice(SUBRESOURCES)
        elif resource != ALL and self.random.random() < 0.4:
            resource += "/" + self.random.choice(SUBRESOURCES)
        return resource

    def _role(self, number: int) -> Object:
        kind = self.random.choice(("Role", "ClusterRole"))
        metadata: Object = {"name": f"chance-{number}"}
        if kind == "Role":
            metadata["namespace"] = self.random.choice(NAMESPACES)
        elif self.random.random() < 0.5:
            metadata["labels"] = {PART_OF: self.random.choice(("a", "b", "c"))}
        rules = [self._rule(kind) for _ in range(self.random.randint(0, 4))]
        return {"apiVersion": f"{API_GROUP}/v1", "kind": kind, "metadata": metadata, "rules": rules}

    def _adding(self, number: int) -> Object:
        """A ClusterRole that a controller adds up, and by a chain: the second adds up the first as well."""
        of = ("a", "b", "c")[number % 3]
        selector: Object = {"matchLabels": {PART_OF: of}}
        if number == 3:
            selector = {"matchExpressions": [{"key": PART_OF, "operator": "In", "values": ["b", "c"]}]}
        metadata: Object = {"name": f"adding-{number}", "labels": {PART_OF: "b"} if number == 0 else {}}
        whole: Object = {"apiVersion": f"{API_GROUP}/v1", "kind": "ClusterRole", "metadata": metadata}
        return whole | {"aggregationRule": {"clusterRoleSelectors": [selector]}}

    def _subject(self, is_namespaced: bool) -> Object:
        kind = self.random.choice(("User", "Group", "ServiceAccount"))
        if kind == "ServiceAccount":
            account: Object = {"kind": kind, "name": self.random.choice(ACCOUNTS)}
            # Without one, which is valid in a RoleBinding alone, it is of the binding's namespace.
            if not is_namespaced or self.random.random() < 0.6:
                account["namespace"] = self.random.choice(NAMESPACES)
            return account
        # A group of everybody is rare: the rules that everybody has hide all others.
        name = self.random.choice(USERS if kind == "User" else GROUPS if self.random.random() < 0.3 else GROUPS[:2])
        return {"kind": kind, "apiGroup": API_GROUP, "name": name}

    def _binding(self, number: int) -> Object:
        kind = self.random.choice(("RoleBinding", "RoleBinding", "ClusterRoleBinding"))
        metadata: Object = {"name": f"chance-{number}"}
        role = self.random.choice([*self._roles, *self._added])
        if kind == "RoleBinding":
            metadata["namespace"] = role["metadata"].get("namespace") or self.random.choice(NAMESPACES)
        elif role["kind"] == "Role":
            role = self.random.choice([one for one in (*self._roles, *self._added) if one["kind"] == "ClusterRole"])
        name = "missing" if self.random.random() < 0.05 else role["metadata"]["name"]
        reference = {"apiGroup": API_GROUP, "kind": role["kind"], "name": name}
        subjects = [self._subject(kind == "RoleBinding") for _ in range(self.random.randint(0, 3))]
        whole: Object = {"apiVersion": f"{API_GROUP}/v1", "kind": kind, "metadata": metadata}
        return whole | {"roleRef": reference, "subjects": subjects}

    def questions(self, number: int, permissions: Permissions) -> list[Question]:
        """Questions about the rules of bindings that are there, one thing in most of them changed, and others."""
        bindings = [
            (place, binding)
            for place, binding in permissions.all_bindings()
            if binding.name.startswith("chance-") and binding.subjects
        ]
        ruled = [
            (place, binding, rules) for place, binding in bindings if (rules := _rules(binding, place, permissions))
        ]
        return [self._question(*self.random.choice(ruled)) for _ in range(number)]

    def _question(self, place: str, binding: AnyBinding, rules: tuple[PolicyRule, ...]) -> Question:
        subject = self.random.choice(binding.subjects)
        question = Question(self._holder(subject, place), self._hit(self.random.choice(rules), place))
        for _ in range(self.random.choice((0, 1, 2, 3))):
            question = self._changed(question)
        return question

    def _holder(self, subject: Subject, place: str) -> UserInfo:
        who = holder(subject, place)
        assert who is not None
        return who if who.username else UserInfo("ed", "", who.groups)

    def _hit(self, rule: PolicyRule, place: str) -> Request:
        """What a rule allows, or would with another name."""
        verb = self._of(rule.verbs, METHODS if rule.non_resource_urls else VERBS)
        if rule.non_resource_urls:
            return Request(verb, path=self._of(rule.non_resource_urls, PATHS).replace(ALL, "etcd"))
        resource, _, subresource = self._of(rule.resources, RESOURCES).partition("/")
        resource = self.random.choice(RESOURCES) if resource == ALL else resource
        name = self.random.choice(rule.resource_names or NAMES)
        namespace = place or self.random.choice((EVERYWHERE, *NAMESPACES))
        return Request(verb, resource, self._of(rule.api_groups, API_GROUPS), subresource, name, namespace)

    def _of(self, given: Sequence[str], every: Sequence[str]) -> str:
        chosen = self.random.choice(given)
        return self.random.choice(every) if chosen == ALL else chosen

    def _changed(self, question: Question) -> Question:
        """Another one in one thing."""
        who, asked = question
        if self.random.random() < 0.4:
            return Question(self._somebody(), asked)
        if asked.path is not None:
            path = self.random.choice(PATHS)
            return Question(who, Request(self.random.choice((asked.verb, *METHODS)), path=path))
        given = {name: getattr(asked, name) for name in asked.__struct_fields__}
        name, choices = self.random.choice((
            ("verb", VERBS), ("resource", (*RESOURCES, "Pods", "pod", ALL)), ("group", API_GROUPS),
            ("subresource", ("", "", *SUBRESOURCES)), ("name", NAMES), ("namespace", (EVERYWHERE, *NAMESPACES)),
        ))  # fmt: skip
        return Question(who, Request(**(given | {name: self.random.choice(choices)})))

    def _somebody(self) -> UserInfo:
        if self.random.random() < 0.5:
            return service_account(self.random.choice(NAMESPACES), self.random.choice(ACCOUNTS))
        groups = self.random.sample(GROUPS[:2], self.random.randint(0, 2))
        return UserInfo(self.random.choice(USERS[:3]), "", (*groups, "system:authenticated"))


def _rules(binding: AnyBinding, place: str, permissions: Permissions) -> tuple[PolicyRule, ...]:
    given = place_of_role(binding, place)
    role = permissions.role(*given) if given else None
    return role.rules if role else ()
