"""What may be wrong in a file and changes nothing that cases can tell, and why. By file; the text as a test prints it.

A case has one policy, and parameters that are accepted.
"""

GUESS = "where exactly a guess begins to be one is measured on the corpus: tests/unit/policies/secrets"
BUDGET = "a byte more or less of a budget, or of a word, is nothing that is told"

EQUIVALENT: dict[str, dict[str, str]] = {
    "pod_security/capabilities_restricted": {
        "'capabilities-baseline' left out": "it is silent beside another policy: tests/unit/engine/test_rules.py",
        "'drop-all-capabilities' left out": "it is silent beside another policy: tests/unit/engine/test_rules.py",
    },
    "pod_security/restricted_volumes": {
        "without .sources": "the pod as plain dicts, which is read then, has them too: the types are only quicker",
    },
    "secrets/_params": {
        "the bound of len(pattern) > LONGEST_PATTERN": "which patterns are refused: tests/unit/policies/secrets",
    },
    "secrets/_places": {"the bound of len(word) < 100": BUDGET},
    "secrets/_proofs": {
        "the bound of len(set(value)) < 4": GUESS,
        "the bound of len(set(body.group())) > 9": GUESS,
        "the bound of len(value) > 2": GUESS,
    },
    "secrets/_scan": {
        "the bound of left <= 0": BUDGET,
        "the bound of 2 * self._look.size <= left": BUDGET,
        "the bound of first <= start": BUDGET,
    },
    "secrets/_suspicion": {
        "the bound of 6 <= len(value) <= LONGEST": GUESS,
        "the bound of entropy(value) >= min(3.0, 0.8 * math.log2(len(value)))": GUESS,
        "the bound of entropy(value) >= 0.6 * math.log2(len(value))": GUESS,
        "the bound of sum((len(word) for word in words if _WORD.fullmatch(word))) >= 0.5 * sum(map(len, words))": GUESS,
    },
    "pods/_amounts": {
        "the bound of amount <= 0": "which parameters are refused: tests/unit/policies/pods/test_amounts.py",
    },
}

FACTS = {
    "cluster/_lifecycle": "hack/lifecycle writes it out of upstream's sources: tests/unit/hack/test_api_lifecycle.py"
}
"""Files without a condition that are nothing but facts, and what holds them."""
