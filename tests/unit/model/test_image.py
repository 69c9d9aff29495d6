"""Facts: distribution/reference v0.6.0 (its regexp_test, reference_test, normalize_test), go-digest v1.0.0, and
Kubernetes v1.37 (pkg/util/parsers). The tables are ours; each row was read by upstream's code as well."""

import re
import time
from collections.abc import Callable
from ipaddress import IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.model import image
from gatewright.model.image import ImageReference, parse_image, quote_image

HEX = "0123456789abcdef" * 4
DIGEST = f"sha256:{HEX}"


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("nginx", "docker.io", "library/nginx", "", ""),
        ("nginx:1.25", "docker.io", "library/nginx", "1.25", ""),
        (f"nginx@{DIGEST}", "docker.io", "library/nginx", "", DIGEST),
        (f"nginx:1.25@{DIGEST}", "docker.io", "library/nginx", "1.25", DIGEST),
        ("library/nginx", "docker.io", "library/nginx", "", ""),
        ("bitnami/nginx", "docker.io", "bitnami/nginx", "", ""),
        ("library/a/b", "docker.io", "library/a/b", "", ""),
        ("docker.io/nginx", "docker.io", "library/nginx", "", ""),
        ("docker.io/bitnami/nginx", "docker.io", "bitnami/nginx", "", ""),
        ("index.docker.io/nginx:1", "docker.io", "library/nginx", "1", ""),
        ("registry-1.docker.io/library/nginx", "docker.io", "library/nginx", "", ""),
        ("Docker.IO/nginx", "docker.io", "library/nginx", "", ""),
        ("docker.io:443/nginx", "docker.io", "library/nginx", "", ""),
        ("docker.io:5000/nginx", "docker.io:5000", "nginx", "", ""),
        ("docker/nginx", "docker.io", "docker/nginx", "", ""),
        ("test_com/app", "docker.io", "test_com/app", "", ""),
        ("localhost/app", "localhost", "app", "", ""),
        ("LOCALHOST/app", "localhost", "app", "", ""),
        ("localhost", "docker.io", "library/localhost", "", ""),
        ("localhost:5000", "docker.io", "library/localhost", "5000", ""),
        ("localhost:5000/app", "localhost:5000", "app", "", ""),
        ("localhost:443/app", "localhost", "app", "", ""),
        ("mirror/app", "docker.io", "mirror/app", "", ""),
        ("mirror:443/app", "mirror:443", "app", "", ""),
        ("Mirror/app", "mirror:443", "app", "", ""),
        ("mirror:5000/app:5050", "mirror:5000", "app", "5050", ""),
        ("registry.example.com", "docker.io", "library/registry.example.com", "", ""),
        ("registry.example.com:5000", "docker.io", "library/registry.example.com", "5000", ""),
        ("Registry.Example.com/team/app:V1", "registry.example.com", "team/app", "V1", ""),
        ("registry.example.com:00443/app", "registry.example.com", "app", "", ""),
        ("registry.example.com:0080/app", "registry.example.com:80", "app", "", ""),
        ("registry.example.com:0/app", "registry.example.com:0", "app", "", ""),
        ("registry.example.com:75050/app", "registry.example.com:75050", "app", "", ""),
        ("xn--n3h.com/app:xn--n3h.com", "xn--n3h.com", "app", "xn--n3h.com", ""),
        ("a_b.example/app", "a_b.example", "app", "", ""),
        ("192.168.1.1", "docker.io", "library/192.168.1.1", "", ""),
        ("192.168.1.1:5000/app", "192.168.1.1:5000", "app", "", ""),
        ("[2001:DB8:0::1]:5000/app:1", "[2001:db8::1]:5000", "app", "1", ""),
        ("[::1]:443/app", "[::1]", "app", "", ""),
        ("[::ffff:a00:1]:5000/app", "10.0.0.1:5000", "app", "", ""),
        ("[fd00123123123]:5000/app", "[fd00123123123]:5000", "app", "", ""),
        ("r.io/foo/project--id.module--na.ver---sion", "r.io", "foo/project--id.module--na.ver---sion", "", ""),
        ("r.io/some_part__two/app", "r.io", "some_part__two/app", "", ""),
        (f"docker.io/{HEX}", "docker.io", f"library/{HEX}", "", ""),
        (f"{HEX}:1", "docker.io", f"library/{HEX}", "1", ""),
        (HEX[:63], "docker.io", f"library/{HEX[:63]}", "", ""),
        (f"docker.io/library/sha256:{HEX}", "docker.io", "library/sha256", HEX, ""),
        ("sha256:1.2", "docker.io", "library/sha256", "1.2", ""),
        ("app:_Aa-1.b", "docker.io", "library/app", "_Aa-1.b", ""),
        (f"app:{'t' * 128}", "docker.io", "library/app", "t" * 128, ""),
        (f"app@sha384:{'0' * 96}", "docker.io", "library/app", "", f"sha384:{'0' * 96}"),
        (f"app@sha512:{'f' * 128}", "docker.io", "library/app", "", f"sha512:{'f' * 128}"),
        (f"r.io/{'a' * 255}:1", "r.io", "a" * 255, "1", ""),
        ("a" * 247, "docker.io", f"library/{'a' * 247}", "", ""),
        (f"r.io/{'a/' * 127}a", "r.io", f"{'a/' * 127}a", "", ""),
        (f"a_b.io/{'a' * 248}", "a_b.io", "a" * 248, "", ""),
    ],
)  # fmt: skip
def test_what_an_image_is(text: str, registry: str, repository: str, tag: str, digest: str) -> None:
    image = parse_image(text)
    assert image == ImageReference(registry, repository, tag, digest)
    assert parse_image(str(image)) == image


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("nginx", "docker.io/library/nginx"),
        (f"Registry.example:443/app:1@{DIGEST}", f"registry.example/app:1@{DIGEST}"),
        (f"MIRROR/app@{DIGEST}", f"mirror:443/app@{DIGEST}"),
    ],
)
def test_how_it_is_written(text: str, written: str) -> None:
    assert str(parse_image(text)) == written


