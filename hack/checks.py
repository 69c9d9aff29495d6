"""Configurations for what is about the pod-security checks, and not about the rest of the catalogue."""

from gatewright.engine.catalog import built_in

SUBJECT = "pod_security"


def alone() -> dict[str, str]:
    """The `policies` of a configuration that turn every other subject off."""
    subjects = {file.parent.name for file in built_in().glob("*/*.py")} - {SUBJECT}
    return {f"{subject}/*": "off" for subject in sorted(subjects)}
