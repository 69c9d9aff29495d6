"""Objects have the labels that say whose they are.

Fields:  metadata.labels of the objects of `kinds`
Allowed: each label of `labels` is there, is not blank, and is what its pattern says as a whole, if it has one
Why:     an object whose owner nobody knows is patched, paid for and taken down by nobody; bills, alerts and policies
         go by labels.
Source:  core/v1 ObjectMeta; "Recommended Labels"
"""

from gatewright.policy import Params, Resource, Severity, Violations, policy

from ._required import KINDS, Keys, Kind, missing


class RequiredLabels(Params):
    """`labels`: those that there must be, a list or e.g. `{owner: null, team: {pattern: "[a-z]+"}}`. `kinds`: of
    what."""

    labels: Keys = {"owner": None}
    kinds: list[Kind] = ["Namespace"]


@policy(severity=Severity.LOW, kinds=KINDS)
def required_labels(resource: Resource, params: RequiredLabels) -> Violations:
    if resource.kind in params.kinds:
        yield from missing(resource, "labels", resource.metadata.labels, params.labels)
