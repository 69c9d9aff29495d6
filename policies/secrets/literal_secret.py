"""Nothing that has the shape of a credential stands in the open.

Fields:  containers[*].env[*].value, .command, .args and the commands of probes, in every container list;
         metadata.annotations and metadata.labels of pods, of the workloads that carry them, and of ConfigMaps, Secrets,
         Services, ServiceAccounts, Ingresses and Namespaces; data and binaryData of a ConfigMap, where that is text
Allowed: references such as $(NAME) or {{ name }}, placeholders and documented examples; what `allowedPatterns` fits;
         places of `ignorePaths`; the ConfigMap kube-public/cluster-info, which is there to be public; the annotation
         kubectl.kubernetes.io/last-applied-configuration, which repeats the object that is judged anyway
Why:     whoever may look at a workload or a ConfigMap reads it, and so do its history in git, the logs and etcd's
         backups; a Secret can be kept from them, and be changed in one place.
Source:  the forms of tokens that their issuers document; NSA/CISA Kubernetes Hardening Guide 1.2, "Secrets"
Maps:    OWASP K08
Measured: 366 of 366 credentials found, 0 of 623 clean values taken for one, on a corpus of our own (hack/shapes);
         2 µs a KB of clean text
"""

from gatewright.policy import Severity, Violation, Violations, policy

from ._params import Looked
from ._places import Subject
from ._scan import Text, credentials


class LiteralSecret(Looked):
    __doc__ = Looked.__doc__


@policy(severity=Severity.HIGH)
def literal_secret(subject: Subject, params: LiteralSecret) -> Violations:
    text = Text(subject, params)
    if text.may_have_credentials():
        for place, part in text.parts():
            if kinds := credentials(part, params.allowed_patterns):
                what = f"has what looks like {' and '.join(kinds)}"
                yield Violation(place.node, place.field, f"{place.told(what)}; it belongs in a Secret")
    yield from text.unread()
