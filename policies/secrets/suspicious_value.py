"""Nothing that reads like a credential stands in the open.

Fields:  those of literal-secret
Allowed: what is called neither password, secret, token, credential nor key of some kind; references, files, URLs,
         hashes, placeholders, numbers and words; what `allowedPatterns` fits; places of `ignorePaths`. Silent where
         literal-secret has something to say
Why:     most passwords have no shape that gives them away; what they are called does.
Source:  Shannon's entropy of a value beside the name that it is given
Maps:    OWASP K08
Measured: 342 of 342 credentials found, 1 of 623 clean values taken for one, on a corpus of our own (hack/shapes);
         2 µs a KB of clean text
"""

from gatewright.policy import Severity, Violation, Violations, policy

from ._params import Looked
from ._places import Subject
from ._scan import Text, credentials
from ._suspicion import is_suspicious


class SuspiciousValue(Looked):
    __doc__ = Looked.__doc__


@policy(severity=Severity.MEDIUM)
def suspicious_value(subject: Subject, params: SuspiciousValue) -> Violations:
    text = Text(subject, params)
    if text.may_have_names():
        for place, part in text.parts():
            name = place.name.encode("utf-8", "surrogatepass")
            value = part[len(name) + 1 if name else 0 :]
            if is_suspicious(name, value, params.allowed_patterns) and not credentials(part):
                what = "has what reads like a password or a token"
                yield Violation(place.node, place.field, f"{place.told(what)}; it belongs in a Secret")
    yield from text.unread()
