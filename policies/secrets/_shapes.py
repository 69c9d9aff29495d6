"""The shapes of credentials: what the issuers of tokens document, as RE2.

A shape's `hint` is a short piece of it that clean text rarely has; the hints of all shapes are looked for in one pass,
and a shape itself only where its hint was found. The group of a shape is what it is about.
Shapes are of bytes and without long look-ahead, so that finding all that there are stays linear.
"""

from collections.abc import Callable
from typing import NamedTuple

from . import _proofs as proofs


class Shape(NamedTuple):
    """A shape of credentials.

    Attributes:
        kind: what is found, with its article; the only thing that is ever said of a credential.
        hint: RE2 of a piece that every such text has.
        pattern: RE2 of the whole.
        proof: whether a match is one, asked with the text, the start and the end of the match; None where the shape
            is enough.
    """

    kind: str
    hint: str
    pattern: str
    proof: Callable[[bytes, int, int], bool] | None = None


def _prefixed(kind: str, prefix: str, rest: str) -> Shape:
    """A token that is known by how it begins."""
    return Shape(kind, prefix, rf"\b({prefix}{rest})(?:[^0-9A-Za-z_]|$)")


def _open(kind: str, prefix: str, characters: str, least: int) -> Shape:
    """A token of no certain length: at least so many characters; of further ones, 200 are looked at."""
    return Shape(kind, prefix, rf"\b({prefix}{characters}{{{least},{least + 200}}})")


def _named(kind: str, name: str, value: str) -> Shape:
    """A value that is known by the name that it is given: `NAME=value`, `"name": "value"`, `--name value`."""
    pattern = rf"""(?i:{name})["']?[ \t]*(?:=>|[:= \t])[ \t]*["']?({value})(?:[^0-9A-Za-z_/+=-]|$)"""
    return Shape(kind, f"(?i:{name})", pattern)


_URL_USER = r"""[^\s\x00/?#@:"'<>]*"""
_URL_PASSWORD = r"""[^\s\x00/?#@"'<>]+"""
_URL_REST = r"""[^\s\x00"'<>,;]*"""


def _url(kind: str, schemes: str) -> Shape:
    """A URL with a password."""
    return Shape(
        kind,
        rf"(?i:{schemes})://{_URL_USER}:{_URL_PASSWORD}@",
        rf"(?:^|[^0-9A-Za-z+.-])((?i:{schemes})://{_URL_USER}:{_URL_PASSWORD}@{_URL_REST})",
        proofs.has_url_password,
    )


_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_LINE, _UNQUOTED = r"""[^\x00\r\n"'<>]""", r"""[^\s\x00"'<>;]"""
_GAP, _WORD = r"(?:\s|\\n)+", r"""[^\s\\\x00"']+"""
_BOOTSTRAP = r"[0-9a-z]{6}\.[0-9a-z]{16}"

