"""How the image is built: what is lent to the build, what is asked for, and what is said where it cannot be."""

import re
from pathlib import Path

import pytest
import yaml
from container import base, command, pip, storage
from container.failure import Failed

import gatewright
from tests.image.built import ROOT

LISTED = """\
global.cert='/etc/mirror.crt'
global.find-links='/opt/wheels'
global.index-url='https://old.example/simple'
install.no-compile='true'
:env:.extra-index-url='https://a.example https://b.example'
:env:.index-url='https://user:word@mirror.example/simple'
"""


def test_the_settings_of_pip_are_lent(tmp_path: Path) -> None:
    options = pip.secrets(tmp_path, LISTED, {"SSL_CERT_FILE": "/etc/other.crt"})
    assert options == ["--secret", "id=ca.crt,src=/etc/mirror.crt", "--secret", f"id=pip.conf,src={tmp_path}/pip.conf"]
    assert (tmp_path / "pip.conf").read_text() == (
        "[global]\n"
        "index-url = https://user:word@mirror.example/simple\n"
        "extra-index-url = https://a.example https://b.example\n"
        "cert = /run/ca.crt\n\n"
    )


def test_certificates_that_the_environment_names_are_lent(tmp_path: Path) -> None:
    options = pip.secrets(tmp_path, "", {"SSL_CERT_FILE": "", "REQUESTS_CA_BUNDLE": "/etc/ca.crt"})
    assert options[:2] == ["--secret", "id=ca.crt,src=/etc/ca.crt"]
    assert (tmp_path / "pip.conf").read_text() == "[global]\ncert = /run/ca.crt\n\n"


def test_without_settings_nothing_is_lent(tmp_path: Path) -> None:
    assert pip.secrets(tmp_path, "global.find-links='/opt/wheels'\n", {}) == []
    assert list(tmp_path.iterdir()) == []


def test_a_missing_program_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.main(["--debootstrap", "--output", str(tmp_path / "dist")]) == 1
    assert capsys.readouterr().err == (
        "hack/image: buildah debootstrap: not on the PATH; on Debian and Ubuntu: apt-get install buildah debootstrap\n"
    )
    assert command.main(["--output", str(tmp_path / "dist")]) == 1
    assert capsys.readouterr().err == (
        "hack/image: buildah: not on the PATH; on Debian and Ubuntu: apt-get install buildah\n"
    )
    assert not (tmp_path / "dist").exists()


def test_a_base_of_debian_packages_needs_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "require", lambda *_: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    message = "a base out of Debian packages needs root: debootstrap makes devices and other users' files"
    with pytest.raises(Failed, match=re.escape(message)):
        base.debian()


def test_what_the_dockerfile_takes_for_granted() -> None:
    arguments = dict(re.findall(r"^ARG (\w+)=(.+)$", (ROOT / "Dockerfile").read_text(), re.M))
    assert arguments == {"BASE": command.BASE, "VERSION": gatewright.__version__}
    [image] = re.findall(r"^ +image: (.+)$", (ROOT / "deploy/base/deployment.yaml").read_text(), re.M)
    assert image == f"gatewright:{gatewright.__version__}"


def test_the_dockerfile_serves_what_the_manifests_probe() -> None:
    text = (ROOT / "Dockerfile").read_text()
    [container] = yaml.safe_load((ROOT / "deploy/base/deployment.yaml").read_text())["spec"]["template"]["spec"][
        "containers"
    ]
    [exposed] = re.findall(r"^EXPOSE (.+)$", text, re.M)
    assert [int(port) for port in exposed.split()] == [port["containerPort"] for port in container["ports"]]


def test_everything_that_the_dockerfile_copies_is_sent_to_the_build() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sent == {path for paths in copied for path in paths.split()}
    assert {path for path in sent if not (ROOT / path).exists()} == set()
