import pytest
from pydantic import ValidationError

from gatewright.engine.reading import ConfigError
from policies.secrets._params import Looked, Patterns
from tests.builders import load, raises


def test_a_pattern_fits_the_whole_of_a_text() -> None:
    patterns = Patterns.parse(["ab+", "x"])
    assert [patterns.match(text) for text in ("abb", "x", "abx", "ax", "")] == [True, True, False, False, False]
    assert not Patterns().match("")


def test_a_scalar_stands_for_a_list_of_one_and_is_written_as_a_list() -> None:
    params = Looked.model_validate({"allowedPatterns": "a+", "ignorePaths": "data.*", "maxBytes": 5})
    assert params.model_dump(by_alias=True) == {"ignorePaths": ["data.*"], "allowedPatterns": ["a+"], "maxBytes": 5}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("'a('", "'a(' is no regular expression of RE2: missing ): a("),
        (r"'(a)\1'", r"'(a)\\1' is no regular expression of RE2: invalid escape sequence: \1"),
        ("'(?=a)'", "'(?=a)' is no regular expression of RE2: invalid perl operator: (?="),
        (f"'{'a' * 1001}'", "a pattern is longer than 1000 characters"),
        ("'a{1000}{1000}'", "'a{1000}{1000}' is no regular expression of RE2: bad repetition operator: {1000}{1000}"),
    ],
)
def test_what_is_no_pattern_is_said_when_it_is_loaded(written: str, message: str) -> None:
    key = "policies.literal-secret.allowedPatterns"
    with raises(ConfigError, f"gatewright.yaml:1: {key}: {message}"):
        load(f"policies: {{literal-secret: {{allowedPatterns: [{written}]}}}}")


@pytest.mark.parametrize("size", [0, -1])
def test_a_budget_is_at_least_a_byte(size: int) -> None:
    with pytest.raises(ValidationError, match="Input should be greater than or equal to 1"):
        Looked.model_validate({"maxBytes": size})
