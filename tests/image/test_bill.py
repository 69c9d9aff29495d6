"""The bill of materials: what it names is in the image, and what is in the image it names."""

import re
from typing import Any

import pytest
from container import BILL
from container.unused import DISTRIBUTIONS
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.image.built import ROOT, Image
from tests.image.sandbox import Sandbox

pytestmark = pytest.mark.image

LOCK = (ROOT / "requirements/run.lock").read_text()


def components(image: Image, kind: str) -> list[dict[str, Any]]:
    """Those whose package URL is of a kind."""
    return [one for one in image.bill["components"] if one["purl"].startswith(f"pkg:{kind}/")]


def named(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((one["name"], one["version"]) for one in found)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[tuple[str, str], set[str]]:
    """The hashes that the lock allows for each package and version."""
    entries = re.findall(r"^([\w.-]+)==(\S+)(.*?)(?=^\S|\Z)", LOCK, re.M | re.S)
    return {(name, version): set(re.findall(r"sha256:([0-9a-f]{64})", rest)) for name, version, rest in entries}


def test_it_is_a_valid_document_and_also_in_the_image(image: Image) -> None:
    text = (image.root / BILL).read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert image.archive.read(BILL).decode() == text
    assert image.bill["metadata"]["component"]["version"] == image.archive.name.partition(":")[2]
    labels = image.archive.config["config"]["Labels"]
    assert image.bill["metadata"]["timestamp"] == labels["org.opencontainers.image.created"]


def test_python_packages(image: Image) -> None:
    inside = sorted((canonical(one["Name"]), one["Version"]) for one in image.packages().values())
    own = [one for one in components(image, "generic") if one["name"] == "gatewright"]
    assert named(components(image, "pypi") + own) == inside
    unused = {*DISTRIBUTIONS, "colorama"}  # which is for Windows
    assert named(components(image, "pypi")) == sorted(one for one in locked() if one[0] not in unused)


def test_each_came_from_a_file_that_the_lock_names(image: Image) -> None:
    allowed = locked()
    for one in components(image, "pypi"):
        [digest] = one["hashes"]
        assert digest["alg"] == "SHA-256"
        assert digest["content"] in allowed[one["name"], one["version"]], one["name"]


def test_what_was_compiled_into_them_is_told_by_documents_in_the_image(image: Image) -> None:
    told = {one["name"]: one.get("externalReferences", []) for one in components(image, "pypi")}
    places = [reference["url"].removeprefix("file:///") for references in told.values() for reference in references]
    assert {"cryptography", "pydantic-core"} <= {name for name, references in told.items() if references}
    assert set(places) == {name for name in image.members if re.search(r"\.dist-info/sboms/[^/]+$", name)}


def test_debian_packages(image: Image) -> None:
    inside = sorted((one["Package"], one["Version"]) for one in image.debian())
    assert named(components(image, "deb")) == inside
    assert {"libc6", "libssl3t64", "ca-certificates"} <= {name for name, _ in inside}
    copyrights = {file.parent.name for file in (image.root / "usr/share/doc").glob("*/copyright")}
    assert len(copyrights) > 5


def test_the_interpreter(image: Image) -> None:
    version = Sandbox(image).python("import platform; print(platform.python_version())").stdout.strip()
    [python] = [one for one in components(image, "generic") if one["name"] == "python"]
    assert python["version"] == version
    assert python["cpe"] == f"cpe:2.3:a:python:python:{version}:*:*:*:*:*:*:*"


def test_what_depends_on_what(image: Image) -> None:
    depends = {one["ref"]: set(one.get("dependsOn", ())) for one in image.bill["dependencies"]}
    assert {"python:gatewright", "interpreter", "debian:libc6"} <= depends["image"]
    assert {"python:fastapi", "python:kubernetes", "python:uvicorn"} <= depends["python:gatewright"]
    reached, ahead = set(), ["image"]
    while ahead:
        reached.add(one := ahead.pop())
        ahead += depends[one] - reached
    assert {one["bom-ref"] for one in image.bill["components"]} | {"image"} == reached
