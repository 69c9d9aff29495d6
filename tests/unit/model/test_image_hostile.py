"""References that want to be taken for others, and what is said of each. What upstream refuses is refused too; of what
it takes (distribution/reference v0.6.0) only ids of images are, which containerd looks up on the node."""

import pytest

from gatewright.model.image import parse_image
from tests.builders import raises

HEX = "0123456789abcdef" * 4

ID = "it is the id of an image, which says nothing of where it comes from"
USER = "it has an @ before a slash"
SCHEME = "it begins with a scheme like https://"
HOST = "its registry is no host"
UPPER = "its repository has upper-case letters"
PARTS = "its repository is not made of parts like team/app-1"
TAG = "its tag is empty, too long, or not made of letters, digits, _, . and -"
SUM = "its digest is not sha256: and 64 hexadecimal digits in lower case"
LONG = "its repository is longer than 255 characters"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        # the id of an image that another pod's pull left on the node, whole and abbreviated
        (HEX, ID),
        (f"sha256:{HEX}", ID),
        ("sha256:0", ID),
        ("sha256:0123456789ab", ID),
        (f"sha512:{'0' * 128}", ID),
        ("sha384:abc", ID),
        # somebody in front of the registry
        ("jane@good.io/app", USER),
        ("jane:secret@good.io/app", USER),
        ("good.io@evil.com/app", USER),
        ("good.io/app@evil.com/app", USER),
        ("good.io/@evil.com/app:1", USER),
        (f"good.io/app@sha256:{HEX}/app", USER),
        ("@good.io/app", USER),
        # addresses of the web
        ("https://good.io/app", SCHEME),
        ("http://good.io/app:1", SCHEME),
        ("docker://nginx", SCHEME),
        ("oci-archive://app", SCHEME),
        ("HTTPS://good.io/app", SCHEME),
        ("//good.io/app", PARTS),
        ("https:/good.io/app", HOST),
        ("good.io/app?tag=1", "it has the character '?'"),
        ("good.io/app#1", "it has the character '#'"),
        ("good.io%2fapp", "it has the character '%'"),
        ("good.io\\app", "it has the character '\\\\'"),
        # what does not show, or looks like something else
        (" good.io/app", "it has the character ' '"),
        ("good.io/app ", "it has the character ' '"),
        ("good.io/app:1\n", "it has the character '\\n'"),
        (f"good.io/app@sha256:{HEX}\n", "it has the character '\\n'"),
        (f"{HEX}\n", "it has the character '\\n'"),
        ("good.io/app\r", "it has the character '\\r'"),
        ("good.io/app\0", "it has the character '\\x00'"),
        ("good.io\0.evil.com/app", "it has the character '\\x00'"),
        ("good.io/app\t:1", "it has the character '\\t'"),
        ("g\u043e\u043ed.io/app", "it has the character '\\u043e'"),
        ("good.io/\u0430pp", "it has the character '\\u0430'"),
        ("good\u3002io/app", "it has the character '\\u3002'"),
        ("good.io\u2215app", "it has the character '\\u2215'"),
        ("good.io/app\uff1a1", "it has the character '\\uff1a'"),
        ("good.io/app:\u0661", "it has the character '\\u0661'"),
        ("good.io/\u200bapp", "it has the character '\\u200b'"),
        ("\u202eoi.doog/app", "it has the character '\\u202e'"),
        ("\u212alm.io/app", "it has the character '\\u212a'"),
        ("good.io/\udc00", "it has the character '\\udc00'"),
        # registries
        ("good.io./app", HOST),
        (".good.io/app", HOST),
        ("good..io/app", HOST),
        ("-good.io/app", HOST),
        ("good-.io/app", HOST),
        ("good.io:/app", HOST),
        ("good.io:http/app", HOST),
        ("good.io:5000:5000/app", HOST),
        ("good.io:-1/app", HOST),
        ("A_B.example/app", HOST),
        ("a_b:5000/app", HOST),
        ("fd00::1/app", HOST),
        ("[::1/app", HOST),
        ("[::1]]:5000/app", HOST),
        ("[::1]5000/app", HOST),
        ("[::ffff:10.0.0.1]/app", HOST),
        ("[fe80::1%eth0]/app", "it has the character '%'"),
        ("[::1]", PARTS),
        ("[::1]:5000", PARTS),
        # repositories
        ("good.io/App", UPPER),
        ("Good", UPPER),
        ("good/App:1", UPPER),
        ("good.io/", PARTS),
        ("/app", PARTS),
        ("good.io//app", PARTS),
        ("good.io/app/", PARTS),
        ("good.io/../app", PARTS),
        ("good.io/./app", PARTS),
        ("../app", HOST),
        ("good.io/team/../../evil/app", PARTS),
        ("good.io/a..b", PARTS),
        ("good.io/a___b", PARTS),
        ("good.io/a_-b", PARTS),
        ("good.io/-a", PARTS),
        ("good.io/a-", PARTS),
        ("good.io/_a", PARTS),
        ("good.io/.a", PARTS),
        ("good.io/*", "it has the character '*'"),
        (f"good.io/{'a' * 256}", LONG),
        ("a" * 248, LONG),
        (f"a_b.io/{'a' * 249}", LONG),
        # tags
        ("app:", TAG),
        (":1", PARTS),
        ("good.io/:1", PARTS),
        ("app:-1", TAG),
        ("app:.1", TAG),
        ("app:1:2", TAG),
        ("good.io/app:1/2", TAG),
        ("good.io/team:1/app", TAG),
        (f"app:{'t' * 129}", TAG),
        ("app:1.0+build", "it has the character '+'"),
        # digests
        ("app@", SUM),
        (f"app@{HEX}", SUM),
        (f"app@sha256:{HEX[1:]}", SUM),
        (f"app@sha256:{HEX}0", SUM),
        (f"app@sha256:{HEX.upper()}", SUM),
        (f"app@SHA256:{HEX}", SUM),
        (f"app:1@SHA256:{HEX}", SUM),
        (f"app@sha512:{HEX}", SUM),
        (f"app@sha384:{'0' * 128}", SUM),
        (f"app@md5:{HEX[:32]}", SUM),
        (f"app@sha1:{HEX[:40]}", SUM),
        (f"app@blake3:{HEX}", SUM),
        (f"app@sha256:{'g' * 64}", SUM),
        (f"app@sha256:{HEX}@sha256:{HEX}", SUM),
        (f"app@sha256:{HEX}:1", SUM),
        (f"app:@sha256:{HEX}", TAG),
        (f"@sha256:{HEX}", PARTS),
        (f"app@1@sha256:{HEX}", SUM),
    ],
)
def test_what_is_no_reference(text: str, why: str) -> None:
    with raises(ValueError, why):
        parse_image(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("good.io.evil.com/app", "good.io.evil.com/app"),
        ("evil.com/good.io/app", "evil.com/good.io/app"),
        ("good.io:5000/app", "good.io:5000/app"),
        ("good.io", "docker.io/library/good.io"),
        ("good.io:443", "docker.io/library/good.io"),
        ("good-io/app", "docker.io/good-io/app"),
        ("good.i0/app", "good.i0/app"),
        ("xn--good-o4a.io/app", "xn--good-o4a.io/app"),
        ("docker.io.evil.com/library/nginx", "docker.io.evil.com/library/nginx"),
        ("docker-io/library/nginx", "docker.io/docker-io/library/nginx"),
        ("localhost.evil.com/app", "localhost.evil.com/app"),
        ("localhostt/app", "docker.io/localhostt/app"),
        ("library", "docker.io/library/library"),
        (f"https:0/app@sha256:{HEX}", "https:0/app"),
    ],
)
def test_what_is_another_image_than_it_looks_like(text: str, name: str) -> None:
    assert parse_image(text).name == name
