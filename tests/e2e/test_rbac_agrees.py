"""What `rbac can` and `rbac who-can` say is what an API server's own authorizer says, on questions by chance.

RBAC_QUESTIONS=N asks another number than 2000, RBAC_SEED=N others, about other roles.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

import pytest
from controlplane import ControlPlane
from service import environment, until

from gatewright.model.rbac import Subject
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_rules import Request
from gatewright.model.rbac_subjects import Grant, applies
from gatewright.model.review import UserInfo
from gatewright.report import rbac
from tests.e2e.rbac.api import RBAC, Answer, Api, permissions
from tests.e2e.rbac.generated import Question, World
from tests.unit.cli.invoke import run

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

QUESTIONS = int(os.environ.get("RBAC_QUESTIONS", "2000"))
SEED = int(os.environ.get("RBAC_SEED", "0"))
ROLES, BINDINGS = 60, 60
BY_COMMAND = 12
"""So many are asked by commands as well, kubectl's and ours."""

ENOUGH, MOST = 0.3, 0.7
"""The share of questions that is answered by yes."""


class Asked(NamedTuple):
    """A question, and what the API server says."""

    question: Question
    answer: Answer


class Compared(NamedTuple):
    """What there is, and all that was asked about it."""

    plane: ControlPlane
    permissions: Permissions
    asked: list[Asked]


@pytest.fixture(name="compared", scope="module")
def _compared() -> Iterator[Compared]:
    with ControlPlane() as plane, closing(Api(plane)) as api:
        world = World(SEED, ROLES, BINDINGS)
        for item in world.objects:
            api.create(item)
        until(lambda: are_added_up(api))
        known = permissions(api)
        questions = world.questions(QUESTIONS, known)
        until(lambda: knows(api, known, questions))
        yield Compared(plane, known, [Asked(one, api.may(*one)) for one in questions])


def are_added_up(api: Api) -> bool:
    """Whether the controller has written every aggregated role: what it stores is what is expected of it."""
    stored = {item["metadata"]["name"]: item.get("rules") or [] for item in api.get(f"{RBAC}/clusterroles")["items"]}
    known = permissions(api)
    return all(
        len(role.rules) == len(stored[name])
        for name in stored
        if name.startswith("adding-") and (role := known.role("", name))
    )


def knows(api: Api, known: Permissions, questions: list[Question]) -> bool:
    """Whether the authorizer has seen the last objects: it learns of them a moment after they are stored."""
    last = [one for one in questions if known.can(*one)][-20:]
    return all(api.may(*one).allowed for one in last)


def holders(known: Permissions, who: UserInfo, request: Request) -> list[Grant]:
    """Those of `who_can` that they are."""
    return [grant for grant in known.who_can(request) if applies(grant.subject, who, grant.binding.namespace or "")]


def reason(grant: Grant) -> str:
    """How the API server tells of a grant (pkg/registry/rbac/validation/rule.go)."""
    within = f"/{grant.binding.namespace}" if grant.binding.namespace else ""
    binding = f'{type(grant.binding).__name__} "{grant.binding.name}{within}"'
    role = f'{grant.binding.role_ref.kind} "{grant.binding.role_ref.name}"'
    return f"RBAC: allowed by {binding} of {role} to {described(grant.subject, grant.binding.namespace or '')}"


def described(subject: Subject, namespace: str) -> str:
    within = f"/{subject.namespace or namespace}" if subject.kind == "ServiceAccount" else ""
    return f'{subject.kind} "{subject.name}{within}"'


def test_there_is_no_difference(compared: Compared) -> None:
    known = compared.permissions
    different = [
        f"{question}: the API server says {answer}, can {bool(known.can(*question))}, "
        f"who-can {bool(holders(known, *question))}"
        for question, answer in compared.asked
        if {bool(known.can(*question)), bool(holders(known, *question))} != {answer.allowed}
    ]
    assert different == []


def test_each_yes_is_for_a_reason_that_who_can_tells(compared: Compared) -> None:
    others = [
        (answer.reason, question)
        for question, answer in compared.asked
        if answer.allowed and answer.reason not in map(reason, holders(compared.permissions, *question))
    ]
    assert others == []


