"""References to images: upstream's grammar, and one spelling of each registry, so that names can be compared.

The grammar is that of distribution/reference 0.6, which the kubelet and containerd read images with. Its spellings of
one registry are several (upper case, aliases of Docker Hub, a default port): here they are one. CRI-O reads the same
grammar, but may look a name without a registry up in a table of its own (short names).
"""

import functools
import ipaddress
import re

import msgspec

from gatewright.model.text import quote

HUB = "docker.io"
"""The registry of a name that has none; `library/` is the place of its names of one part."""

LONGEST_REPOSITORY = 255
"""Characters."""

_LABEL = r"[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*"
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_HOST = re.compile(rf"(?P<host>{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::(?P<port>[0-9]+))?")
_PATH = re.compile(rf"{_PART}(?:/{_PART})*")
_TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}")
_PLAIN = re.compile(
    rf"([a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z0-9]+)/({_PART}(?:/{_PART})*)(?::({_TAG.pattern}))?(?:@(sha256:[a-f0-9]{{64}}))?"
)
"""How most are written: a host in lower case and without a port, and nothing that has another spelling."""

_DIGEST = re.compile(r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}")
_LIKE_A_DIGEST = re.compile(r"(?:sha|md|blake)[0-9]\w*:[^/@]*", re.ASCII | re.IGNORECASE)
_ID = re.compile(r"[a-f0-9]{64}|sha(?:256|384|512):[a-f0-9]+")
_STRANGE = re.compile(r"[^a-zA-Z0-9._:/@\[\]-]")
_ALIASES = {"index.docker.io": HUB, "registry-1.docker.io": HUB}
_OF_HUB = {HUB, *_ALIASES}


class ImageReference(msgspec.Struct, frozen=True, gc=False):
    """An image, by the one spelling of its parts; `str` of it is a reference that is read as the same image.

    Attributes:
        registry: a host, with its port unless that is 443: `docker.io`, `localhost:5000`. One that would be read as a
            part of a path without a port has it all the same: `mirror:443`.
        repository: the path in the registry: `library/nginx`.
        tag: empty where there is none.
        digest: algorithm and hexadecimal digits, empty where there is none. Where there is one, the tag is not read.
    """

    registry: str
    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """Registry and repository."""
        return f"{self.registry}/{self.repository}"

    @property
    def pulled_tag(self) -> str:
        """The tag that decides what is pulled: latest where there is none, empty where a digest decides."""
        return "" if self.digest else self.tag or "latest"

    def __str__(self) -> str:
        tag, digest = self.tag and f":{self.tag}", self.digest and f"@{self.digest}"
        return f"{self.name}{tag}{digest}"


def is_registry(first: str) -> bool:
    """Whether the first of several parts is a registry, and no part of a path at Docker Hub."""
    return first == "localhost" or "." in first or ":" in first or first != first.lower()


def parse_image(text: str) -> ImageReference:
    """The image that a container or a volume names.

    Raises:
        ValueError: it names none. The words say what is wrong, beginning with "it" or "its", and repeat nothing of it
            but one strange character.
    """
    return _kept(text) if len(text) <= 512 else _parsed(text)


def _parsed(text: str) -> ImageReference:
    plain = _PLAIN.fullmatch(text)
    if plain and plain[1] not in _OF_HUB and len(plain[2]) <= LONGEST_REPOSITORY:
        return ImageReference(plain[1], plain[2], plain[3] or "", plain[4] or "")
    return _taken_apart(text)


def _taken_apart(text: str) -> ImageReference:
    if _ID.fullmatch(text):  # containerd and CRI-O would run whatever has this id on the node, of whichever registry
        raise ValueError("it is the id of an image, which says nothing of where it comes from")
    _refuse_what_is_often_wrong(text)
    first, slash, rest = text.partition("/")
    if not (slash and is_registry(first)):
        first, rest = HUB, text
    named, at, digest = rest.partition("@")
    path, colon, tag = named.partition(":")
    if path != path.lower():
        raise ValueError("its repository has upper-case letters")
    if not _PATH.fullmatch(path):
        raise ValueError("its repository is not made of parts like team/app-1")
    if colon and not _TAG.fullmatch(tag):
        raise ValueError("its tag is empty, too long, or not made of letters, digits, _, . and -")
    if at and not _DIGEST.fullmatch(digest):
        raise ValueError("its digest is not sha256: and 64 hexadecimal digits in lower case")
    registry = normal_registry(first)
    if registry == HUB and "/" not in path:
        path = f"library/{path}"
    if len(f"{registry}/{path}" if "_" in registry else path) > LONGEST_REPOSITORY:  # upstream has a_b.example in it
        raise ValueError(f"its repository is longer than {LONGEST_REPOSITORY} characters")
    return ImageReference(registry, path, tag, digest)


_kept = functools.lru_cache(2048)(_parsed)  # of at most a few MB: a cluster runs the same images again and again


def _refuse_what_is_often_wrong(text: str) -> None:
    if not text:
        raise ValueError("it is empty")
    if "://" in text:
        raise ValueError("it begins with a scheme like https://")
    if strange := _STRANGE.search(text):
        raise ValueError(f"it has the character {strange[0]!a}")
    if "/" in text.partition("@")[2]:
        raise ValueError("it has an @ before a slash")


def normal_registry(written: str) -> str:
    """A registry's one spelling: in lower case, without the default port, Docker Hub by one name.

    Raises:
        ValueError: it is no host with or without a port.
    """
    match = _HOST.fullmatch(written)
    if not match:
        if _PATH.fullmatch(written):  # upstream has a_b.example in the path, containerd asks it
            return written
        raise ValueError("its registry is no host")
    host = match["host"].lower()
    port = (match["port"] or "443").lstrip("0") or "0"  # of a port with zeros in front Go dials the one without
    if host.startswith("["):
        host = _normal_address(host)
    return f"{host}:{port}" if port != "443" or not is_registry(host) else _ALIASES.get(host, host)


def _normal_address(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        return host  # upstream's grammar has it; nothing answers there
    return str(address.ipv4_mapped or f"[{address}]")


def quote_image(text: str) -> str:
    """The text of an image as it may be shown: quoted, without what may be a user's name and password."""
    named, at, digest = text.rpartition("@")
    if not _LIKE_A_DIGEST.fullmatch(digest):
        named, at, digest = text, "", ""
    return quote(named.rpartition("@")[2] + at + digest)
