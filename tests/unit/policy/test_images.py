import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from gatewright.policy import ImagePatterns, Params, parse_image
from tests.builders import raises


class Example(Params):
    allowed: ImagePatterns | None = None


@pytest.mark.parametrize(
    ("pattern", "images", "others"),
    [
        ("nginx", {"nginx:1", "docker.io/nginx", "index.docker.io/library/nginx"}, {"nginx/nginx", "ghcr.io/nginx"}),
        ("library/nginx", {"nginx"}, {"nginxx"}),
        ("docker.io/nginx", {"nginx"}, {"docker.io/nginx/nginx"}),
        ("nginx*", {"nginx", "nginx-exporter"}, {"nginx/nginx", "xnginx"}),
        ("bitnami/*", {"bitnami/a", "bitnami/a/b"}, {"bitnami", "bitnamix/a", "ghcr.io/bitnami/a"}),
        ("docker.io/*", {"nginx", "a/b/c"}, {"docker.io:5000/nginx", "docker.io.evil.com/nginx"}),
        ("INDEX.docker.io:443/*", {"nginx"}, {"ghcr.io/nginx"}),
        ("ghcr.io/*", {"ghcr.io/a", "GHCR.io:443/a/b"}, {"ghcr.io", "xghcr.io/a", "ghcr.io:444/a", "a.ghcr.io/a"}),
        ("r.io/team/app", {"r.io/team/app:1"}, {"r.io/team/app/x", "r.io/team", "r.io/team/apps", "r.io/x/team/app"}),
        ("r.io/team-*", {"r.io/team-a"}, {"r.io/team-a/app", "r.io/team"}),
        ("r.io/team-*/*", {"r.io/team-a/app", "r.io/team-a/b/c"}, {"r.io/team-a", "r.io/tea/app"}),
        ("r.io/*/app", {"r.io/a/app"}, {"r.io/app", "r.io/a/b/app"}),
        ("r.io/*-a*z", {"r.io/x-az", "r.io/x-a.b-z"}, {"r.io/xaz", "r.io/x-a/z"}),
        ("r.io:5000/*", {"r.io:5000/a", "R.io:05000/a"}, {"r.io/a", "r.io:50000/a"}),
        ("*.r.io/*", {"a.r.io/a", "a.b.r.io/a"}, {"r.io/a", "xr.io/a", "a.r.io:5000/a", "a.r.io.evil.com/a"}),
        ("*.r.io:5000/app", {"a.r.io:5000/app"}, {"a.r.io/app"}),
        ("*-docker.pkg.dev/p/*", {"europe-docker.pkg.dev/p/a"}, {"x.europe-docker.pkg.dev/p/a", "docker.pkg.dev/p/a"}),
        ("1.ecr.*.AWS.com/*", {"1.ecr.eu-1.aws.com/a"}, {"1.ecr.aws.com/a", "1.ecr.a.b.aws.com/a", "2.ecr.a.aws.com"}),
        ("*.*.r.io/*", {"a.b.r.io/a", "a.b.c.r.io/a"}, {"b.r.io/a"}),
        ("inde*.docker.io/*", {"indes.docker.io/a"}, {"docker.io/a", "index.docker.io/a"}),
        ("localhost/*", {"localhost/a", "LOCALHOST:443/a"}, {"localhost:5000/a", "localhost"}),
        ("mirror:443/*", {"mirror:443/a", "Mirror/a"}, {"mirror/a", "mirror:5000/a"}),
        ("MIRROR/*", {"mirror:443/a"}, {"mirror/a"}),
        ("[2001:DB8:0::1]:5000/*", {"[2001:db8::1]:5000/a"}, {"[2001:db8::1]/a", "[2001:db8::2]:5000/a", "d:5000/a"}),
        ("[::ffff:a00:1]:5000/*", {"10.0.0.1:5000/a"}, {"10.0.0.2:5000/a"}),
        ("a_b.example/*", {"a_b.example/a"}, {"a-b.example/a"}),
        ("*", {"nginx", "r.io/a/b/c", "mirror:5000/a"}, set()),
    ],
)  # fmt: skip
def test_patterns(pattern: str, images: set[str], others: set[str]) -> None:
    patterns = ImagePatterns.parse([pattern])
    assert {image for image in images | others if patterns.match(parse_image(image))} == images


def test_one_of_several_patterns_is_enough_and_none_means_no_image() -> None:
    patterns = ImagePatterns.parse(["nginx", "r.io/*"])
    assert patterns.match(parse_image("r.io/a"))
    assert not patterns.match(parse_image("redis"))
    assert not ImagePatterns().match(parse_image("nginx"))


