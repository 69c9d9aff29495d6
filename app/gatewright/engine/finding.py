"""A violation becomes a finding: whose it is, how bad, under which mode, and where."""

from gatewright.engine.decision import SHOWN, Finding
from gatewright.engine.places import Places
from gatewright.engine.rules import Rule
from gatewright.model.schema import read
from gatewright.policy import Grants, Violation
from gatewright.policy.grants import Usual


def finding_of(rule: Rule, violation: Violation, subject: object, places: Places) -> Finding:
    """The finding that a violation is.

    Args:
        rule: by which it was found.
        violation: what is wrong.
        subject: that was judged.
        places: of its parts.
    """
    severity = violation.severity or rule.policy.severity
    is_loose = isinstance(violation, Usual) or (isinstance(subject, Grants) and not subject.is_exposed)
    at = places.path_of(violation.node)
    about = places.about(at)
    return Finding(
        policy=rule.policy.id,
        severity=severity,
        mode=min(rule.modes.of(severity), rule.unbound) if is_loose else rule.modes.of(severity),
        path=at + violation.field,
        message=violation.message,
        fix=violation.fix,
        value=read(violation.node, violation.field) if violation.field[-1:] and violation.field[-1] in SHOWN else None,
        about=about if about and violation.message.startswith(about) else "",
        check=rule.check,
        topic=rule.policy.topic,
    )
