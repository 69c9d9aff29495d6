"""The image as containers of any user, with its root read-only, no capabilities and no place to write."""

import pytest

import gatewright
from tests.builders import pod_security
from tests.image.built import ROOT, Image
from tests.image.sandbox import Sandbox

pytestmark = pytest.mark.image

CONFINED = """
import os
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
told = (status[key].strip() for key in ("CapPrm", "CapBnd", "NoNewPrivs", "Seccomp"))
print(os.getuid(), os.getgid(), os.getgroups(), *told)
for path in ("/x", "/etc/x", "/opt/gatewright/x"):
    try:
        open(path, "a")
    except OSError as error:
        print(path, error.strerror)
"""

READ_ONLY = """\
/x Read-only file system
/etc/x Read-only file system
/opt/gatewright/x Read-only file system
"""


@pytest.mark.parametrize(("uid", "gid"), [(54321, 54321), (1000650000, 0)], ids=["anybody", "in-group-0"])
def test_it_is_confined_and_cannot_write(image: Image, uid: int, gid: int) -> None:
    done = Sandbox(image, uid, gid).python(CONFINED)
    nothing = "0000000000000000"
    confined = f"{uid} {gid} [] {nothing} {nothing} 1 2\n"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == confined + READ_ONLY


def test_not_even_root_can_write(image: Image) -> None:
    done = Sandbox(image, 0, 0).python(CONFINED)
    assert done.stdout.endswith(READ_ONLY)


def test_there_is_no_shell(image: Image) -> None:
    done = Sandbox(image).run("sh", "-c", "true")
    assert done.returncode == 1
    assert "executable file not found in $PATH" in done.stderr


def test_its_version(image: Image) -> None:
    done = Sandbox(image).gatewright("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"gatewright {gatewright.__version__}\n", "")


def test_a_scan(image: Image) -> None:
    sandbox = Sandbox(image, mounts={"/manifests": ROOT / "hack/manifests"})
    done = sandbox.gatewright("scan", "/manifests/denied.yaml", "--only", "host-ports")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "Deployment shop/web (/manifests/denied.yaml:2): denied\n"
        '  enforce host-ports (high): container "api" uses host port 80\n'
        "          at /manifests/denied.yaml:20 spec.template.spec.containers[0].ports[0].hostPort = 80\n"
        "          fix: remove it\n"
        "1 object, 1 denied; findings: 1 enforce, 0 warn, 0 audit\n"
    )


def test_a_mistaken_command_is_told(image: Image) -> None:
    done = Sandbox(image).gatewright("scam")
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'scam'" in done.stderr


def test_what_we_install_passes_the_strict_profile_of_pod_security(image: Image) -> None:
    sandbox = Sandbox(image, mounts={"/manifests": ROOT / "deploy/base"})
    paths, only = ("/manifests/deployment.yaml", "/manifests/namespace.yaml"), ",".join(pod_security())
    done = sandbox.gatewright("scan", *paths, "--profile", "strict", "--only", only)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "2 objects, 0 denied; findings: 0 enforce, 0 warn, 0 audit\n"


def test_without_a_cluster_it_says_so(image: Image) -> None:
    done = Sandbox(image).gatewright("serve", "--in-cluster", "--register=gatewright")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: no access to a cluster: Service host/port is not set.\n"
