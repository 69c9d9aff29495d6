"""What may be wrong in a policy and changes nothing that can be told, and why. By policy; the text as a test prints it."""

EQUIVALENT: dict[str, dict[str, str]] = {}

FACTS: dict[str, str] = {}
"""Files that are nothing but facts, and what holds them."""
