"""Which images a parameter means: patterns of registry and repository, which are compared part by part."""

import fnmatch
import re
from typing import Any, ClassVar, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from gatewright.model.image import HUB, ImageReference, is_registry, normal_registry

_PART = re.compile(r"[a-z0-9*](?:[a-z0-9*._-]*[a-z0-9*])?")
_HUB_LABELS = tuple(reversed(HUB.split(".")))
_LIKE_A_HOST = re.compile(r".+\.[a-z]+|.*:[0-9]+|localhost")


class ImagePattern(NamedTuple):
    """One pattern, taken apart: the labels of the registry from the last to the first, the parts of the repository."""

    written: str
    labels: tuple[str, ...]
    any_below: bool
    parts: tuple[str, ...]
    anything_below: bool


def _fit(globs: tuple[str, ...], below: bool, items: list[str]) -> bool:
    fitting = len(items) > len(globs) if below else len(items) == len(globs)
    return fitting and all(map(_fits, items, globs))


def _fits(item: str, glob: str) -> bool:
    return item == glob or ("*" in glob and fnmatch.fnmatchcase(item, glob))  # [::1] is no glob


class ImagePatterns(tuple[ImagePattern, ...]):
    """Images by registry and repository: `[registry.example.com/team/*, nginx]`; `patterns.match(image)` asks for one.

    A `*` stands for characters within one part of a name; a last part `*` for everything below, `*.` in front of a
    registry for every host below, and `*` alone for all images. As in a reference, what names no registry is at
    docker.io, there in library/ where it is of one part. Tags and digests are nothing of a pattern.
    """

    __slots__ = ()

    IS_WRITTEN_AS_LIST: ClassVar[bool] = True

    def match(self, image: ImageReference) -> bool:
        """Whether one of the patterns means the image."""
        if not self:
            return False
        labels, parts = image.registry.split(".")[::-1], image.repository.split("/")
        return any(
            _fit(one.labels, one.any_below, labels) and _fit(one.parts, one.anything_below, parts) for one in self
        )

    @classmethod
    def parse(cls, items: list[str]) -> "ImagePatterns":
        """The patterns.

        Raises:
            ValueError: an item is no pattern of images.
        """
        return cls(_pattern(item) for item in items)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda patterns: [one.written for one in patterns])
        return core_schema.no_info_after_validator_function(cls.parse, handler(list[str]), serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "pattern": r"^[a-zA-Z0-9*._:/\[\]-]+$"}}


def _pattern(text: str) -> ImagePattern:
    if text == "*":
        return ImagePattern(text, (), True, (), True)
    try:
        return _parsed(text)
    except ValueError as error:
        raise ValueError(f"{text!a} is no pattern of images: {error}") from None


def _parsed(text: str) -> ImagePattern:
    first, slash, rest = text.partition("/")
    if not slash and _LIKE_A_HOST.fullmatch(text):
        raise ValueError("a registry is followed by /*, and no pattern has a tag")
    if "://" in text or "@" in text:
        raise ValueError("it has a scheme, a user or a digest")
    if "**" in text:
        raise ValueError("it has **; a last part * is everything below")
    if first == "*":
        raise ValueError("it names no registry; `*` alone is every image")
    if not (slash and is_registry(first)):
        first, rest = HUB, text
    labels, any_below = _registry(first)
    parts = rest.split("/")
    if not all(map(_PART.fullmatch, parts)):
        raise ValueError("its repository is not made of parts like team/app-* in lower case, without a tag")
    anything_below = parts[-1] == "*"
    if anything_below:
        parts.pop()
    elif labels == _HUB_LABELS and len(parts) == 1:
        parts.insert(0, "library")
    return ImagePattern(text, labels, any_below, tuple(parts), anything_below)


def _registry(written: str) -> tuple[tuple[str, ...], bool]:
    host = written.removeprefix("*.")
    if "*" in host.rpartition(".")[2]:  # registry.* would be registry.evil.example as well
        raise ValueError("the last part of its registry has a *")
    below = "" if host == written else "0."  # ru alone is no registry, whatever.ru is
    normal = normal_registry(below + host.replace("*", "0")).removeprefix(below)
    for place in (place for place, char in enumerate(host) if char == "*"):
        normal = f"{normal[:place]}*{normal[place + 1 :]}"  # in front of the last dot nothing changed but upper case
    return tuple(reversed(normal.split("."))), host != written
