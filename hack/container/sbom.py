"""What the image is made of, as a CycloneDX document: Python packages, the interpreter, Debian packages."""

import email.parser
import hashlib
import json
import os
import platform
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

OWN = canonicalize_name("gatewright")


def document(site: Path, report: Path, origins: Iterable[str]) -> str:
    """The document, as JSON; the same for the same content.

    Args:
        site: the folder of the Python packages, of the image's own path.
        report: what pip wrote as it installed them (`--report`): which file each came from, by its hash.
        origins: paragraphs of dpkg's status.
    """
    hashes = _hashes(json.loads(report.read_text()))
    installed = {canonicalize_name(one.name): one for one in distributions(path=[str(site)])}
    packages = {name: _package(name, one, hashes) for name, one in sorted(installed.items())}
    others = [_interpreter(), *map(_debian, origins)]
    image = Component(
        type=ComponentType.CONTAINER, name=OWN, version=packages[OWN].version, bom_ref="image",
        description="The image: our program, and all that is in it", licenses=packages[OWN].licenses,
    )  # fmt: skip
    bom = Bom(components=[*packages.values(), *others])
    bom.metadata.component = image
    bom.metadata.tools.components.add(this_component())
    # an image has the time that it was given, and so has this
    bom.metadata.timestamp = datetime.fromisoformat(os.environ.get("CREATED") or datetime.now(UTC).isoformat())
    bom.register_dependency(image, [packages[OWN], *others])
    for name, one in installed.items():
        bom.register_dependency(packages[name], [packages[other] for other in _required(one) if other in packages])
    content = sorted(f"{one.purl}" for one in bom.components)
    bom.serial_number = uuid.UUID(bytes=hashlib.sha256("\n".join(content).encode()).digest()[:16], version=4)
    return f"{JsonV1Dot6(bom).output_as_string(indent=1)}\n"


def _hashes(report: dict[str, Any]) -> dict[NormalizedName, str]:
    """The SHA-256 of the file that each package was installed from."""
    return {
        canonicalize_name(one["metadata"]["name"]): one["download_info"]["archive_info"]["hashes"]["sha256"]
        for one in report["install"]
    }


def _package(name: NormalizedName, one: Distribution, hashes: dict[NormalizedName, str]) -> Component:
    own = name == OWN  # not from an index, where the name may be somebody else's
    licence = _licence(one)
    return Component(
        type=ComponentType.APPLICATION if own else ComponentType.LIBRARY,
        name=name,
        version=one.version,
        purl=PackageURL(type="generic" if own else "pypi", name=name, version=one.version),
        bom_ref=f"python:{name}",
        description=one.metadata["Summary"],
        licenses=[licence] if licence else [],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=hashes[name])] if name in hashes else [],
        external_references=[  # what a wheel says of what was compiled into it (PEP 770)
            ExternalReference(type=ExternalReferenceType.BOM, url=XsUri(f"file://{file.locate()}"))
            for file in one.files or ()
            if file.parent.name == "sboms"
        ],
    )


def _licence(one: Distribution) -> License | None:
    told = [text for field in ("License-Expression", "License") for text in one.metadata.get_all(field, [])]
    classified = [text for text in one.metadata.get_all("Classifier", []) if text.startswith("License :: ")]
    named = [*told, *(text.rpartition(" :: ")[2] for text in classified)]
    return LicenseFactory().make_from_string(named[0].partition("\n")[0]) if named else None


def _required(one: Distribution) -> set[NormalizedName]:
    requirements = map(Requirement, one.requires or ())
    return {canonicalize_name(one.name) for one in requirements if one.marker is None or one.marker.evaluate()}


def _interpreter() -> Component:
    version = platform.python_version()
    return Component(
        type=ComponentType.PLATFORM,
        name="python",
        version=version,
        purl=PackageURL(type="generic", name="python", version=version),
        cpe=f"cpe:2.3:a:python:python:{version}:*:*:*:*:*:*:*",
        bom_ref="interpreter",
        licenses=[LicenseFactory().make_with_id("PSF-2.0")],
    )


def _debian(paragraph: str) -> Component:
    fields: Message = email.parser.HeaderParser().parsestr(paragraph)
    name, version = fields["Package"], fields["Version"]
    system = platform.freedesktop_os_release()
    qualifiers = {"arch": fields["Architecture"], "distro": f"{system['ID']}-{system['VERSION_ID']}"}
    return Component(
        name=name,
        version=version,
        purl=PackageURL(type="deb", namespace=system["ID"], name=name, version=version, qualifiers=qualifiers),
        bom_ref=f"debian:{name}",
        description=fields["Description"].partition("\n")[0],
    )
