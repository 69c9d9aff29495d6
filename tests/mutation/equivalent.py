"""What may be wrong in a file and changes nothing that cases can tell, and why. By file; the text as a test prints it.

A case has one policy, and parameters that are accepted.
"""

EQUIVALENT: dict[str, dict[str, str]] = {
    "pod_security/capabilities_restricted": {
        "'capabilities-baseline' left out": "it is silent beside another policy: tests/unit/engine/test_rules.py",
        "'drop-all-capabilities' left out": "it is silent beside another policy: tests/unit/engine/test_rules.py",
    },
    "pod_security/restricted_volumes": {
        "without .sources": "the pod as plain dicts, which is read then, has them too: the types are only quicker",
    },
    "pods/_amounts": {
        "the bound of amount <= 0": "which parameters are refused: tests/unit/policies/pods/test_amounts.py",
    },
}

FACTS = {
    "cluster/_lifecycle": "hack/lifecycle writes it out of upstream's sources: tests/unit/hack/test_api_lifecycle.py"
}
"""Files without a condition that are nothing but facts, and what holds them."""
