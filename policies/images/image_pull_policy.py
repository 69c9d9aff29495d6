"""Images by tag are asked for at their registry before every start.

Fields:  containers[*].imagePullPolicy, in every container list; spec.volumes[*].image.pullPolicy
Allowed: Always; unset with the tag latest or none, where it means Always; anything with a digest
Why:     every tag can be moved. Otherwise one node runs what it has from before and another one what is there now, a
         mended image does not arrive, and whoever may not pull an image runs it where it was pulled for another.
Source:  Kubernetes, "Images", "Image pull policy" and "Default image pull policy"; AlwaysPullImages
"""

from gatewright.policy import Pod, Set, Severity, UsedImage, Violation, Violations, policy, quote


@policy(severity=Severity.LOW)
def image_pull_policy(pod: Pod) -> Violations:
    for use in pod.images:
        if use.image and use.image.digest:
            continue
        if (use.pull_policy or _default(use)) != "Always":
            is_what = f"is {quote(use.pull_policy)}" if use.pull_policy else "is unset, which means IfNotPresent"
            message = f"{use.words}, which the node may have from before: {use.pull_policy_field} {is_what}"
            yield Violation(use.node, use.pull_policy_field, message, fix=Set("Always"))


def _default(use: UsedImage) -> str:
    """What the API server sets where nothing is said; the webhook sees it set, files do not have it."""
    return "Always" if use.image and use.image.pulled_tag == "latest" else "IfNotPresent"
