from typing import Any

import pytest
from pydantic import ValidationError

from gatewright.policy import Params
from tests.builders import built_in


def limits(**params: Any) -> Params:
    model = built_in().policies["resource-requests-limits"].params
    assert model is not None
    return model.model_validate(params)


def test_quantities_stay_as_they_are_written() -> None:
    written = {"maxLimits": {"cpu": 4, "memory": "8Gi", "example.com/gpu": "1", "hugepages-2Mi": "4Mi"}}
    assert limits(**written).model_dump(by_alias=True, include={"max_limits"}) == written
    assert limits(maxRatio={"memory": 1.5}).model_dump()["max_ratio"] == {"memory": 1.5}


@pytest.mark.parametrize(
    ("params", "place", "why"),
    [
        ({"maxLimits": {"memory": "8GB"}}, "maxLimits.memory", "'8GB' is no quantity, like 500m or 1Gi"),
        ({"minRequests": {"cpu": "0m"}}, "minRequests.cpu", "'0m' is not more than nothing"),
        ({"maxRatio": {"memory": -2}}, "maxRatio.memory", "-2 is not more than nothing"),
        ({"maxRatio": {"memory": float("nan")}}, "maxRatio.memory", "nan is no quantity, like 500m or 1Gi"),
        (
            {"minLimits": {"mem": "1Gi"}},
            "minLimits.mem.[key]",
            "'mem' is no resource like cpu, memory, ephemeral-storage or example.com/gpu",
        ),
        (
            {"require": ["limits.Memory"]},
            "require.0",
            "'Memory' is no resource like cpu, memory, ephemeral-storage or example.com/gpu",
        ),
        (
            {"require": ["requests.memory", "limit.memory"]},
            "require.1",
            "'limit.memory' is neither limits nor requests of a resource, like limits.memory",
        ),
        (
            {"require": "limits"},
            "require.0",
            "'' is no resource like cpu, memory, ephemeral-storage or example.com/gpu",
        ),
    ],
)
def test_what_is_wrong_is_told_when_the_configuration_is_read(params: dict[str, Any], place: str, why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        limits(**params)
    assert [(".".join(map(str, error["loc"])), error["msg"]) for error in caught.value.errors()] == [
        (place, f"Value error, {why}")
    ]
