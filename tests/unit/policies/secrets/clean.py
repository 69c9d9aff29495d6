"""What ordinary workloads and ConfigMaps say: nothing of it is a credential, some of it looks like one."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import yaml

from tests.unit.policies.secrets.dirty import ALNUM, B64, HEX, Make, b64, body, joined, of, text, unpadded, uuid

Clean = tuple[str, str]

CORPUS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))

CREDENTIAL_NAMES = ["DB_PASSWORD", "api-token", "client_secret"]
"""Under which a reference or a placeholder is as much at home as a credential."""


def certificate(random: Random) -> str:
    """A certificate, as anybody may read it."""
    return f"-----BEGIN CERTIFICATE-----\nMII{body(random, 12)}\n-----END CERTIFICATE-----\n"


MADE: list[tuple[str, Make]] = [
    ("checksum/config", of(HEX, 64)),
    ("checksum/secret", of(HEX, 64)),
    ("GIT_COMMIT", of(HEX, 40)),
    ("commit", of(HEX, 7)),
    ("REQUEST_ID", uuid),
    ("image", joined("registry.shop.example/web@sha256:", of(HEX, 64))),
    ("IMAGE", joined("docker.io/library/nginx:1.27.3@sha256:", of(HEX, 64))),
    ("etag", of(HEX, 32)),
    ("integrity", joined("sha512-", of(B64, 86), "==")),
    ("ca.crt", certificate),
    ("tls.crt", lambda random: certificate(random) + certificate(random)),
    ("caBundle", lambda random: b64(certificate(random))),
    ("id.pub", joined("ssh-rsa AAAAB3NzaC1yc2E", of(B64, 340), " me@shop.example")),
    ("pub.pem", lambda random: f"-----BEGIN PUBLIC KEY-----\n{body(random)}\n-----END PUBLIC KEY-----\n"),
    ("key.asc", lambda random: f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body(random)}\n-----END"),
    ("logo.svg", lambda random: f'<img src="data:image/png;base64,iVBORw0KGgo{text(random, B64, 400)}"/>'),
    ("motd.b64", lambda random: b64(f"Welcome to shop number {text(random, HEX, 6)}, please behave yourself.")),
    ("recipient", joined("age1", of("qpzry9x8gf2tvdw0s3jn54khce6mua7l", 58))),
    ("jwks.json", lambda random: json.dumps({"keys": [{"kty": "RSA", "n": text(random, B64, 342), "e": "AQAB"}]})),
    ("header", lambda random: f"{unpadded({'alg': 'none'})}.{unpadded({'sub': text(random, HEX, 8)})}.x"),
    ("notJwt", lambda random: f"eyJ{text(random, ALNUM, 30)}.eyJ{text(random, ALNUM, 40)}.{text(random, ALNUM, 40)}"),
    ("session-affinity", joined("route-", of(HEX, 8))),
    ("pod", joined("web-", of("bcdfghjklmnpqrstvwxz2456789", 10), "-", of("bcdfghjklmnpqrstvwxz2456789", 5))),
    ("secretName", joined("shop-tls-", of("bcdfghjklmnpqrstvwxz2456789", 5))),
    ("CLIENT_ID", joined(of("0123456789", 12), "-", of(HEX, 32), ".apps.googleusercontent.com")),
    ("PUBLIC_KEY", of(B64, 44)),
    ("stripe", joined("pk_live_", of(ALNUM, 24))),
    ("stripe", joined("sk_test_", of(ALNUM, 24))),
    ("account", joined("AC", of(HEX, 32))),
    ("bundle.js", lambda random: "".join(f"function {text(random, ALNUM, 2)}(e,t){{return e[t]}};" for _ in range(20))),
]


def clean() -> Iterator[Clean]:
    """All of it, `(name, value)`."""
    random = Random(20_261_126)  # noqa: S311  # nothing is protected by it
    for name in CREDENTIAL_NAMES:
        for value in CORPUS["references"]:
            yield name, value
            yield "settings.yaml", f"client:\n  {name}: {value}\n  retries: 3\n"
    for pair in (*CORPUS["named"], *CORPUS["files"]):
        yield from pair.items()
    for name, make in MADE:
        for _ in range(4):
            yield name, make(random)
