"""Objects have the annotations that people and programs look for.

Fields:  metadata.annotations of the objects of `kinds`
Allowed: each annotation of `annotations` is there, is not blank, and is what its pattern says as a whole, if it has
         one; none is asked for unless it is set
Why:     what does not fit into a label, such as whom to call or where it is described, is found where everybody looks.
Source:  core/v1 ObjectMeta
"""

from gatewright.policy import Params, Resource, Severity, Violations, policy

from ._required import KINDS, Keys, Kind, missing


class RequiredAnnotations(Params):
    """`annotations`: those that there must be, a list or e.g. `{contact: {pattern: ".+@shop[.]example"}}`. `kinds`: of
    what."""

    annotations: Keys = []
    kinds: list[Kind] = ["Namespace"]


@policy(severity=Severity.LOW, kinds=KINDS)
def required_annotations(resource: Resource, params: RequiredAnnotations) -> Violations:
    if resource.kind in params.kinds:
        yield from missing(resource, "annotations", resource.metadata.annotations, params.annotations)