def test_the_questions_are_of_every_sort(compared: Compared) -> None:
    allowed = [question for question, answer in compared.asked if answer.allowed]
    denied = [question for question, answer in compared.asked if not answer.allowed]
    assert ENOUGH <= len(allowed) / len(compared.asked) <= MOST
    for answered in (allowed, denied):
        sorts = Counter(sort for who, request in answered for sort in sorts_of(who, request))
        assert {sort: number for sort, number in sorts.items() if number < QUESTIONS // 100} == {}
        assert len(sorts) == 9
    grants = [grant for question in allowed if (grant := compared.permissions.can(*question))]
    by = Counter(grant.role.name.partition("-")[0] for grant in grants)
    named = [grant for grant in grants if grant.rule.resource_names]
    assert min(by["adding"], by["chance"]) > QUESTIONS // 50
    assert len([grant for grant in named if "" in grant.rule.resource_names]) > QUESTIONS // 100


def sorts_of(who: UserInfo, request: Request) -> Iterator[str]:
    yield "account" if who.username.startswith("system:serviceaccount:") else "user"
    if request.path is not None:
        yield "URL"
        return
    yield "named" if request.name else "unnamed"
    yield "in a namespace" if request.namespace else "in none"
    yield "subresource" if request.subresource else "resource"


def by_commands(compared: Compared) -> list[Asked]:
    """Questions that a command line can ask, as many with yes as with no; subresources and URLs among them."""
    plain = [one for one in compared.asked if one.question.request.path or is_plain(one.question.request)]
    found = []
    for allowed in (True, False):
        some = [one for one in plain if one.answer.allowed is allowed]
        urls = [one for one in some if one.question.request.path][:2]
        found += [*urls, *[one for one in some if one.question.request.subresource][:2], *some[: BY_COMMAND // 2 - 4]]
    return found


def is_plain(request: Request) -> bool:
    """Whether kubectl can ask it: what it does not know it asks for in a group of its own choice."""
    known = {("pods", ""), ("secrets", ""), ("deployments", "apps")}
    return (request.resource, request.group) in known and "*" not in {request.name, request.subresource}


def words(request: Request, part: str = "") -> list[str]:
    """What is asked, and where, as both commands take it; kubectl has the name in `part`, and we the subresource."""
    if request.path is not None:
        return [request.verb, request.path]
    group = f".{request.group}" if request.group else ""
    return [request.verb, f"{request.resource}{group}{part}", *(["-n", request.namespace] if request.namespace else [])]


def asked_of_kubectl(plane: ControlPlane, question: Question) -> str:
    who, request = question
    groups = [f"--as-group={group}" for group in who.groups]
    part = [f"--subresource={request.subresource}"] if request.subresource else []
    everywhere = [] if request.path or request.namespace else ["-A"]
    name = f"/{request.name}" if request.name else ""
    asked = (*words(request, name), *part, *everywhere, f"--as={who.username}", *groups)
    return plane.kubectl("auth", "can-i", *asked).stdout.split()[0]  # a no may have its reason behind it


def asked_of_us(plane: ControlPlane, command: str, *arguments: str) -> tuple[int, Any]:
    done = run("rbac", command, f"--kubeconfig={plane.kubeconfig}", "--output=json", *arguments)
    assert done.err == ""
    return done.code, done.document


def test_the_commands_say_the_same_as_kubectl(compared: Compared, monkeypatch: pytest.MonkeyPatch) -> None:
    for proxy in os.environ.keys() - environment().keys():
        monkeypatch.delenv(proxy)
    some = by_commands(compared)
    assert len(some) == BY_COMMAND
    assert Counter(answer.allowed for _, answer in some) == {True: BY_COMMAND // 2, False: BY_COMMAND // 2}
    for question, answer in some:
        who, request = question
        part = f"/{request.subresource}" if request.subresource else ""
        asked = [*words(request, part), *([request.name] if request.name else [])]
        groups = [f"--group={group}" for group in who.groups]
        code, told = asked_of_us(compared.plane, "can", who.username, *asked, *groups)
        said = "yes" if answer.allowed else "no"
        assert (asked_of_kubectl(compared.plane, question), code) == (said, 0 if answer.allowed else 1), question
        [ours] = told["answers"]
        assert ours["allowed"] is answer.allowed
        code, listed = asked_of_us(compared.plane, "who-can", *asked)
        expected = [rbac.grant_document(grant) for grant in compared.permissions.who_can(request)]
        assert (code, listed["subjects"], listed["errors"]) == (0, expected, [])
        assert ours["by"] is None or ours["by"] in expected
