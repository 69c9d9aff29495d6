"""Who may do what, in words and as documents."""

import pytest
from rich.text import Text

from gatewright.engine.gained import Gain
from gatewright.model.meta import Metadata
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, RoleBinding, RoleRef, Subject
from gatewright.model.rbac_rules import Request
from gatewright.model.rbac_subjects import AnyBinding, Grant
from gatewright.report import rbac

READ = PolicyRule(("get",), ("",), ("pods",))
NAMED = PolicyRule(("get",), ("apps",), ("deployments",), ("web",))
URL = PolicyRule(("get",), non_resource_urls=("/metrics",))
ROLE = ClusterRole(metadata=Metadata(name="team"), rules=(READ, NAMED, URL))
EVERYWHERE = ClusterRoleBinding(metadata=Metadata(name="all"), role_ref=RoleRef(kind="ClusterRole", name="team"))
HERE = RoleBinding(metadata=Metadata(name="here", namespace="shop"), role_ref=RoleRef(kind="ClusterRole", name="team"))
JANE, WEB = Subject(kind="User", name="jane"), Subject(kind="ServiceAccount", name="web")


def grant(rule: PolicyRule = READ, binding: AnyBinding = HERE, subject: Subject = WEB) -> Grant:
    return Grant(rule, binding, ROLE, subject)


def plain(lines: object) -> list[str]:
    assert isinstance(lines, list)
    return [line.plain for line in lines if isinstance(line, Text)]


def test_holders() -> None:
    told = plain(list(rbac.holders([grant(), grant(URL, EVERYWHERE, JANE)], Request("get", "pods"))))
    assert told == [
        "ServiceAccount shop/web: RoleBinding shop/here, rules[0] of ClusterRole team",
        'User "jane": ClusterRoleBinding all, rules[2] of ClusterRole team',
        "and whoever is in the group system:masters, who may do everything without a rule",
    ]


@pytest.mark.parametrize(
    ("request_", "asked"),
    [
        (Request("get", "pods"), "get pods"),
        (Request("get", "pods", "", "log", "web", "shop"), "get pods/log web in namespace shop"),
        (Request("get", "deployments", "apps", "scale"), "get deployments.apps/scale"),
        (Request("get", path="/a\u202e"), "get /a\\u202e"),
    ],
)
def test_nobody(request_: Request, asked: str) -> None:
    assert plain(list(rbac.holders([], request_)))[0] == f"nobody may {asked}"
    assert rbac.answer(None, request_, is_master=False).plain == f"no: nothing lets them {asked}"


def test_answers() -> None:
    asked = Request("get", "deployments", "apps")
    yes = "yes: RoleBinding shop/here, rules[1] of ClusterRole team"
    assert rbac.answer(grant(NAMED), asked, is_master=False).plain == yes
    for one in (None, grant()):
        told = rbac.answer(one, asked, is_master=True).plain
        assert told == "yes: the group system:masters may do everything without a rule"


def test_all_rules() -> None:
    told = plain(list(rbac.rules([(None, grant(URL, EVERYWHERE)), ("shop", grant(NAMED))], is_master=False)))
    assert told == [
        "everywhere: get /metrics (ClusterRoleBinding all, rules[2] of ClusterRole team)",
        'in shop: get deployments of apps (only "web") (RoleBinding shop/here, rules[1] of ClusterRole team)',
    ]
    assert plain(list(rbac.rules([], is_master=False))) == ["nothing"]
    assert plain(list(rbac.rules([], is_master=True))) == ["the group system:masters may do everything without a rule"]


def test_gains() -> None:
    gain = Gain('User "jane"', None, (READ, URL), EVERYWHERE, ROLE, 0)
    [line] = rbac.gains([gain])
    by = "(ClusterRoleBinding all, rules[0] of ClusterRole team)"
    assert line.plain == f'+ User "jane" everywhere: get pods; get /metrics {by}'
    other = gain._replace(subject="ServiceAccount shop/web", namespace="shop")
    assert plain(list(rbac.gained([], []))) == ["nothing is newly granted, 0 new risks"]
    assert plain(list(rbac.gained([gain, gain], []))) == ["1 subject newly granted something, 0 new risks"]
    assert plain(list(rbac.gained([gain, other], []))) == ["2 subjects newly granted something, 0 new risks"]
    assert plain(list(rbac.counted([]))) == ["0 risks: 0 critical, 0 high, 0 medium, 0 low"]


def test_documents() -> None:
    role = {"kind": "ClusterRole", "namespace": None, "name": "team"}
    here = {"kind": "RoleBinding", "namespace": "shop", "name": "here"}
    account = {"kind": "ServiceAccount", "name": "web", "namespace": "shop"}
    told = {"subject": account, "binding": here, "role": role, "rule": 1}
    assert rbac.grant_document(grant(NAMED)) == told
    grants = {"verbs": ["get"], "apiGroups": ["apps"], "resources": ["deployments"], "resourceNames": ["web"]}
    assert rbac.held_document("shop", grant(NAMED)) == {"namespace": "shop", **told, "grants": grants}
    own = grant(subject=Subject(kind="ServiceAccount", name="web", namespace="mon"))
    assert rbac.grant_document(own)["subject"]["namespace"] == "mon"
    assert rbac.rule_document(URL) == {"verbs": ["get"], "nonResourceURLs": ["/metrics"]}
    gain = Gain('User "jane"', None, (URL,), HERE, ROLE, 2)
    assert rbac.gain_document(gain) == {
        "subject": 'User "jane"',
        "namespace": None,
        "rules": [rbac.rule_document(URL)],
        "binding": here,
        "role": role,
        "rule": 2,
    }
