"""What the rules of aggregated ClusterRoles come to.

The controller is pkg/controller/clusterroleaggregation of 1.37.2; what the submitted rules of such a role become was
measured on an API server and a controller manager of that version.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf

from gatewright.model.rbac import ClusterRole, PolicyRule

Rules = tuple[PolicyRule, ...]


def aggregated(cluster_roles: Iterable[ClusterRole]) -> dict[str, Rules]:
    """The rules that every ClusterRole with an aggregationRule comes to, by its name: those of all others it selects.

    Its submitted rules are replaced, but for two cases in which they outlive the controller: where there is no rule to
    replace them with, and in a circle of roles that select one another. There all goes round for ever that a member, or
    a role that it selects, has had for a moment.
    """
    roles = {role.name: role for role in cluster_roles}
    selected = _selections(roles)
    rules = {name: role.rules for name, role in roles.items()}
    for circle in _circles(selected):
        if len(circle) > 1:
            rules |= dict.fromkeys(circle, _union(roles[name].rules for name in _reached(circle, selected)))
        else:
            rules |= {name: _union(rules[other] for other in selected[name]) or rules[name] for name in circle}
    return {name: rules[name] for name in selected}


def lends(role: ClusterRole, labels: dict[str, str]) -> bool:
    """Whether an aggregated role selects a ClusterRole of such labels."""
    aggregation = role.aggregation_rule
    return aggregation is not None and any(one.matches(labels) for one in aggregation.cluster_role_selectors)


def _union(lists: Iterable[Rules]) -> Rules:
    return tuple(dict.fromkeys(itertools.chain.from_iterable(lists)))


def _reached(names: Iterable[str], selected: Mapping[str, Sequence[str]]) -> Iterable[str]:
    """These, all that they select, and so on."""
    found = dict.fromkeys(names)
    waiting = list(found)
    while waiting:
        new = [other for other in selected.get(waiting.pop(), ()) if other not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return found


def _selections(roles: Mapping[str, ClusterRole]) -> dict[str, list[str]]:
    """The roles that each aggregated one selects, selector by selector and then by name, without itself."""
    labelled = defaultdict[tuple[str, str], list[str]](list)
    for name in (names := sorted(roles)):
        for label in roles[name].metadata.labels.items():
            labelled[label].append(name)
    selections = {}
    for name in names:
        if (aggregation := roles[name].aggregation_rule) is not None:
            found = dict.fromkeys(
                other
                for selector in aggregation.cluster_role_selectors
                for other in min((labelled[label] for label in selector.match_labels.items()), key=len, default=names)
                if other != name and selector.matches(roles[other].metadata.labels)
            )
            selections[name] = list(found)
    return selections


def _circles(selected: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The aggregated roles by strongly connected component (Tarjan), each after all that it leads to; most are of one.

    Without recursion: a chain may be longer than Python's stack.
    """
    seen: dict[str, int] = {}
    low: dict[str, float] = {}  # of those in a component that is told: infinity
    pending: list[str] = []
    for start in selected:
        walk = [] if start in seen else [start]
        ways: dict[str, Iterator[str]] = {}
        while walk:
            name = walk[-1]
            if name not in seen:
                seen[name] = low[name] = len(seen)
                pending.append(name)
                ways[name] = (other for other in selected[name] if other in selected)
            onward = next(ways[name], None)
            if onward is None:
                walk.pop()
                if low[name] == seen[name]:
                    circle = [pending.pop()]
                    while circle[-1] != name:
                        circle.append(pending.pop())
                    low |= dict.fromkeys(circle, inf)
                    yield circle
                if walk:
                    low[walk[-1]] = min(low[walk[-1]], low[name])
            elif onward in seen:
                low[name] = min(low[name], low[onward])
            else:
                walk.append(onward)
