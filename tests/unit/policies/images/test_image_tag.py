import pytest
from pydantic import ValidationError

from gatewright.policy import Params
from tests.builders import built_in


def image_tag(pattern: str) -> Params:
    params = built_in().policies["image-tag"].params
    assert params is not None
    return params.model_validate({"pattern": pattern})


def test_a_pattern_is_one_of_re2() -> None:
    assert image_tag(r"v\d+").model_dump()["pattern"] == r"v\d+"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("(", "missing ): ("), ("(?<=v)1", "invalid perl operator: (?<="), (r"(v)\1", r"invalid escape sequence: \1")],
)
def test_what_is_none_is_told_when_the_configuration_is_read(
    pattern: str, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValidationError) as caught:
        image_tag(pattern)
    assert [error["msg"] for error in caught.value.errors()] == [
        f"Value error, {pattern!a} is no regular expression of RE2: {why}"
    ]
    assert capfd.readouterr().err == ""
