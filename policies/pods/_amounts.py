"""Resources and quantities in the parameters of a policy: what is wrong with them is told with the configuration."""

import re
from typing import Annotated

from pydantic import AfterValidator

from gatewright.policy import Quantity, parse_quantity

_RESOURCE = re.compile(r"cpu|memory|ephemeral-storage|hugepages-[0-9]+[KMG]i|[a-z0-9.-]+/[a-zA-Z0-9._-]+")


def _resource(name: str) -> str:
    if not _RESOURCE.fullmatch(name):
        raise ValueError(f"{name!a} is no resource like cpu, memory, ephemeral-storage or example.com/gpu")
    return name


def _requirement(text: str) -> str:
    kind, _, resource = text.partition(".")
    if kind not in {"limits", "requests"}:
        raise ValueError(f"{text!a} is neither limits nor requests of a resource, like limits.memory")
    _resource(resource)
    return text


def _amount(written: Quantity) -> Quantity:
    try:
        amount = parse_quantity(written)
    except ValueError as error:
        raise ValueError(f"{written!a} {error}") from None
    if amount <= 0:
        raise ValueError(f"{written!a} is not more than nothing")
    return written


Requirement = Annotated[str, AfterValidator(_requirement)]
"""`limits` or `requests` of a resource: `limits.memory`."""

Amounts = dict[Annotated[str, AfterValidator(_resource)], Annotated[Quantity, AfterValidator(_amount)]]
"""Quantities by the resource: `{cpu: "4", memory: 8Gi}`."""
