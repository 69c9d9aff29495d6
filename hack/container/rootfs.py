"""The image's root, put together in the build stage: `python -m container.rootfs PACKAGES REPORT ROOT`.

PACKAGES is a virtualenv with all that is installed and nothing else, REPORT is what pip said as it installed it, ROOT
is the folder that becomes the image. What PACKAGES needs of the base is copied to the same places: the interpreter
with its standard library, the shared libraries, the certificates of public authorities.
"""

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from container import BILL, libraries, sbom
from container.unused import PACKAGES, STANDARD, used

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
OF_CERTIFICATES = Path("/usr/sbin/update-ca-certificates")
"""It wrote that file: the file's package is its own."""

PROGRAM = "gatewright"
SCANNERS = Path("var/lib/dpkg/status.d")
"""Where scanners of images look for Debian packages where there is no dpkg."""

HOSTS = "hosts: files dns\n"
"""/etc/nsswitch.conf: without one the C library asks the network for localhost."""


class Root:
    """The folder that becomes the image's root: all of it is root's, and nobody else may write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copied: list[Path] = []
        folder.mkdir()
        for name in ("lib", "lib64"):  # programs name their loader by the old path
            if (link := Path("/", name)).is_symlink():
                (folder / name).symlink_to(link.readlink())

    def at(self, path: Path) -> Path:
        """Where a path of the image lies now; its folder is there."""
        inside = self.folder / path.relative_to("/") if path.is_absolute() else self.folder / path
        inside.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        return inside

    def copy(self, file: Path) -> None:
        """A file of the base, by what it says and not as a link, to where the base has it."""
        at = self.at(file.parent.resolve() / file.name)
        shutil.copyfile(file, at)
        runs = file.stat().st_mode & 0o100 and file.suffix != ".py"  # a module of the standard library is not a program
        at.chmod(0o755 if runs else 0o644)
        self.copied.append(file)

    def tree(self, folder: Path, unused: tuple[str, ...]) -> None:
        """What is used of a folder of the base, with its modules compiled."""
        for path in used(folder, unused):
            self.copy(folder / path)
        compiled = compileall.compile_dir(
            self.at(folder), quiet=1, stripdir=str(self.folder), prependdir="/", maxlevels=99,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,  # no source changes: none is looked at
        )  # fmt: skip
        if not compiled:
            sys.exit(f"{folder}: not all of it could be compiled")

    def write(self, path: Path, text: str) -> None:
        """A file of our own."""
        at = self.at(path)
        at.write_text(text)
        at.chmod(0o644)


def copy_interpreter(root: Root) -> Path:
    """The interpreter and what it brings; its path."""
    interpreter = Path(sys.base_prefix, "bin", f"python{sysconfig.get_python_version()}").resolve()
    root.copy(interpreter)
    root.tree(Path(sysconfig.get_path("stdlib")), STANDARD)
    return interpreter


def copy_packages(root: Root, venv: Path, interpreter: Path) -> Path:
    """The virtualenv, with its one program; where its packages lie."""
    site = venv / "lib" / interpreter.name / "site-packages"
    root.tree(site, PACKAGES)
    root.copy(venv / "pyvenv.cfg")
    root.copy(venv / "bin" / PROGRAM)
    root.at(venv / "bin" / "python").symlink_to(interpreter)
    return site


def copy_libraries(root: Root, own: Path) -> None:
    """What the programs and modules so far are linked to, where the loader finds it; some lies in `own` already."""
    found = libraries.needed(file for file in root.copied if ".so" in file.suffixes or file.parent.name == "bin")
    shared = sorted(library for library in found if not library.is_relative_to(own))
    for library in shared:
        root.copy(library)
    folders = sorted({str(library.parent.resolve()) for library in shared})
    root.write(Path("etc/ld.so.conf"), "".join(f"{folder}\n" for folder in folders))
    subprocess.run(["/sbin/ldconfig", "-X", "-r", root.folder], check=True)
    shutil.rmtree(root.folder / "var" / "cache", ignore_errors=True)  # ldconfig's own


def copy_origins(root: Root, own: Path) -> list[str]:
    """What scanners and lawyers ask for: the Debian packages of what was copied; their paragraphs of dpkg's status."""
    ours = {file for file in root.copied if file.is_relative_to(own) or file == CERTIFICATES}
    packages, others = libraries.owners([*set(root.copied) - ours, OF_CERTIFICATES])
    built = Path("/usr/local")  # where an interpreter is that Debian has not packaged
    if unknown := [file for file in others if not file.is_relative_to(built)]:
        sys.exit(f"of no Debian package, so no bill of materials could name it: {unknown[0]}")
    origins = []
    for package in packages:
        name = package.partition(":")[0]
        origins.append(libraries.status(package))
        root.write(SCANNERS / name, origins[-1])
        root.copy(Path("/usr/share/doc", name, "copyright").resolve())
    root.copy(Path("/etc/os-release"))
    return origins


def main(venv: Path, report: Path, folder: Path) -> None:
    """Puts it together."""
    os.umask(0o022)
    root = Root(folder)
    interpreter = copy_interpreter(root)
    site = copy_packages(root, venv, interpreter)
    copy_libraries(root, venv)
    root.copy(CERTIFICATES)
    root.write(Path("etc/nsswitch.conf"), HOSTS)
    origins = copy_origins(root, venv)
    root.write(BILL, sbom.document(site, report, origins))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