@pytest.mark.parametrize(
    ("text", "tag"), [("app", "latest"), ("app:1", "1"), (f"app@{DIGEST}", ""), (f"app:latest@{DIGEST}", "")]
)
def test_which_tag_is_pulled(text: str, tag: str) -> None:
    assert parse_image(text).pulled_tag == tag


def test_a_name_is_registry_and_repository() -> None:
    assert parse_image(f"nginx:1@{DIGEST}").name == "docker.io/library/nginx"


parts = st.from_regex(r"[a-z0-9]{1,4}((?:_|__|-{1,3})[a-z0-9]{1,4}){0,2}", fullmatch=True)
labels = st.from_regex(r"[a-zA-Z0-9]{1,4}(-{1,2}[a-zA-Z0-9]{1,3}){0,2}", fullmatch=True)
hosts = st.one_of(
    st.lists(labels, min_size=2, max_size=4).map(".".join),
    st.integers(0, 2**128 - 1).map(lambda number: f"[{IPv6Address(number).exploded}]"),
    st.sampled_from(["localhost", "docker.io", "INDEX.docker.io", "registry-1.docker.io"]),
)
ports = st.sampled_from(["", ":443", ":0443", ":5000", ":05000", ":65535"])
tags = st.one_of(st.just(""), st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,20}", fullmatch=True))
digests = st.one_of(
    st.just(""), *(st.from_regex(rf"sha{size}:[a-f0-9]{{{size // 4}}}", fullmatch=True) for size in (256, 384, 512))
)


@settings(deadline=None, max_examples=300)
@given(st.builds("{}{}".format, hosts, ports), st.lists(parts, min_size=1, max_size=4), tags, digests)
def test_a_reference_is_read_as_a_whole_and_again_as_it_is_written(
    registry: str, path: list[str], tag: str, digest: str
) -> None:
    rest = f"{'/'.join(path)}{tag and f':{tag}'}{digest and f'@{digest}'}"
    image = parse_image(f"{registry}/{rest}")
    assert str(image).endswith(rest)
    assert (image.tag, image.digest) == (tag, digest)
    assert image.repository.removeprefix("library/") == "/".join(path).removeprefix("library/")
    assert parse_image(str(image)) == image
    assert parse_image(f"{registry.upper()}/{rest}") == image
    assert parse_image(f"docker.io/{rest}") == parse_image(rest)


