"""The catalogue of policies: a table of all, a page of one."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gatewright.engine.catalog import Catalog, Entry
from gatewright.engine.config import Configuration
from gatewright.engine.decision import Mode
from gatewright.engine.modes import Modes
from gatewright.model.version import V
from gatewright.policy import Policy


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to know of a policy, and its mode in each profile."""

    entry: Entry
    modes: dict[str, str]

    @property
    def policy(self) -> Policy:
        """The policy."""
        return self.entry.policy

    @property
    def id(self) -> str:
        """The policy's id."""
        return self.policy.id

    @property
    def modes_in_short(self) -> list[str]:
        """The modes for a table: where severities differ, what the policy's own has, and that it does."""
        short = (mode.partition(f"{self.policy.severity}: ") for mode in self.modes.values())
        return [f"{rest.partition(',')[0]}*" if found else mode for mode, found, rest in short]

    @property
    def document(self) -> dict[str, Any]:
        """The page for programs."""
        policy = self.policy
        return {
            "id": policy.id,
            "alias": policy.alias or None,
            "subject": self.entry.subject,
            "severity": str(policy.severity),
            "level": policy.level and str(policy.level),
            "since": str(policy.since),
            "overrides": ", ".join(sorted(policy.overrides)) or None,
            "modes": self.modes,
            "parameters": {} if policy.params is None else policy.params.model_json_schema()["properties"],
            "summary": policy.summary,
            "text": policy.text,
        }

    @property
    def text(self) -> str:
        """The page for people."""
        policy = self.policy
        facts = {
            "severity": str(policy.severity),
            "modes": ", ".join(f"{mode} in {profile}" for profile, mode in self.modes.items()),
            "level": policy.level or "",
            "since": str(policy.since) if policy.since > V(1, 0) else "",
            "replaces": ", ".join(sorted(policy.overrides)),
            "also known as": policy.alias,
            "parameters": inspect.getdoc(policy.params) if policy.params else "",
        }
        lines = [f"{name + ':':<15}{value}" for name, value in facts.items() if value]
        return "\n".join([f"{self.entry.subject}/{policy.id}", "", policy.text, "", *lines])


BY_SEVERITY = "*: by the severity of what is found; this is the mode of the policy's own"


def pages(catalog: Catalog, profiles: Mapping[str, Configuration]) -> list[Page]:
    """The pages of a catalogue, by id."""
    return [
        Page(entry, {name: str(_mode(profile, id_)) for name, profile in profiles.items()})
        for id_, entry in catalog.entries.items()
    ]


def _mode(profile: Configuration, policy_id: str) -> Modes:
    return profile.before_labels[0].modes.get(policy_id, Modes.all(Mode.OFF))


def table(listed: list[Page], profiles: list[str]) -> list[str]:
    """The catalogue: headings, a line a policy, its sentence last and unwrapped; what a star is, where there is one."""
    rows = [("POLICY", "SEVERITY", *map(str.upper, profiles), "WHAT IT ASKS FOR")]
    rows += [(page.id, str(page.policy.severity), *page.modes_in_short, page.policy.summary) for page in listed]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*lines, *([BY_SEVERITY] if any(mode.endswith("*") for row in rows for mode in row[2:-1]) else ())]
