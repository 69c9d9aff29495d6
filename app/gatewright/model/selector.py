"""Label selectors: which objects something is about."""

from gatewright.model.schema import Part


class LabelSelectorRequirement(Part, frozen=True, rename="camel", gc=False):
    """What one label must be: `operator` is In, NotIn, Exists or DoesNotExist."""

    key: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()

    def matches(self, labels: dict[str, str]) -> bool:
        """Whether labels are so; NotIn and DoesNotExist also hold where there is no such label."""
        value = labels.get(self.key)
        match self.operator:
            case "In":
                return value in self.values
            case "NotIn":
                return value not in self.values
            case "Exists":
                return value is not None
            case "DoesNotExist":
                return value is None
        return False


class LabelSelector(Part, frozen=True, rename="camel", gc=False):
    """Labels that an object must have, all of them; an empty selector picks everything."""

    match_labels: dict[str, str] = {}
    match_expressions: tuple[LabelSelectorRequirement, ...] = ()

    def matches(self, labels: dict[str, str]) -> bool:
        """Whether it picks what has these labels (k8s.io/apimachinery, pkg/apis/meta/v1/helpers.go)."""
        return self.match_labels.items() <= labels.items() and all(
            requirement.matches(labels) for requirement in self.match_expressions
        )

    @property
    def keys(self) -> frozenset[str]:
        """The labels that decide; none for a selector that picks everything."""
        return frozenset(self.match_labels) | {requirement.key for requirement in self.match_expressions}
