import pytest

from gatewright.engine.documents.lines import Lines, line_of, quoted
from gatewright.model.path import Path

# spec: {containers: [a, {image: b}]}, one line each
PLACE = Lines(1, {"spec": Lines(2, {"containers": Lines(3, [4, Lines(5, {"image": 6})])})})


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("spec",), 2),
        (("spec", "containers", 0), 4),
        (("spec", "containers", 1, "image"), 6),
        (("spec", "containers", 1, "name"), 5),
        (("spec", "containers", 2, "image"), 3),
        (("spec", "containers", -1), 3),
        (("spec", "containers", "image"), 3),
        (("spec", "containers", 0, "image"), 4),
        (("kind",), 1),
    ],
)
def test_a_path_has_the_line_of_its_key_or_of_the_nearest_parent(path: Path, line: int) -> None:
    assert line_of(PLACE, path) == line


def test_a_quotation_is_short_and_on_one_line() -> None:
    assert quoted("naïve") == '"naïve"'
    assert quoted("a\nb\x1b[31m\x9b") == '"a\\nb\\u001b[31m\\u009b"'
    assert quoted("x" * 41) == '"' + "x" * 40 + '…"'