SHAPES = (
    _prefixed("an AWS access key id", "(?:AKIA|ASIA|ABIA|ACCA)", "[A-Z2-7]{16}"),
    _named(
        "an AWS secret access key",
        "aws[_.-]?secret(?:[_.-]?access)?[_.-]?key|secret[_.-]?access[_.-]?key",
        "[0-9A-Za-z/+]{40}",
    ),
    _prefixed("a Google API key", "AIza", "[0-9A-Za-z_-]{35}"),
    _prefixed("a Google OAuth client secret", "GOCSPX-", "[0-9A-Za-z_-]{28}"),
    _open("a Google OAuth access token", r"ya29\.", "[0-9A-Za-z_-]", 30),
    Shape(
        "a Google service account key",
        r'"private_key\\?"',
        r'("private_key\\?"\s*:\s*\\?"-----BEGIN (?:RSA )?PRIVATE KEY-----)',
        proofs.has_key,
    ),
    _prefixed("a GitHub token", "gh[pousr]_", "[0-9A-Za-z]{36,255}"),
    _prefixed("a GitHub fine-grained token", "github_pat_", "[0-9A-Za-z]{22}_[0-9A-Za-z]{59}"),
    _open("a GitLab token", "gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-", "[0-9A-Za-z_.-]", 20),
    _prefixed("a Slack token", "xox[abceoprs]", r"(?:\.xox[bp])?-[0-9A-Za-z-]{10,200}"),
    _prefixed("a Slack app token", r"xapp-\d-", "[0-9A-Z]{9,15}-[0-9]{6,20}-[0-9a-f]{32,128}"),
    Shape(
        "a Slack webhook",
        r"hooks\.slack\.com/",
        r"(hooks\.slack\.com/(?:services|workflows|triggers)/[0-9A-Za-z]{8,40}/[0-9A-Za-z/]{16,120})",
    ),
    Shape(
        "a Discord webhook",
        r"/api/webhooks/",
        r"(discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[0-9A-Za-z_-]{60,120})",
    ),
    Shape(
        "a Microsoft Teams webhook",
        r"\.webhook\.office\.com/",
        rf"(\.webhook\.office\.com/webhookb2/{_UUID}@{_UUID}/IncomingWebhook/[0-9a-f]{{32}}/)",
    ),
    _open("a Stripe key", "[rs]k_live_", "[0-9A-Za-z]", 10),
    _open("a Stripe webhook secret", "whsec_", "[0-9A-Za-z+/]", 32),
    Shape(
        "a Kubernetes service account token",
        "eyJ",
        r"\b(eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,})",
        proofs.is_service_account_token,
    ),
    Shape("a JWT", "eyJ", r"\b(eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{2,}\.[0-9A-Za-z_-]{10,})", proofs.is_jwt),
    Shape(
        "a private key",
        "-----BEGIN |---- BEGIN ",
        "(-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----)",
        proofs.has_key,
    ),
    Shape(
        "a private key in base64",
        "LS0tLS1CRUdJTi",
        "(LS0tLS1CRUdJTi[0-9A-Za-z+/]{50,200})",
        proofs.is_encoded_key,
    ),
    Shape("a PuTTY private key", "PuTTY-User-Key-File-", r"(PuTTY-User-Key-File-[123]: )", proofs.has_key),
    _prefixed("an age secret key", "AGE-SECRET-KEY-", "1[02-9AC-HJ-NP-Z]{58}"),
    _url("a PostgreSQL connection string with a password", r"postgres(?:ql)?(?:\+[a-z0-9]+)?|cockroachdb"),
    _url("a MySQL connection string with a password", r"(?:mysqlx?|mariadb)(?:\+[a-z0-9]+)?"),
    _url("a MongoDB connection string with a password", r"mongodb(?:\+srv)?"),
    _url("a Redis connection string with a password", r"(?:rediss?|valkeys?)(?:\+[a-z]+)?|redis-sentinel"),
    _url("an AMQP connection string with a password", "amqps?|pyamqp"),
    _url("an SQL Server connection string with a password", r"(?:mssql|sqlserver)(?:\+[a-z0-9]+)?"),
    _url(
        "a connection string with a password",
        r"oracle(?:\+[a-z_]+)?|clickhouse(?:\+[a-z]+)?|cassandra|couchbases?|neo4j(?:\+s)?|bolt|nats|kafka|ldaps?|smtps?"
        r"|elasticsearch|snowflake",
    ),
    _url("a URL with a password", "https?|wss?|s?ftps?|ssh|git|svn|smb|socks5h?|grpcs?"),
    Shape(
        "a connection string with a password",
        "(?i:jdbc:)",
        r"""((?i:jdbc:[a-z0-9]+:[^\s\x00"'<>]*?[?;&:,](?:password|pwd)=)[^\s\x00"'<>&;,)]+)""",
        proofs.has_last_password,
    ),
    Shape(
        "a connection string with a password",
        "(?i:password|pwd) ?=",
        rf"""((?i:(?:server|data source|host|address|addr) ?={_LINE}*?;[ \t]*(?:password|pwd) ?=)[ \t]*{_UNQUOTED}+)""",
        proofs.has_last_password,
    ),
    Shape(
        "a .netrc password",
        r"password(?:\s|\\n)",
        rf"\b(machine{_GAP}{_WORD}{_GAP}login{_GAP}{_WORD}{_GAP}password{_GAP}{_WORD})",
        proofs.has_last_word,
    ),
    Shape(
        "a registry login",
        r'"auth\\?"',
        r'"auth\\?"\s*:\s*\\?"([0-9A-Za-z+/]{8,400}={0,2})\\?"',
        proofs.is_login,
    ),
    Shape("a basic authorization", r"(?i:\bbasic )", r"(?i:\bbasic) +([0-9A-Za-z+/]{8,400}={0,2})", proofs.is_login),
    _named("a Kubernetes bootstrap token", "token", _BOOTSTRAP)._replace(hint=rf"\b{_BOOTSTRAP}\b"),
    _prefixed("an npm token", "npm_", "[0-9A-Za-z]{36}"),
    Shape("an npm token", ":_authToken", rf"(?::_authToken ?= ?)({_UUID}|[0-9A-Za-z+/_=.-]{{30,200}})"),
    _open("a PyPI token", "pypi-AgE", "[0-9A-Za-z_-]", 60),
    _open("a Docker Hub token", "dckr_[op]at_", "[0-9A-Za-z_-]", 27),
    _prefixed("a RubyGems key", "rubygems_", "[0-9a-f]{48}"),
    _prefixed("a SendGrid key", r"SG\.", r"[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}"),
    _prefixed("a Twilio API key", "SK[0-9a-f]{8}", "[0-9a-f]{24}"),
    _named("a Twilio auth token", "twilio[_.-]?(?:auth[_.-]?)?(?:token|secret)", "[0-9a-f]{32}"),
    _open("an OpenAI key", "sk-(?:proj|svcacct|admin)-", "[0-9A-Za-z_-]", 40),
    _prefixed("an OpenAI key", "sk-[0-9A-Za-z]{20}T3BlbkFJ", "[0-9A-Za-z]{20}"),
    _open("an Anthropic key", "sk-ant-(?:api|admin|oat|sid)[0-9]{2}-", "[0-9A-Za-z_-]", 80),
    _prefixed("a Hugging Face token", "hf_", "[0-9A-Za-z]{34}"),
    _prefixed("a DigitalOcean token", "do[oprt]_v1_", "[0-9a-f]{64}"),
    Shape(
        "an Azure storage account key",
        "AccountKey=",
        r"AccountKey=([0-9A-Za-z+/]{86}==)",
    ),
    Shape("an Azure shared access key", "SharedAccessKey=", r"SharedAccessKey=([0-9A-Za-z+/]{43}=)"),
    Shape(
        "an Azure shared access signature", r"\bsig=", r"\bsig=([0-9A-Za-z%/+]{43,70}(?:%3[Dd]|=))", proofs.is_azure_sas
    ),
    Shape(
        "an Azure AD client secret",
        "[0-9]Q~",
        r"(?:^|[^0-9A-Za-z_~.-])([0-9A-Za-z_~.-]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34})(?:[^0-9A-Za-z_~.-]|$)",
    ),
    Shape("an Azure DevOps token", "AZDO", r"\b([0-9A-Za-z]{76}AZDO[0-9A-Za-z]{4})\b"),
    _open("a HashiCorp Vault token", r"hv[sbr]\.", "[0-9A-Za-z_-]", 24),
    _named("a HashiCorp Vault token", "vault[_.-]?token", r"s\.[0-9A-Za-z]{24}"),
    Shape("a Telegram bot token", "[0-9]:AA", r"\b([0-9]{8,10}:AA[0-9A-Za-z_-]{33})(?:[^0-9A-Za-z_-]|$)"),
    _prefixed("a Shopify token", "shp(?:at|ca|pa|ss)_", "[0-9A-Fa-f]{32}"),
    _prefixed("a Databricks token", "dapi[0-9a-f]{8}", r"[0-9a-f]{24}(?:-[0-9])?"),
    _prefixed("a Grafana service account token", "glsa_", "[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}"),
    _open("a Grafana Cloud token", "glc_eyJ", "[0-9A-Za-z+/]", 40),
    _open("a Linear key", "lin_(?:api|oauth)_", "[0-9A-Za-z]", 32),
    _open("an Atlassian token", "AT[AC]TT3x", "[0-9A-Za-z_=-]", 100),
    _prefixed("a Bitbucket app password", "ATBB", "[0-9A-Za-z]{32}"),
    _prefixed("a New Relic key", "NRAK-", "[0-9A-Z]{27}"),
    Shape("a New Relic license key", "NRAL", r"\b([0-9a-f]{36}(?:FFFF)?NRAL|[0-9a-f]{32}FFFFNRAL)\b"),
    _named("a Datadog key", r"(?:datadog|\bdd)[_.-]?(?:api|app|application)[_.-]?key", "[0-9a-f]{40}|[0-9a-f]{32}"),
    Shape("a Terraform Cloud token", r"\.atlasv1\.", r"\b([0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{60,200})"),
    _prefixed("a Pulumi token", "pul-", "[0-9a-f]{40}"),
    _open("a Heroku key", "HRKU-AA", "[0-9A-Za-z_-]", 50),
    _named("a Heroku key", "heroku[_.-]?api[_.-]?key", _UUID),
    _prefixed("a Postman key", "PMAK-", "[0-9a-f]{24}-[0-9a-f]{34}"),
    _open("a Doppler token", r"dp\.(?:pt|st|ct|sa|scim|audit)\.", "[0-9A-Za-z_.-]", 40),
    _open("a PlanetScale token", "pscale_(?:tkn|pw|oauth)_", "[0-9A-Za-z_=.-]", 32),
    _open("a Sentry token", "sntry[su]_", "[0-9A-Za-z+/=_-]", 60),
    _prefixed("a Tailscale key", "tskey-", "[a-z]{3,12}-[0-9A-Za-z]{8,40}-[0-9A-Za-z]{16,80}"),
    _prefixed("a Supabase token", "sbp_", "[0-9a-f]{40}"),
    _prefixed("a SonarQube token", "sq[apu]_", "[0-9a-f]{40}"),
    _prefixed("a Dynatrace token", r"dt0c01\.", r"[0-9A-Z]{24}\.[0-9A-Z]{64}"),
    _prefixed("an Artifactory key", "AKCp", "[0-9A-Za-z]{69}"),
    _prefixed("a Square token", "EAAA", "[0-9A-Za-z_-]{60}"),
    Shape("a Mailchimp key", "-us[0-9]", r"\b([0-9a-f]{32}-us[0-9]{1,2})\b"),
    _prefixed("an Alibaba Cloud access key id", "LTAI", "[0-9A-Za-z]{20}"),
    _open("a 1Password service account token", "ops_eyJ", "[0-9A-Za-z+/_-]", 250),
)