def parsed(text: str) -> ImageReference | str:
    try:
        return parse_image(text)
    except ValueError as error:
        return str(error)


@settings(deadline=None, max_examples=500)
@given(st.one_of(st.text(), st.text("ab./:@-_ A0[]\n"), st.builds("r.io/a{}".format, st.text(max_size=3))))
def test_any_text_is_a_reference_of_ascii_or_told_what_is_wrong_with_it(text: str) -> None:
    image = parsed(text)
    if isinstance(image, str):
        assert re.fullmatch(r"its? .+", image)
    else:
        assert text.isascii()
        assert text.isprintable()
        assert " " not in text
        assert parse_image(str(image)) == image


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nginx:1", '"nginx:1"'),
        (f"app@{DIGEST}", f'"app@{DIGEST}"'),
        ("jane:secret@registry.example/app:1", '"registry.example/app:1"'),
        ("https://jane:secret@registry.example/app:1", '"registry.example/app:1"'),
        ("jane:sec/ret@registry.example/app", '"registry.example/app"'),
        ("jane:s@cret@registry.example/app", '"registry.example/app"'),
        ("jane:secret@registry.example", '"registry.example"'),
        ("jane:secret@registry.example:5000", '"registry.example:5000"'),
        ("jane:secret@registry.example/app@sha256:0123", '"registry.example/app@sha256:0123"'),
        ("app@sha256:0123", '"app@sha256:0123"'),
        ("app@SHA256:0123", '"app@SHA256:0123"'),
        ("app@md5:0123", '"app@md5:0123"'),
        ("secret@sha1.example/app", '"sha1.example/app"'),
        ("nginx\u202e:1\n", r'"nginx\u202e:1\u000a"'),
        ("", '""'),
    ],
)
def test_what_is_shown_of_an_image(text: str, shown: str) -> None:
    assert quote_image(text) == shown


@pytest.mark.parametrize(
    "text",
    ["a-" * 500_000, "a." * 500_000, "a/" * 500_000, "_" * 10**6, f"r.io/{'-' * 10**6}", f"a@sha256:{'0' * 10**6}",
     f"{'a-' * 500_000}/b", f"[{':' * 10**6}]/A", f"{'@' * 10**6}/", "é" * 10**6],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_a_megabyte_is_refused_in_less_than_half_a_second(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ValueError, match=r"^its? "):
        parse_image(text)
    assert quote_image(text)
    assert time.process_time() - started < 0.5


PIECES = st.sampled_from([
    "a", "b.c", "gcr.io", "10.0.0.1", "docker.io", "index.docker.io", "registry-1.docker.io", "localhost", "A", "x_y",
    "x--y", "__", ":", ":80", ":443", "/", "@", f"@sha256:{'a' * 64}", f"@sha512:{'a' * 128}", ":v1", ".", "..", "-",
    "\n", "a" * 130,
])  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(PIECES, min_size=1, max_size=8).map("".join))
def test_plain_ones_are_read_as_all_others_are(text: str) -> None:
    def read(how: Callable[[str], ImageReference]) -> ImageReference | str:
        try:
            return how(text)
        except ValueError as error:
            return str(error)

    assert read(image._parsed) == read(image._taken_apart)


def test_a_long_reference_is_read_like_a_short_one_and_not_kept() -> None:
    host = ".".join(["a"] * 254)
    short, long = f"{host}/ap:1", f"{host}/ap:10"
    assert (len(short), len(long)) == (512, 513)
    assert parse_image(short) is parse_image(short)
    assert parse_image(long) == parse_image(long) == ImageReference(host, "ap", "10")
    assert parse_image(long) is not parse_image(long)


def test_what_is_kept_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable type"):
        parse_image("app").tag = "2"  # type: ignore[misc]  # that it is refused is the point
