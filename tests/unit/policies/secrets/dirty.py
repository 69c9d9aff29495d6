"""Credentials that nobody has: well-formed, made by chance of a seed, never written down.

No token stands in this file as a whole, so that nothing that looks for tokens in repositories finds one.
"""

import base64
import json
import string
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

ALNUM = string.ascii_letters + string.digits
URL = ALNUM + "_-"
B64 = ALNUM + "+/"
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits
BASE32 = string.ascii_uppercase + "234567"

Make = Callable[[Random], str]


class Sample(NamedTuple):
    """A value under the name that it is given; `kind` is what it is, as literal-secret says it."""

    kind: str
    name: str
    value: str


def text(random: Random, alphabet: str, length: int) -> str:
    """So many characters of an alphabet."""
    return "".join(random.choice(alphabet) for _ in range(length))


def prefixed(prefix: str, alphabet: str, length: int, suffix: str = "") -> Make:
    """A token of a fixed beginning."""
    return lambda random: prefix + text(random, alphabet, length) + suffix


def uuid(random: Random) -> str:
    """A UUID."""
    return "-".join(text(random, HEX, length) for length in (8, 4, 4, 4, 12))


def password(random: Random) -> str:
    """A password that a URL can bear as it is."""
    return text(random, string.ascii_lowercase, 5) + text(random, string.digits, 4) + text(random, ALNUM, 7)


def b64(data: bytes | str) -> str:
    """Base64 of a text."""
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def unpadded(value: object) -> str:
    """A part of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(**payload: object) -> Make:
    """A signed JWT with these claims."""

    def make(random: Random) -> str:
        header = {"alg": random.choice(["HS256", "RS256", "ES256"]), "typ": "JWT"}
        whole = {"sub": text(random, HEX, 12), "iat": random.randrange(1_600_000_000, 1_800_000_000), **payload}
        return f"{unpadded(header)}.{unpadded(whole)}.{text(random, URL, 43)}"

    return make


def body(random: Random, lines: int = 6) -> str:
    """Lines of base64 as PEM has them."""
    return "\n".join(text(random, B64, 64) for _ in range(lines))


def pem(kind: str, headers: str = "") -> Make:
    """A private key of a kind."""
    label = f"{kind} KEY".strip() if "BLOCK" not in kind else kind
    return lambda random: f"-----BEGIN {label}-----\n{headers}{body(random)}\n-----END {label}-----\n"


def url(scheme: str, rest: str) -> Make:
    """A URL with a user and a password."""
    return lambda random: f"{scheme}://{random.choice(['shop', 'app_rw', 'svc-orders', ''])}:{password(random)}@{rest}"


def account(random: Random) -> str:
    """A service account's JSON."""
    key = pem("PRIVATE")(random).replace("\n", "\\n")
    return (
        '{\n  "type": "service_account",\n  "project_id": "shop",\n'
        f'  "private_key_id": "{text(random, HEX, 40)}",\n  "private_key": "{key}",\n'
        '  "client_email": "robot@shop.iam.gserviceaccount.com"\n}'
    )


def joined(*parts: str | Make) -> Make:
    """Parts one behind the other."""
    return lambda random: "".join(part if isinstance(part, str) else part(random) for part in parts)


def of(alphabet: str, length: int) -> Make:
    """So many characters of an alphabet."""
    return prefixed("", alphabet, length)


def login(random: Random) -> str:
    """A user and a password in base64."""
    return b64(f"robot:{password(random)}")


POSTGRES = "a PostgreSQL connection string with a password"
MYSQL = "a MySQL connection string with a password"
MONGODB = "a MongoDB connection string with a password"
REDIS = "a Redis connection string with a password"
AMQP = "an AMQP connection string with a password"
SQL_SERVER = "an SQL Server connection string with a password"
OTHER = "a connection string with a password"
SAS = "&sv=2024-11-04&ss=b&srt=co&sp=rl&se=2027-01-01T00:00:00Z"

