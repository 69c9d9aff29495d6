"""The image, built without a daemon: `hack/image` and the Dockerfile use it.

`rootfs`, `unused`, `libraries` and `sbom` run inside the build stage, on the base's own Python; `base`, `build` and
`archive` run on the machine that builds. Only the standard library is imported, and in the build stage the CycloneDX
library (hack/sbom.lock). Nothing here knows what Gatewright does.
"""

from pathlib import Path

BILL = Path("usr/share/sbom/gatewright.cdx.json")
"""The bill of materials, in the image: its build stage writes it, and who builds reads it from there."""
