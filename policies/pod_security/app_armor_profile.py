"""An AppArmor profile, where one is set, confines.

Fields:  spec.securityContext.appArmorProfile.type and containers[*].securityContext.appArmorProfile.type, in every
         container list; every annotation container.apparmor.security.beta.kubernetes.io/*
Allowed: unset, RuntimeDefault, Localhost, or a type in `allowed`; in an annotation empty, runtime/default,
         localhost/…, or unconfined where `allowed` has Unconfined
Why:     without its profile a container may write where the runtime's one forbids it: mounts, /proc, /sys.
Source:  KEP-2579; Pod Security Standards, baseline, "AppArmor"; since 1.0
"""

from gatewright.policy import REMOVE, Globs, Level, Params, Pod, Set, Severity, Violation, Violations, policy, quote

from ._shared import PROFILES, annotated, holders, label

ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"


class AppArmorProfile(Params):
    """`allowed`: types of profiles beside RuntimeDefault and Localhost: `[Unconfined]`."""

    allowed: Globs = Globs()


@policy(severity=Severity.MEDIUM, level=Level.BASELINE, reason="forbidden AppArmor profile", alias="appArmorProfile")
def app_armor_profile(pod: Pod, params: AppArmorProfile) -> Violations:
    for holder in holders(pod):
        profile = holder.security_context.app_armor_profile
        if profile and profile.type not in PROFILES and not params.allowed.match(profile.type):
            message = f"{label(holder)} must not set securityContext.appArmorProfile.type to {quote(profile.type)}"
            yield Violation(holder, "securityContext.appArmorProfile.type", message, fix=Set("RuntimeDefault"))
    for key, value in pod.metadata.annotations.items():
        if key.startswith(ANNOTATION) and value and not annotated(value, params.allowed):
            message = f"annotation {quote(key)} must be runtime/default or a localhost/ profile"
            yield Violation(pod.metadata, ("annotations", key), message, fix=REMOVE)
