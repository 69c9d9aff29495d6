"""What changes while it serves: the certificate, and the configuration."""

import contextlib
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from gatewright.webhook.self_signed import self_signed
from tests.service.harness import Served, serving, until
from tests.unit.webhook.builders import pod, response, review

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

FIRST, SECOND = self_signed(), self_signed()
JSON = {"content-type": "application/json"}


@pytest.fixture(name="served")
def _served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "tls.crt").write_bytes(FIRST[0])
    (tmp_path / "tls.key").write_bytes(FIRST[1])
    (tmp_path / "ca.crt").write_bytes(FIRST[0])
    (tmp_path / "second.crt").write_bytes(SECOND[0])
    options = ("--certificate", str(tmp_path / "tls.crt"), "--key", str(tmp_path / "tls.key"))
    with serving(tmp_path, "{}", *options) as served:
        yield served


def refused(served: Served) -> float:
    """How often a certificate was refused."""
    return served.metric('gatewright_certificate_reloads_total{result="refused"}')


def test_new_handshakes_get_the_new_certificate_and_old_connections_go_on(served: Served, tmp_path: Path) -> None:
    old = served.connection()
    assert served.post(review(), over=old) == (200, JSON, response(allowed=True))

    # the key comes first: for a moment the two do not go together
    (tmp_path / "tls.key").write_bytes(SECOND[1])
    until(lambda: refused(served) == 1)
    line = served.line("certificate refused, the last one stays")
    assert (line["level"], line["error"]) == (
        "error",
        "the certificate and its key cannot be used: KEY_VALUES_MISMATCH",
    )
    assert served.post(review()) == (200, JSON, response(allowed=True))

    (tmp_path / "tls.crt").write_bytes(SECOND[0])
    not_after = x509.load_pem_x509_certificate(SECOND[0]).not_valid_after_utc
    assert served.line("certificate reloaded")["notAfter"] == f"{not_after:%Y-%m-%dT%H:%M:%SZ}"
    assert served.metric('gatewright_certificate_reloads_total{result="taken"}') == 1
    assert served.metric("gatewright_certificate_not_after_seconds") == not_after.timestamp()
    with pytest.raises(ssl.SSLCertVerificationError):
        served.post(review())
    with contextlib.closing(served.connection(tmp_path / "second.crt")) as new:
        assert served.post(review(), over=new) == (200, JSON, response(allowed=True))
    assert served.post(review(), over=old) == (200, JSON, response(allowed=True))
    old.close()
    assert refused(served) == 1


def test_a_changed_configuration_is_taken_up_and_a_bad_one_is_not(tmp_path: Path) -> None:
    offender = review(object=pod(privileged=True))
    with serving(tmp_path, "profile: observe") as served:
        file = tmp_path / "gatewright.yaml"
        assert served.post(offender)[2]["response"]["allowed"] is True

        file.write_text("profile: strict\n")
        taken = served.line("configuration reloaded")
        assert taken["profile"] == "strict"
        assert served.post(offender)[2]["response"]["allowed"] is False

        file.write_text("profile: strict\npolices: {}\n")
        line = served.line("configuration refused, the last one stays")
        assert line["errors"] == [f"{file}:2: polices: unknown key; did you mean policies?"]
        assert served.post(offender)[2]["response"]["allowed"] is False
        assert served.metric('gatewright_config_reloads_total{result="taken"}') == 1
        assert served.metric('gatewright_config_reloads_total{result="refused"}') == 1
        assert served.metric(f'gatewright_config_info{{hash="{taken["config"]}"}}') == 1
