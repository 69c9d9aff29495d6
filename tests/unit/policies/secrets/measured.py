"""How often the two policies are right about the corpus, and what they cost."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gatewright.policy import ConfigMap, Policy
from policies.secrets._params import Looked
from policies.secrets._scan import Text
from tests.builders import built_in
from tests.unit.policies.secrets.clean import clean
from tests.unit.policies.secrets.dirty import Sample, known, unshaped


class Measured(NamedTuple):
    """Of a policy: what it said of what is and of what is not."""

    policy: str
    dirty: int
    missed: tuple[str, ...]
    clean: int
    wrong: tuple[str, ...]

    @property
    def recall(self) -> float:
        """The share of credentials that was found."""
        return 1 - len(self.missed) / self.dirty

    @property
    def precision(self) -> float:
        """The share of findings that are right."""
        found = self.dirty - len(self.missed)
        return found / (found + len(self.wrong))


def policy(id_: str) -> Policy:
    """A policy of the subject."""
    return built_in().entries[id_].policy


def said(id_: str, name: str, value: str) -> list[str]:
    """What a policy says of a ConfigMap that has a value under a name."""
    one = policy(id_)
    assert one.params is not None
    return [violation.message for violation in one.check(ConfigMap(data={name: value}), one.params())]


def measured() -> Iterator[Measured]:
    """Both policies over the corpus."""
    samples: dict[str, Callable[[], Iterator[Sample]]] = {"literal-secret": known, "suspicious-value": unshaped}
    harmless = list(clean())
    for id_, make in samples.items():
        dirty = list(make())
        yield Measured(
            id_,
            len(dirty),
            tuple(f"{one.kind}: {one.name}={one.value}" for one in dirty if not said(id_, one.name, one.value)),
            len(harmless),
            tuple(f"{name}={value}" for name, value in harmless if said(id_, name, value)),
        )


def hinted(line: str) -> bool:
    """Whether a line has the hint of a shape, or the name of a credential."""
    text = Text(ConfigMap(data={"x": line}), Looked())
    return text.may_have_credentials() or text.may_have_names()
