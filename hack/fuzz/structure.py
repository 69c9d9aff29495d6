"""Damage to the structure of a review: values that are of another type, or in another place."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from fuzz.raw import again, raw

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2.0, 1.5, 2**31, 2**63, 2**64, "", "x", "true", "0", "null"),
    *([], [None], [[]], [0], ["x"], {}, {"": None}, {"a": {}}),
    *("\u0000", "\ufeff", "\u202e", "é" * 40, "😀", "<&>\u2028", "a" * 5000),
)
"""Values of every type, and some of them awkward."""

RAW = (
    *("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "-0", "-0.0", "1.0", "0.0", "0e0", "1e2", "1e18", "1e19"),
    *("01", "+1", ".5", "1.", "0x10", "1_000", "9" * 5000, "1" + "0" * 400 + ".0"),
    *("9223372036854775808", "18446744073709551616", "-9223372036854775809"),
    *("'x'", "undefined", "tru", "nulll", "/**/1", "[1,]", '{"a":1,}', '{"a" 1}', "{,}"),
    *('"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '"\\x41"', '"\\u12"'),
    *('"\t"', '"a\nb"', '"unended'),
)
"""Pieces of a text that stand for a value: JSON that few write, and what is none."""


class Place(NamedTuple):
    """A place in an object: what holds it, the key or index there, and what it is all in."""

    holder: Any
    step: Any
    root: Any

    @property
    def value(self) -> Any:
        """What stands there."""
        return self.holder[self.step]

    def put(self, value: Any) -> None:
        """Something else."""
        self.holder[self.step] = value


def place(rng: Random, root: Any) -> Place:
    """A place in a `root` that holds something."""
    holder, step = root, _step(rng, root)
    while rng.random() < 0.82:
        inner = holder[step]
        if not isinstance(inner, dict | list) or not inner:
            break
        holder, step = inner, _step(rng, inner)
    return Place(holder, step, root)


def _step(rng: Random, holder: Any) -> Any:
    return rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))


def damage(rng: Random, root: Any) -> None:
    """Damages one place."""
    if isinstance(root, dict | list) and root:
        at = place(rng, root)
        if rng.random() < 0.1:
            del at.holder[at.step]
        else:
            rng.choice(DAMAGES)(rng, at)


def _copy(value: Any) -> Any:
    """One of its own: a part that stands in two places could come to hold itself."""
    if isinstance(value, dict):
        return {key: _copy(entry) for key, entry in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _replace(rng: Random, at: Place) -> None:
    at.put(_copy(rng.choice(VALUES)))


def _replace_raw(rng: Random, at: Place) -> None:
    at.put(raw(rng.choice(RAW)))


def _duplicate(rng: Random, at: Place) -> None:
    """The key once more, before or after the first one, with another value."""
    if isinstance(at.holder, list):
        at.holder.insert(at.step, _copy(at.value))
        return
    other = rng.choice((_copy(rng.choice(VALUES)), raw(rng.choice(RAW)), _elsewhere(rng, at.root)))
    entries = list(at.holder.items())
    index = rng.choice((0, list(at.holder).index(at.step), len(entries)))
    entries.insert(index, (again(at.step), other))
    at.holder.clear()
    at.holder.update(entries)


def _elsewhere(rng: Random, root: Any) -> Any:
    value = place(rng, root).value
    return None if isinstance(value, dict | list) and len(str(value)) > 400 else _copy(value)


def _rename(rng: Random, at: Place) -> None:
    if isinstance(at.holder, list) or not at.step:
        return
    step: str = at.step
    name = rng.choice(
        (
            *(step.swapcase(), step.upper(), step.lower(), step.capitalize(), step[::-1], step[:-1], f"{step}s"),
            *(f"{step} ", f" {step}", f"{step}\u0000", f"\ufeff{step}", step.replace("i", "\u0131"), escaped(step)),
            *("", "request", "object", "spec"),
        )
    )
    entries = [(name if key == step else key, value) for key, value in at.holder.items()]
    at.holder.clear()
    at.holder.update(entries)


def escaped(key: str) -> str:
    """The key with its first character as an escape: the same key."""
    return raw(f'"\\u{ord(key[0]):04x}{key[1:]}"') if key.isascii() and key.isidentifier() else key


def _move(rng: Random, at: Place) -> None:
    value = at.holder.pop(at.step)
    if at.root:
        other = place(rng, at.root)
        if isinstance(other.holder, list):
            other.holder.insert(other.step, value)
        else:
            other.holder[at.step if isinstance(at.step, str) else other.step] = value


def _swap(rng: Random, at: Place) -> None:
    other = place(rng, at.root)
    first, second = at.value, other.value
    if not _holds(first, other.holder) and not _holds(second, at.holder):
        at.put(second)
        other.put(first)


def _holds(outer: Any, inner: Any) -> bool:
    if outer is inner:
        return True
    children = outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()
    return any(_holds(child, inner) for child in children)


def _wrap(rng: Random, at: Place) -> None:
    at.put(rng.choice(([at.value], [at.value, None], {"a": at.value}, {str(at.step): at.value})))


def _nest(rng: Random, at: Place) -> None:
    depth = rng.choice((2, 10, 100, 400, 480, 900, 999, 1500, 5000, 9990))
    if depth > 100 and rng.random() < 0.8:
        depth = 50  # the deep ones are slow to read twice
    opening, closing = rng.choice((("[", "]"), ('{"a":', "}"), ('{"spec":', "}")))
    nested = raw(f"{opening * depth}1{closing * depth}")
    if isinstance(at.value, dict) and rng.random() < 0.7:
        at.value["deep"] = nested
    else:
        at.put(nested)


def _repeat(rng: Random, at: Place) -> None:
    """Many of the same: items of a list, or keys."""
    number = 2000 if rng.random() < 0.002 else rng.choice((2, 3, 10, 30))
    if isinstance(at.holder, list):
        at.holder[at.step : at.step] = [_copy(at.value) for _ in range(number)]
    else:
        at.holder.update({f"{at.step}{index}": _copy(at.value) for index in range(number)})


NAMES = ("", "unknown", "Spec", "metadata", "hostPID", "\u0000", "__proto__", "$ref", "a.b", "uid")
"""Keys that may be there, or may not."""


def _insert(rng: Random, at: Place) -> None:
    value = _copy(rng.choice((rng.choice(VALUES), raw(rng.choice(RAW)))))
    if isinstance(at.holder, list):
        at.holder.insert(at.step, value)
    else:
        at.holder[rng.choice(NAMES)] = value


def _lengthen(rng: Random, at: Place) -> None:
    chance = rng.random()
    size = 1_500_000 if chance < 0.0005 else rng.choice((100, 300, 70_000)) if chance < 0.02 else 60
    at.put(rng.choice(("<", "é", "x", "\\", '"', "\u0007")) * size)


DAMAGES: tuple[Callable[[Random, Place], None], ...] = (
    *(_replace, _replace, _replace, _replace_raw, _replace_raw, _duplicate, _duplicate, _rename, _move, _swap),
    *(_wrap, _nest, _repeat, _insert, _insert, _lengthen),
)
"""The likelier ones are here more than once."""