WHOLE: list[tuple[str, Make]] = [
    ("an AWS access key id", prefixed("AKIA", BASE32, 16)),
    ("an AWS access key id", prefixed("ASIA", BASE32, 16)),
    ("a Google API key", prefixed("AIza", URL, 35)),
    ("a Google OAuth client secret", prefixed("GOCSPX-", URL, 28)),
    ("a Google OAuth access token", prefixed("ya29.", URL, 120)),
    ("a Google service account key", account),
    *(("a GitHub token", prefixed(f"gh{letter}_", ALNUM, 36)) for letter in "pousr"),
    ("a GitHub fine-grained token", joined("github_pat_", of(ALNUM, 22), "_", of(ALNUM, 59))),
    *(("a GitLab token", prefixed(f"gl{kind}-", URL, 20)) for kind in ("pat", "dt", "rt", "cbt", "ptt", "ft", "imt")),
    ("a GitLab token", joined("glpat-", of(URL, 27), ".01.", of("0123456789abcdefghijklmnopqrstuvwxyz", 9))),
    ("a Slack token", joined("xoxb-", of(string.digits, 12), "-", of(string.digits, 12), "-", of(ALNUM, 24))),
    ("a Slack token", joined("xoxp-", of(string.digits, 12), "-", of(string.digits, 12), "-", of(HEX, 32))),
    ("a Slack app token", joined("xapp-1-A", of(UPPER, 10), "-", of(string.digits, 13), "-", of(HEX, 64))),
    (
        "a Slack webhook",
        joined("https://hooks.slack.com/services/T", of(UPPER, 8), "/B", of(UPPER, 10), "/", of(ALNUM, 24)),
    ),
    ("a Discord webhook", joined("https://discord.com/api/webhooks/", of(string.digits, 18), "/", of(URL, 68))),
    (
        "a Microsoft Teams webhook",
        joined(
            "https://shop.webhook.office.com/webhookb2/", uuid, "@", uuid, "/IncomingWebhook/", of(HEX, 32), "/", uuid
        ),
    ),
    ("a Stripe key", prefixed("sk_live_", ALNUM, 24)),
    ("a Stripe key", prefixed("rk_live_", ALNUM, 99)),
    ("a Stripe webhook secret", prefixed("whsec_", ALNUM, 32)),
    ("a JWT", jwt(iss="https://login.shop.example/", scope="orders")),
    ("a JWT", jwt(role="service_role", iss="supabase")),
    (
        "a Kubernetes service account token",
        jwt(iss="kubernetes/serviceaccount", sub="system:serviceaccount:shop:robot"),
    ),
    (
        "a Kubernetes service account token",
        jwt(iss="https://kubernetes.default.svc", **{"kubernetes.io": {"namespace": "shop"}}),
    ),
    *(("a private key", pem(f"{kind} PRIVATE".strip())) for kind in ("", "RSA", "EC", "DSA", "OPENSSH", "ENCRYPTED")),
    ("a private key", pem("RSA PRIVATE", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0A1B2C3D4E5F\n\n")),
    ("a private key", pem("PGP PRIVATE KEY BLOCK", "Version: GnuPG v2\n\n")),
    ("a private key", lambda random: json.dumps(pem("EC PRIVATE")(random))),
    ("a private key in base64", lambda random: b64(pem("RSA PRIVATE")(random))),
    ("a private key in base64", lambda random: b64(pem("OPENSSH PRIVATE")(random))),
    (
        "a PuTTY private key",
        joined("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: me\nPublic-Lines: 2\n", body),
    ),
    ("an age secret key", prefixed("AGE-SECRET-KEY-1", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
    (POSTGRES, url("postgres", "db:5432/shop?sslmode=require")),
    (POSTGRES, url("postgresql+asyncpg", "db.shop.svc.cluster.local/shop")),
    (MYSQL, url("mysql", "db:3306/shop")),
    (MYSQL, url("mariadb+pymysql", "db/shop?charset=utf8mb4")),
    (MONGODB, url("mongodb", "a:27017,b:27017/shop?replicaSet=rs0")),
    (MONGODB, url("mongodb+srv", "cluster0.shop.example/test")),
    (REDIS, url("redis", "cache:6379/0")),
    (REDIS, url("rediss", "cache.shop.example:6380")),
    (AMQP, url("amqp", "rabbit:5672/%2F")),
    (AMQP, url("amqps", "rabbit.shop.example")),
    (SQL_SERVER, url("mssql+pyodbc", "db/shop?driver=ODBC+Driver+18")),
    (SQL_SERVER, url("sqlserver", "db:1433?database=shop")),
    (OTHER, url("clickhouse", "ch:9000/shop")),
    (OTHER, url("nats", "nats:4222")),
    (OTHER, url("smtp", "mail:587")),
    (OTHER, joined("jdbc:postgresql://db:5432/shop?user=shop&password=", password, "&ssl=true")),
    (OTHER, joined("jdbc:sqlserver://db:1433;databaseName=shop;user=sa;password=", password, ";encrypt=true")),
    (OTHER, joined("Server=tcp:db,1433;Database=shop;User Id=sa;Password=", password, ";Encrypt=True;")),
    (OTHER, joined("Host=db;Port=5432;Username=shop;Password=", password)),
    ("a URL with a password", url("https", "git.shop.example/shop/web.git")),
    ("a URL with a password", url("http", "elastic:9200")),
    ("a .netrc password", joined("machine git.shop.example\nlogin robot\npassword ", password)),
    ("a registry login", joined('{"auths": {"registry.example": {"auth": "', login, '"}}}')),
    ("a basic authorization", joined("Authorization: Basic ", login)),
    ("an npm token", prefixed("npm_", ALNUM, 36)),
    ("an npm token", joined("//registry.shop.example/:_authToken=", uuid)),
    ("a PyPI token", prefixed("pypi-" + "AgEIcHlwaS5vcmc", URL, 120)),
    ("a Docker Hub token", prefixed("dckr_pat_", URL, 27)),
    ("a RubyGems key", prefixed("rubygems_", HEX, 48)),
    ("a SendGrid key", joined("SG.", of(URL, 22), ".", of(URL, 43))),
    ("a Twilio API key", prefixed("SK", HEX, 32)),
    ("an OpenAI key", joined("sk-proj-", of(URL, 74), "T3Blbk" + "FJ", of(URL, 74))),
    ("an OpenAI key", joined("sk-", of(ALNUM, 20), "T3Blbk" + "FJ", of(ALNUM, 20))),
    ("an Anthropic key", joined("sk-ant-", "api03-", of(URL, 93), "AA")),
    ("a Hugging Face token", prefixed("hf_", string.ascii_letters, 34)),
    ("a DigitalOcean token", prefixed("dop_v1_", HEX, 64)),
    (
        "an Azure storage account key",
        joined("DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=", of(B64, 86), "==;EndpointSuffix=x"),
    ),
    (
        "an Azure shared access key",
        joined("Endpoint=sb://shop.example/;SharedAccessKeyName=Root;SharedAccessKey=", of(B64, 43), "="),
    ),
    ("an Azure shared access signature", joined("https://shop.example/c?sig=", of(ALNUM, 43), "%3D" + SAS)),
    ("an Azure AD client secret", joined(of(ALNUM, 3), "8Q~", of(URL + ".", 33), "a")),
    ("an Azure DevOps token", joined(of(ALNUM, 76), "AZDO", of(ALNUM, 4))),
    ("a HashiCorp Vault token", prefixed("hvs.", URL, 90)),
    ("a Telegram bot token", joined(of("123456789", 10), ":AA", of(URL, 33))),
    ("a Shopify token", prefixed("shpat_", HEX, 32)),
    ("a Databricks token", prefixed("dapi", HEX, 32)),
    ("a Grafana service account token", joined("glsa_", of(ALNUM, 32), "_", of(HEX, 8))),
    ("a Grafana Cloud token", joined("glc_", lambda random: b64(json.dumps({"o": "1", "k": text(random, ALNUM, 40)})))),
    ("a Linear key", prefixed("lin_api_", ALNUM, 40)),
    ("an Atlassian token", prefixed("ATATT3x", URL + "=", 180)),
    ("a Bitbucket app password", prefixed("ATBB", ALNUM, 32)),
    ("a New Relic key", prefixed("NRAK-", UPPER, 27)),
    ("a New Relic license key", prefixed("", HEX, 36, "NRAL")),
    ("a Terraform Cloud token", joined(of(ALNUM, 14), ".atlasv1.", of(ALNUM, 67))),
    ("a Pulumi token", prefixed("pul-", HEX, 40)),
    ("a Heroku key", prefixed("HRKU-AA", URL, 58)),
    ("a Postman key", joined("PMAK-", of(HEX, 24), "-", of(HEX, 34))),
    ("a Doppler token", prefixed("dp.pt.", ALNUM, 43)),
    ("a PlanetScale token", prefixed("pscale_tkn_", URL, 43)),
    ("a Sentry token", prefixed("sntryu_", HEX, 64)),
    ("a Tailscale key", joined("tskey-auth-", of(ALNUM, 17), "-", of(ALNUM, 32))),
    ("a Supabase token", prefixed("sbp_", HEX, 40)),
    ("a SonarQube token", prefixed("squ_", HEX, 40)),
    ("a Dynatrace token", joined("dt0c01.", of(BASE32, 24), ".", of(BASE32, 64))),
    ("an Artifactory key", prefixed("AKCp", ALNUM, 69)),
    ("a Square token", prefixed("EAAA", URL, 60)),
    ("a Mailchimp key", prefixed("", HEX, 32, "-us14")),
    ("an Alibaba Cloud access key id", prefixed("LTAI", ALNUM, 20)),
    ("a 1Password service account token", joined("ops_eyJ", of(ALNUM, 300))),
]
"""Credentials that are known by themselves, whatever they are called."""

NAMED: list[tuple[str, str, Make]] = [
    ("an AWS secret access key", "AWS_SECRET_ACCESS_KEY", of(B64, 40)),
    ("an AWS secret access key", "aws.secretKey", of(B64, 40)),
    ("a Twilio auth token", "TWILIO_AUTH_TOKEN", of(HEX, 32)),
    ("a Datadog key", "DD_API_KEY", of(HEX, 32)),
    ("a Datadog key", "datadogAppKey", of(HEX, 40)),
    ("a Heroku key", "HEROKU_API_KEY", uuid),
    ("a HashiCorp Vault token", "VAULT_TOKEN", joined("s.", of(ALNUM, 24))),
    ("a Kubernetes bootstrap token", "token", joined(of("abcdefghjk23456789", 6), ".", of("abcdefghjk23456789", 16))),
]
"""Credentials that are known by their names."""

AROUND: list[Callable[[str, str], tuple[str, str]]] = [
    lambda name, value: (name, value),
    lambda name, value: (
        "application.yaml",
        f"port: 8080\nclient:\n  {name}: {json.dumps(value)}\n  retries: 3\n",
    ),
    lambda name, value: ("run.sh", f"#!/bin/sh\nset -eu\nexport {name}='{value}'\nexec /app/serve --port 8080\n"),
]
"""How a value stands: alone, in a YAML file, in a script."""


def known() -> Iterator[Sample]:
    """Credentials of known shapes, each alone and inside files."""
    random = Random(20_261_124)  # noqa: S311  # nothing is protected by it
    for around in AROUND:
        for kind, make in WHOLE:
            yield Sample(kind, *around(random.choice(["CLIENT", "SETTING", "upstream"]), make(random)))
        for kind, name, make in NAMED:
            yield Sample(kind, *around(name, make(random)))


NAMES = [
    "DB_PASSWORD", "POSTGRES_PASSWORD", "spring.datasource.password", "redis-pass", "smtpPassword", "ADMIN_PWD",
    "API_KEY", "apiToken", "CLIENT_SECRET", "session_secret", "ENCRYPTION_KEY", "signing-key", "JWT_SECRET_PROD",
    "access_token", "KEYSTORE_PASSPHRASE", "DJANGO_SECRET_KEY", "webhook.secret", "credentials", "MASTER_KEY_1",
]  # fmt: skip

UNSHAPED: list[Make] = [
    password,
    of(ALNUM, 20),
    of(HEX, 32),
    of(ALNUM + "!#%*?", 24),
    lambda random: b64(text(random, ALNUM + "#!", 24)),
    uuid,
]


def unshaped() -> Iterator[Sample]:
    """Passwords and tokens without a shape, under names that say what they are."""
    random = Random(20_261_125)  # noqa: S311  # nothing is protected by it
    for around in AROUND:
        for name in NAMES:
            for make in UNSHAPED:
                yield Sample("", *around(name, make(random)))
