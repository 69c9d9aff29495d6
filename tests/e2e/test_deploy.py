"""The files of deploy/, as kubectl renders them, before the strictest of our own profiles."""

import json
import subprocess
import sys

import pytest
from controlplane import binaries
from service import ROOT

pytestmark = pytest.mark.e2e


def rendered(overlay: str) -> bytes:
    """What `kubectl apply -k` would send."""
    kubectl = binaries.find()["kubectl"]
    command = [str(kubectl), "kustomize", str(ROOT / "deploy" / overlay)]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, env={}).stdout


@pytest.mark.parametrize("overlay", ["base", "overlays/enforce"])
def test_what_we_install_is_denied_by_our_own_strict_profile_for_what_it_is_alone(overlay: str) -> None:
    command = [sys.executable, "-m", "gatewright", "scan", "--profile", "strict", "-o", "json", "-"]
    scan = subprocess.run(command, input=rendered(overlay), capture_output=True, check=False, cwd=ROOT / "app")
    assert scan.stderr == b""
    found = {
        (one["kind"], finding["policy"])
        for one in json.loads(scan.stdout)["objects"]
        for finding in one["findings"]
        if finding["mode"] == "enforce"
    }
    assert found == DENIED.keys()


DENIED = {
    ("ClusterRole", "rbac-webhook-config"): "it puts its certificate into its own registration, by that name alone",
    ("ClusterRoleBinding", "rbac-webhook-config"): "the same",
    ("Deployment", "service-account-token"): "it reads the cluster",
    ("Deployment", "image-digest"): "whoever installs it knows the digest of their own registry's image",
}
"""What a webhook of this kind cannot do without, and why."""


def test_the_overlays_differ_in_the_profile_and_in_what_a_failed_call_means() -> None:
    base, enforce = (rendered(overlay).decode().splitlines() for overlay in ("base", "overlays/enforce"))
    hashed = "gatewright-configuration-"
    different = [
        (ours.strip(), theirs.strip())
        for ours, theirs in zip(base, enforce, strict=True)
        if ours != theirs and hashed not in ours
    ]
    assert different == [
        ("profile: observe", "profile: default"),
        ("failurePolicy: Ignore", "failurePolicy: Fail"),
        ("failurePolicy: Ignore", "failurePolicy: Fail"),
    ]


def test_no_bundle_is_rendered_not_even_an_empty_one() -> None:
    assert b"caBundle" not in rendered("base") + rendered("overlays/enforce")