REGISTRY = "a registry is followed by /*, and no pattern has a tag"
STRANGE = "it has a scheme, a user or a digest"
STARS = "it has **; a last part * is everything below"
NO_REGISTRY = "it names no registry; `*` alone is every image"
LAST = "the last part of its registry has a *"
HOST = "its registry is no host"
PARTS = "its repository is not made of parts like team/app-* in lower case, without a tag"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("ghcr.io", REGISTRY),
        ("*.r.io", REGISTRY),
        ("localhost", REGISTRY),
        ("registry:5000", REGISTRY),
        ("nginx:1", REGISTRY),
        ("nginx:1.25", PARTS),
        ("nginx:*", PARTS),
        ("r.io/app:1", PARTS),
        ("r.io/app:*", PARTS),
        ("nginx@sha256:*", STRANGE),
        ("https://r.io/*", STRANGE),
        ("jane@r.io/*", STRANGE),
        ("*/nginx", NO_REGISTRY),
        ("*/*", NO_REGISTRY),
        ("r.*/app", LAST),
        ("r.io*/app", LAST),
        ("r.io:*/app", LAST),
        ("[*]:5000/app", LAST),
        ("*r/app.", PARTS),
        ("r.io./app", HOST),
        ("**.r.io/app", STARS),
        ("*..r.io/app", HOST),
        ("r.io:http/app", HOST),
        ("**", STARS),
        ("r.io/**", STARS),
        ("r.io/**/app", STARS),
        ("r.io/a?", PARTS),
        ("r.io/[ab]", PARTS),
        ("r.io/App", PARTS),
        ("r.io/", PARTS),
        ("r.io//a", PARTS),
        ("r.io/../a", PARTS),
        ("/a", PARTS),
        ("", PARTS),
        (" nginx", PARTS),
        ("nginx\n", PARTS),
        ("ng\u0456nx", PARTS),
    ],
)
def test_what_is_no_pattern(pattern: str, why: str) -> None:
    with raises(ValueError, f"{pattern!a} is no pattern of images: {why}"):
        ImagePatterns.parse([pattern])


def test_a_pattern_is_read_when_the_configuration_is() -> None:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate({"allowed": ["nginx", "ghcr.io"]})
    assert [error["msg"] for error in caught.value.errors()] == [
        f"Value error, 'ghcr.io' is no pattern of images: {REGISTRY}"
    ]


def test_patterns_are_written_as_they_are_read() -> None:
    written = ["*", "Ghcr.io:443/*", "nginx"]
    assert Example.model_validate({"allowed": written}).model_dump() == {"allowed": written}


def test_a_pattern_stands_for_a_list_of_one() -> None:
    assert Example.model_validate({"allowed": "nginx"}) == Example.model_validate({"allowed": ["nginx"]})


def test_nothing_said_is_not_the_same_as_nothing_allowed() -> None:
    assert Example.model_validate({}).allowed is None
    assert Example.model_validate({"allowed": []}).allowed == ImagePatterns()


def test_the_schema_is_of_what_is_written() -> None:
    item: dict[str, Any] = {"type": "string", "pattern": r"^[a-zA-Z0-9*._:/\[\]-]+$"}
    assert Example.model_json_schema()["properties"] == {
        "allowed": {"title": "Allowed", "anyOf": [item, {"type": "array", "items": item}]}
    }


@pytest.mark.parametrize("glob", ["*a" * 60 + "b", "*" + "a*" * 100])
def test_the_worst_pattern_takes_less_than_50_ms(glob: str) -> None:
    patterns = ImagePatterns.parse([f"r.io/{glob}"])
    patterns.match(parse_image("r.io/a"))  # the pattern is compiled once
    started = time.process_time()
    patterns.match(parse_image(f"r.io/{'a' * 254}c"))
    assert time.process_time() - started < 0.05


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b-c", "team"]), min_size=1, max_size=3), st.sampled_from(["r.io", "x.y:5000"]))
def test_an_image_is_meant_by_its_own_name_and_by_everything_above_it(parts: list[str], registry: str) -> None:
    image = parse_image(f"{registry}/{'/'.join(parts)}:1")
    assert ImagePatterns.parse([image.name]).match(image)
    for number in range(len(parts)):
        assert ImagePatterns.parse(["/".join([registry, *parts[:number], "*"])]).match(image)
