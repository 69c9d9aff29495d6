"""Values that become a text of one's choice, and keys that stand twice: what `json` would not write by itself."""

import json
import re
from typing import Any

# Private characters: no recorded review has them, and `json` writes them as they are.
_RAW, _AGAIN = "\ue0a1", "\ue0a2"
_RAWS = re.compile(f'"{_RAW}((?:[0-9a-f]{{2}})*){_RAW}"')


def raw(text: str) -> str:
    """A string that stands for a piece of JSON text, be it JSON or not; as a key too."""
    return f"{_RAW}{text.encode().hex()}{_RAW}"


def again(key: str) -> str:
    """The key, in a mapping that has it already."""
    return f"{key}{_AGAIN}"


def text(value: Any) -> str:
    """The JSON text of a value, pieces and keys written as they were meant."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if _RAW in written:
        written = _RAWS.sub(lambda found: bytes.fromhex(found[1]).decode(errors="replace"), written)
    return written.replace(_AGAIN, "") if _AGAIN in written else written
