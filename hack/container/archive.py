"""An image in a file, as the OCI layout has it: its configuration, and the files of its layers."""

import gzip
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from container.failure import Failed


class Archive:
    """An image in a tar file.

    Attributes:
        config: what the image says of itself: `config.Labels`, `config.User`, ….
        size: bytes, as a registry keeps them and a node fetches them: the layers, compressed.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        [entry] = self._json("index.json")["manifests"]
        manifest = self._json(_blob(entry))
        self.name: str = entry["annotations"]["org.opencontainers.image.ref.name"]
        self.config: dict[str, Any] = self._json(_blob(manifest["config"]))
        self._layers = [_blob(layer) for layer in manifest["layers"]]
        self.size: int = sum(layer["size"] for layer in manifest["layers"])

    def _json(self, name: str) -> Any:
        with tarfile.open(self._file) as archive, _member(archive, name) as content:
            return json.load(content)

    def layers(self) -> Iterator[tarfile.TarFile]:
        """Each layer, open."""
        with tarfile.open(self._file) as archive:
            for layer in self._layers:
                with (
                    _member(archive, layer) as content,
                    gzip.open(content) as unpacked,
                    tarfile.open(fileobj=unpacked) as opened,
                ):
                    yield opened

    def members(self) -> list[tarfile.TarInfo]:
        """What is in it: files, folders and links, by their path without a leading slash."""
        return [member for layer in self.layers() for member in layer]

    def read(self, path: Path) -> bytes:
        """The content of a file.

        Raises:
            Failed: there is none.
        """
        for layer in self.layers():
            if str(path) in layer.getnames():
                with _member(layer, str(path)) as content:
                    return content.read()
        raise Failed(f"{self._file}: the image has no {path}")

    def unpack(self, folder: Path) -> None:
        """Its files, with the owners and modes that they have in it."""
        for layer in self.layers():
            layer.extractall(folder, numeric_owner=True, filter="fully_trusted")  # noqa: S202 - an image that was built here


def _blob(entry: dict[str, str]) -> str:
    return f"blobs/{entry['digest'].replace(':', '/')}"


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    content = archive.extractfile(name)
    if content is None:
        raise Failed(f"{name} is no file")
    return content
