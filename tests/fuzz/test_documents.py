"""Texts by chance are read as a second reading has them, or refused with a line; never anything else."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from fuzz.campaign import Subject
from fuzz.documents import Texts
from fuzz.tally import TEXTS, Tally
from fuzz.yaml_texts import bomb
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.engine.documents import Document, read
from tests.fuzz.conftest import Wrong
from tests.fuzz.test_reviews import CHANCES, often
from tests.service.harness import environment

LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | LETTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LETTERS, inner, max_size=4),
    max_leaves=12,
)

pytestmark = pytest.mark.fuzz


def test_texts(asked_of: Callable[[Subject], Wrong]) -> None:
    texts, tally = Texts(), Tally()
    wrong = asked_of(texts)

    @settings(often, max_examples=1_500)
    @given(CHANCES)
    def run(rng: Random) -> None:
        body = texts.case(rng)
        reason = wrong(body, tally)
        assert not reason, f"{reason}: {body!r}"

    run()
    assert tally.unreached(TEXTS) == []


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Quoted(yaml.SafeDumper):
    """Quotes every text: without quotes `0E0` is one to PyYAML, and a number to Kubernetes."""


Quoted.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def as_yaml(value: Any) -> str:
    dumped: str = yaml.dump(value, Dumper=Quoted, allow_unicode=True)
    return dumped


@pytest.mark.parametrize("write", [as_json, as_yaml])
def test_what_is_written_is_read_again(write: Callable[[Any], str]) -> None:
    @settings(often, max_examples=500)
    @given(st.dictionaries(LETTERS, PLAIN, max_size=4))
    def run(value: Any) -> None:
        [document] = read(write(value).encode(), "a.yaml")
        assert isinstance(document, Document)
        assert document.value == value

    run()


def test_a_bomb_is_refused_soon_and_in_little_memory(tmp_path: Path) -> None:
    """On the command line, where a person waits: a file of 700 bytes that stands for 12 ** 11 values."""
    file = tmp_path / "bomb.yaml"
    file.write_text(bomb(12, 12))
    script = "import pathlib, runpy, sys, time; sys.argv[0] = 'gatewright'\n"
    script += "try: runpy.run_module('gatewright', run_name='__main__')\n"
    script += "finally:\n  [most] = [line for line in open('/proc/self/status') if line.startswith('VmHWM')]\n"
    script += "  print(most.split()[1], time.process_time(), file=sys.stderr)\n"
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, "scan", str(file)],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    waited = time.monotonic() - begun
    *said, measured = done.stderr.splitlines()
    kilobytes, seconds = measured.split()
    assert f"{file}:6: aliases stand for more than 100,000 values" in "\n".join([*said, done.stdout])
    assert done.returncode == 2
    assert int(kilobytes) < 200 * 1024
    assert float(seconds) < 1, f"it waited {waited} s"
