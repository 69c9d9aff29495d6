"""What is in the image: a program with what it needs, and nothing for whoever gets into it."""

import base64
import csv
import hashlib
import re

import pytest
from container.unused import AIO

from tests.image.built import ROOT, SITE, SOURCE, Image
from tests.image.sandbox import Sandbox

pytestmark = pytest.mark.image

COMPRESSED = 90e6
"""Bytes at most."""

LOADED = """
import importlib, importlib.metadata, pkgutil, re, sys
import gatewright
import uvicorn.loops.uvloop, uvicorn.protocols.http.httptools_impl
for module in pkgutil.walk_packages(gatewright.__path__, "gatewright."):
    if module.name.startswith("gatewright.policies") or module.name.endswith("__main__"):
        continue
    importlib.import_module(module.name)
tops = {name.partition(".")[0] for name in sys.modules}
owners = importlib.metadata.packages_distributions()
loaded = {owner for top in tops for owner in owners.get(top, ())}
for one in importlib.metadata.distributions():
    if one.name not in loaded:
        print(one.name)
"""
"""Names the packages that no module of ours leads to."""

STANDARD = """
import importlib, pathlib, ssl, sysconfig
for file in pathlib.Path(sysconfig.get_path("stdlib"), "lib-dynload").iterdir():
    importlib.import_module(file.name.partition(".")[0])
import ctypes, hashlib, zlib, bz2, lzma, decimal, uuid, xml.parsers.expat
assert zlib.decompress(zlib.compress(b"a")) == lzma.decompress(lzma.compress(b"a")) == b"a"
print(hashlib.sha256(b"").hexdigest()[:8], len(ssl.create_default_context().get_ca_certs()) > 100)
"""
"""Loads every extension module of the standard library, with its shared libraries."""


def test_it_is_small(image: Image) -> None:
    assert image.archive.size < COMPRESSED
    files = [member for member in image.members.values() if member.isfile()]
    assert f", {image.archive.size / 1e6:.1f} MB compressed, " in image.told
    assert f", {len(files):,} files\n" in image.told


def test_it_holds_no_program_but_ours(image: Image) -> None:
    runs = {name for name, member in image.members.items() if member.isfile() and member.mode & 0o111}
    programs = {name for name in runs if not re.search(r"\.so(\.|$)", name)}
    assert programs == {"opt/gatewright/bin/gatewright", "usr/bin/python3.13"}
    links = {name: member.linkname for name, member in image.members.items() if member.issym()}
    assert links == {
        "lib": "usr/lib",
        "lib64": "usr/lib64",
        "opt/gatewright/bin/python": "/usr/bin/python3.13",
    }


def test_all_of_it_is_root_s_and_nobody_else_may_write(image: Image) -> None:
    others = {name for name, member in image.members.items() if (member.uid, member.gid) != (0, 0)}
    writable = {name for name, member in image.members.items() if not member.issym() and member.mode & 0o022}
    special = {name for name, member in image.members.items() if member.mode & 0o7000 or member.isdev()}
    unreadable = {name for name, member in image.members.items() if not member.mode & 0o004}
    assert (others, writable, special, unreadable) == (set(), set(), set(), set())


def test_what_nobody_imports_is_not_there(image: Image) -> None:
    folders = {f"{SITE}/kubernetes/aio", *(f"{SITE}/{name.replace('-', '_')}" for name in AIO), f"{SITE}/attr"}
    installers = {f"{SITE}/pip", "usr/lib/python3.13/ensurepip", "usr/lib/python3.13/venv", f"{SITE}/setuptools"}
    tests = {name for name in image.members if re.search(r"/tests?(/|$)", name) and image.members[name].isdir()}
    assert (image.members.keys() & (folders | installers), tests) == (set(), set())
    loaded = Sandbox(image).python(LOADED)
    assert (loaded.returncode, loaded.stdout, loaded.stderr) == (0, "", "")


def test_what_is_imported_is_there(image: Image) -> None:
    done = Sandbox(image).python(STANDARD)
    assert (done.returncode, done.stdout, done.stderr) == (0, "e3b0c442 True\n", "")


def test_every_module_is_compiled_and_taken_as_it_is(image: Image) -> None:
    sources = {name for name in image.members if name.endswith(".py")}
    compiled = {name for name in image.members if name.endswith(".pyc")}
    assert compiled == {re.sub(r"([^/]+)\.py$", r"__pycache__/\1.cpython-313.pyc", name) for name in sources}
    flags = {(image.root / name).read_bytes()[4:8] for name in compiled}
    assert flags == {b"\1\0\0\0"}, "hash-based and unchecked, as PEP 552 has it"


def test_packages_are_as_their_wheels_had_them(image: Image) -> None:
    wrong = []
    for record in (image.root / SITE).glob("*.dist-info/RECORD"):
        for path, digest, _ in csv.reader(record.read_text().splitlines()):
            file = image.root / SITE / path
            if digest and file.exists():
                method, _, value = digest.partition("=")
                found = base64.urlsafe_b64encode(hashlib.new(method, file.read_bytes()).digest()).rstrip(b"=").decode()
                wrong += [path] if found != value else []
    assert wrong == []


def test_it_says_what_it_is(image: Image) -> None:
    config = image.archive.config["config"]
    prefix = "org.opencontainers.image."
    labels = {key.removeprefix(prefix): value for key, value in config["Labels"].items() if key.startswith(prefix)}
    metadata = next(one for folder, one in image.packages().items() if folder.startswith("gatewright-"))
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?|", labels.pop("revision"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", created := labels.pop("created"))
    assert image.archive.config["created"] == created.replace("+00:00", "Z")
    assert labels == {
        "title": metadata["Name"],
        "description": metadata["Summary"],
        "licenses": metadata["License-Expression"],
        "version": metadata["Version"],
        "source": SOURCE,
    }
    assert config["User"] == "65532:65532"
    assert config["Env"] == [
        "PATH=/opt/gatewright/bin",
        "PYTHONDONTWRITEBYTECODE=1",
        "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
    ]


def test_nothing_of_how_it_was_built_stays(image: Image) -> None:
    told = str(image.archive.config)
    assert [word for word in ("pip", "ca.crt", "secret", str(ROOT)) if word in told] == []
    tops = {name.partition("/")[0] for name in image.members} - {"."}
    assert tops == {"etc", "lib", "lib64", "opt", "usr", "var"}
    settings = {name for name in image.members if re.fullmatch(r"etc/[^/]+", name)}
    assert settings == {f"etc/{name}" for name in ("ld.so.cache", "ld.so.conf", "nsswitch.conf", "os-release", "ssl")}
