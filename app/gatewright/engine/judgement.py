"""One request on its way to a Decision."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from gatewright.engine.decision import Decision, Failure, Finding, Miss, Mode, decision_of
from gatewright.engine.existing import notes_on_existing_pods
from gatewright.engine.finding import finding_of
from gatewright.engine.granting import granted
from gatewright.engine.match import Target
from gatewright.engine.memory import FEW, LARGEST
from gatewright.engine.plans import Plans
from gatewright.engine.rules import Quarantined, Rule
from gatewright.engine.update import Update
from gatewright.engine.views import Pods, Views
from gatewright.engine.world import Noted, Unavailable, World
from gatewright.model.cluster import Namespace, Resource
from gatewright.model.path import Path
from gatewright.model.pod import Pod
from gatewright.model.review import CONNECT, DELETE, UPDATE, AdmissionRequest, is_null
from gatewright.model.schema import Malformed
from gatewright.policy import Access, Grants, Policy, Severity, User

_MAY_BE_ABSENT = ("old", "user", "namespace")
"""What a rule can ask for and get None."""


class Late(Exception):
    """The deadline passed."""


class Judgement:
    """What is known of a request while its rules run. A failure becomes a finding, and the other rules still run."""

    def __init__(
        self,
        plans: Plans,
        world: World,
        request: AdmissionRequest,
        target: Target,
        clock: Callable[[], float],
        deadline: float,
        today: Callable[[], datetime.date],
        pods: Pods | None,
    ) -> None:
        self.plans = plans
        self.world = world
        self.target = target
        self.clock = clock
        self.deadline = deadline
        self.today = today
        self.findings: list[Finding] = []
        self.misses: list[Miss] = []
        template = plans.templates.get(target.kind, ())
        if pods is None or pods.path != template:
            pods = Pods(template)
        deleted = request.operation == DELETE and is_null(request.object)
        self.new = Views(request, request.old_object if deleted else request.object, template, pods.new)
        updated = request.operation == UPDATE and not is_null(request.old_object)
        self.old = Views(request, request.old_object, template, pods.old) if updated else None
        self.request = request if request.name else _named(request, self.new)
        self.update = Update(self.new, self.old)
        self._grants: Grants | None = None
        self._access: Access | None = None
        self._stores: dict[type, Noted[Any]] = {}

    def decide(self) -> Decision:
        """The Decision."""
        namespace, known = self._namespace()
        if self.misses:  # it may still be found, and then all is judged anew
            return decision_of(self.findings, (), tuple(self.misses))
        rules = self._rules(namespace)
        for index, rule in enumerate(rules):
            try:
                if self.clock() > self.deadline:
                    raise Late
                if known or "namespace" not in rule.asks:
                    self._run(rule, namespace)
            except Late:
                left = rules[index:]
                mode = max(rule.strongest for rule in left)
                self._fail(
                    Failure.DEADLINE, mode, f"the deadline passed with {len(left)} of {len(rules)} policies to go"
                )
                break
        return decision_of(self.findings, self._notes(), tuple(dict.fromkeys(self.misses)))

    def _rules(self, namespace: Namespace | None) -> Sequence[Rule]:
        """What is to be asked. Of a pod that is small, what is known to be said is found already."""
        sets = [self.plans.rules(self.target, self.request, labels) for labels in self._labels(namespace)]
        if self.target.kind not in self.plans.templates:
            return [rule for rules in sets for rule in rules]
        if len(sets[0]) <= FEW or self.new.size > LARGEST or self.clock() > self.deadline:
            return sets[0]
        try:
            pod = self.new.get(Pod)
            old = self.old.get(Pod) if self.old else None
        except Malformed:  # each of the rules says so
            return sets[0]
        if pod is None or (self.old and old is None):
            return sets[0]
        given = (old, self.request.user_info.username or None, namespace)
        absent = tuple([name for name, value in zip(_MAY_BE_ABSENT, given, strict=True) if value is None])
        remembered = self.plans.memory.of(sets[0], pod, self.plans.templates[self.target.kind], absent)
        if remembered is None:
            return sets[0]
        if self.old:  # of what is said the old object may have had some already
            return remembered.outspoken
        self.findings += remembered.of(pod)
        return remembered.unknown

    def _notes(self) -> tuple[str, ...]:
        if self.old is None:
            return ()
        try:
            return notes_on_existing_pods(
                self.plans, self.world, self.target, self.old, self.new, self.clock, self.deadline
            )
        except Unavailable as error:
            self._missed(error)
            return ("failed to list pods while checking new PodSecurity enforce level",)

    def _namespace(self) -> tuple[Namespace | None, bool]:
        """The request's namespace, and whether it is known: its labels are never guessed."""
        if not self.request.namespace or self.target.kind == "Namespace":
            return None, True
        try:
            return self.world.namespace(self.request.namespace), True
        except Unavailable as error:
            self._missed(error)
            mode = self.plans.of(self.target).strongest
            self._fail(
                Failure.NAMESPACE, mode, f"the labels of namespace {self.request.namespace} are not known: {error}"
            )
            return None, False

    def _labels(self, namespace: Namespace | None) -> list[Mapping[str, str]]:
        """The labels by which overrides match. Of a Namespace's UPDATE both count, and so the stricter rules."""
        if self.target.kind != "Namespace":
            return [namespace.labels if namespace else {}]
        labels: list[Mapping[str, str]] = []
        for views in (self.new, self.old):
            try:
                labels += [views.get(Namespace).labels] if views else []
            except Malformed as error:  # under which mode it would be judged, only its labels could say
                mode = self.plans.of(self.target).strongest
                self._fail(Failure.MALFORMED, mode, str(error), path=error.problems[0].path)
        return labels

    def _run(self, rule: Rule, namespace: Namespace | None) -> None:
        policy = rule.policy
        try:
            subject = self._granted() if rule.view is Grants else self.new.get(rule.view)
            if subject is None or (self.old and policy.level and not self.update.starts_something_new()):
                return
            arguments = {name: self._argument(name, rule, namespace) for name in rule.asks}
            violations = []
            for violation in rule.call(subject, **arguments):
                violations.append(violation)
                if self.clock() > self.deadline:  # a pod of ten thousand containers is one policy's work
                    raise Late
            if not violations:
                return
            if self.old and not policy.level and "old" not in rule.asks and rule.view is not Grants:
                before = self.update.old_violations(rule.view, lambda old: list(rule.call(old, **arguments)))
                violations = self.update.new_among(violations, before)
            self.findings += [finding_of(rule, violation, subject, self.new.places) for violation in violations]
        except Late:
            raise
        except Malformed as error:
            # one finding however many rules cannot read the object: equal ones keep the strongest mode
            self._fail(Failure.MALFORMED, rule.strongest, str(error), path=error.problems[0].path)
        except Quarantined:
            self._fail(Failure.QUARANTINED, rule.strongest, f"{policy.id} is quarantined: it did not return", policy)
        except Unavailable as error:
            self._missed(error)
            self._fail(Failure.STORE, rule.strongest, f"{policy.id}: {error}", policy)
        except KeyboardInterrupt:  # Ctrl-C, while a command line judges
            raise
        except BaseException as error:  # noqa: BLE001  # a policy is anybody's code: whatever it raises is no allow
            self._fail(
                Failure.RAISED, rule.strongest, f"{policy.id} raised {type(error).__name__}", policy, cause=error
            )

    def _missed(self, error: Unavailable) -> None:
        if error.miss:
            self.misses.append(error.miss)

    def _argument(self, name: str, rule: Rule, namespace: Namespace | None) -> Any:
        kind = rule.policy.stores.get(name)
        if kind is not None:
            return self._store(kind)
        if name == "namespace":
            return namespace
        if name == "user":
            user = self.request.user_info
            return User(user.username, user.groups) if user.username else None
        if name == "access":
            if self._access is None:
                self._access = Access(self.world.permissions())
            return self._access
        if name == "today":
            return self.today()
        return self.old.get(rule.view) if self.old else None  # that is what is left: old

    def _granted(self) -> Grants:
        if self._grants is None:
            permissions = self.world.permissions()
            self._grants = granted(self.target.kind, self.new, self.old, permissions, self._find)
        return self._grants

    def _find(self, kind: type, namespace: str | None, name: str) -> Any:
        return self._store(kind).get(namespace, name)

    def _store(self, kind: type) -> Noted[Any]:
        if kind not in self._stores:
            self._stores[kind] = Noted(self.world.store(kind), kind, self.misses)
        return self._stores[kind]

    def _fail(
        self,
        failure: Failure,
        mode: Mode,
        message: str,
        policy: Policy | None = None,
        *,
        path: Path = (),
        cause: BaseException | None = None,
    ) -> None:
        id_, severity = (policy.id, policy.severity) if policy else (str(failure), Severity.HIGH)
        self.findings.append(Finding(id_, severity, mode, path, message, failure=failure, cause=cause))


def _named(request: AdmissionRequest, views: Views) -> AdmissionRequest:
    """The request under its object's name: of a deletecollection, and before a name is generated, it bears none."""
    if request.operation == CONNECT:
        return request
    try:
        return msgspec.structs.replace(request, name=views.get(Resource).metadata.name)
    except Malformed:
        return request
