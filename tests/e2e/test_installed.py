"""The files of deploy/ applied, applied again, and taken away; and the certificate that the service adds to them."""

import base64
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from controlplane import ControlPlane
from service import NAME, ROOT, apply, pod, until

from gatewright.webhook.self_signed import self_signed
from tests.e2e.cluster import Said, install, said, serving
from tests.e2e.impostor import trust

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

BASE, ENFORCE = ROOT / "deploy" / "base", ROOT / "deploy" / "overlays" / "enforce"
CONFIGURATION = ("validatingwebhookconfiguration", NAME)
OBJECTS = {
    "namespace": NAME,
    "serviceaccount": NAME,
    "clusterrole.rbac.authorization.k8s.io": NAME,
    "clusterrolebinding.rbac.authorization.k8s.io": NAME,
    "configmap": "gatewright-configuration-HASH",
    "service": NAME,
    "deployment.apps": NAME,
    "networkpolicy.networking.k8s.io": NAME,
    "validatingwebhookconfiguration.admissionregistration.k8s.io": NAME,
}
NAMESPACED = {"serviceaccount", "configmap", "service", "deployment.apps", "networkpolicy.networking.k8s.io"}


def each(outcome: str) -> Said:
    return Said(0, "".join(f"{kind}/{name} {outcome}\n" for kind, name in OBJECTS.items()), "")


def bundles(plane: ControlPlane) -> list[str]:
    """The certificates of the two webhooks, as they are registered; empty where there is none."""
    registered = json.loads(plane.kubectl("get", *CONFIGURATION, "-o", "json", check=True).stdout)
    return [webhook["clientConfig"].get("caBundle", "") for webhook in registered["webhooks"]]


def managed(plane: ControlPlane) -> dict[str, set[str]]:
    """The fields of the webhooks that each manager has, clientConfig's by themselves."""
    whole = plane.kubectl("get", *CONFIGURATION, "--show-managed-fields", "-o", "json", check=True).stdout
    found: dict[str, set[str]] = {}
    for entry in json.loads(whole)["metadata"]["managedFields"]:
        webhooks = entry["fieldsV1"].get("f:webhooks", {})
        items = [fields for key, fields in webhooks.items() if key.startswith("k:")]
        nested = {field for item in items for field in item.get("f:clientConfig", {})}
        found[entry["manager"]] = ({field for item in items for field in item} | nested) - {".", "f:clientConfig"}
    return found


def test_applying_again_changes_nothing_and_keeps_the_certificate(plane: ControlPlane, tmp_path: Path) -> None:
    with serving(plane, "overlays/enforce", tmp_path):
        registered = bundles(plane)
        assert [base64.b64decode(bundle)[:27] for bundle in registered] == [b"-----BEGIN CERTIFICATE-----"] * 2
        assert said(plane, "apply", "-k", ENFORCE) == each("unchanged")
        assert said(plane, "diff", "-k", ENFORCE) == Said(0, "", "")
        assert said(plane, "apply", "--server-side", "-k", ENFORCE) == each("serverside-applied")
        assert said(plane, "apply", "--server-side", "-k", ENFORCE) == each("serverside-applied")
        assert said(plane, "diff", "-k", ENFORCE) == Said(0, "", "")
        assert bundles(plane) == registered
        managers = managed(plane)
        assert managers.pop("gatewright") == {"f:name", "f:caBundle"}
        assert all("f:caBundle" not in fields for fields in managers.values())


def test_base_and_enforce_replace_each_other(plane: ControlPlane) -> None:
    def policies() -> str:
        return plane.kubectl("get", *CONFIGURATION, "-o", "jsonpath={.webhooks[*].failurePolicy}", check=True).stdout

    install(plane, "base")
    assert policies() == "Ignore Ignore"
    apply(plane, "overlays/enforce")
    assert policies() == "Fail Fail"
    apply(plane, "base")
    assert policies() == "Ignore Ignore"


def test_a_certificate_that_somebody_else_has_put_there_is_replaced(plane: ControlPlane, tmp_path: Path) -> None:
    install(plane, "base")
    trust(plane, certificate := self_signed()[0])
    foreign = base64.b64encode(certificate).decode()
    assert bundles(plane) == [foreign] * 2
    with pod(plane, tmp_path) as running:
        until(lambda: running.readiness() == (200, "ok\n"))
        assert len(set(bundles(plane)) - {foreign}) == 1
        assert foreign not in bundles(plane)


def test_it_is_ready_once_it_is_registered(plane: ControlPlane, tmp_path: Path) -> None:
    install(plane, "base")
    plane.kubectl("delete", *CONFIGURATION, check=True)
    with pod(plane, tmp_path, wait=False) as running:
        until(lambda: [line for line in running.lines if line["msg"] == "not registered"])
        path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/gatewright"
        until(lambda: running.readiness() == (503, f"not registered: GET {path}: 404\n"))
        apply(plane, "base")
        until(lambda: running.readiness() == (200, "ok\n"))
        told = [line["msg"] for line in running.lines if "registered" in line["msg"] or line["msg"] == "serving"]
        assert told == ["serving", "not registered", "registered"]
        assert all(bundles(plane))


@pytest.mark.parametrize("overlay", ["base", "overlays/enforce"])
def test_deleting_leaves_nothing_even_with_the_webhook_dead(plane: ControlPlane, tmp_path: Path, overlay: str) -> None:
    kinds = plane.kubectl("api-resources", "--verbs=list", "-o", "name", check=True).stdout.split()
    everything = ("get", ",".join(kinds), "--all-namespaces", "--ignore-not-found", "-o", "name")

    def ours() -> set[str]:
        found = plane.kubectl(*everything, check=True).stdout.split()
        labelled = plane.kubectl(*everything, "-l", f"app.kubernetes.io/name={NAME}", check=True).stdout.split()
        return {name for name in found if NAME in name} | set(labelled)

    said(plane, "delete", "-k", BASE, "--ignore-not-found")  # other tests' ConfigMaps
    with serving(plane, overlay, tmp_path) as cluster:
        assert f"validatingwebhookconfiguration.admissionregistration.k8s.io/{NAME}" in ours()
        cluster.pod.process.kill()
    call = 'failed to call webhook: Post "https://gatewright.gatewright.svc:8443/validate?timeout=5s": dial tcp ADDRESS'
    failed = f'failed calling webhook "access.gatewright.dev": {call}: connect: connection refused'
    told = said(plane, "create", "namespace", "other", "--dry-run=server")
    if overlay == "base":
        assert told == Said(0, "namespace/other created (server dry run)\n", "")
    else:
        assert told == Said(1, "", f"Error from server (InternalError): Internal error occurred: {failed}\n")
    place = dict.fromkeys(NAMESPACED, f" from {NAME} namespace")
    there = [kind for kind in OBJECTS if kind != "configmap" or overlay == "base"]  # the overlay's has another hash
    deleted = "".join(f'{kind} "{OBJECTS[kind]}" deleted{place.get(kind, "")}\n' for kind in there)
    assert said(plane, "delete", "-k", BASE, "--ignore-not-found") == Said(0, deleted, "")
    assert ours() == set()


def permitted() -> Iterator[str]:
    """What deploy/ permits, as kubectl lists it."""
    [role] = [item for item in yaml.safe_load_all((BASE / "rbac.yaml").read_text()) if item["kind"] == "ClusterRole"]
    for rule in role["rules"]:
        for group, resource in itertools.product(rule["apiGroups"], rule["resources"]):
            name = f"{resource}.{group}" if group else resource
            yield f"{name} [] [{' '.join(rule.get('resourceNames', []))}] [{' '.join(rule['verbs'])}]"


def test_its_account_can_do_what_it_needs_and_no_more(plane: ControlPlane, tmp_path: Path) -> None:
    install(plane, "base")
    with pod(plane, tmp_path) as running:
        [user] = json.loads(running.kubeconfig.read_text())["users"]
        token = json.loads(base64.urlsafe_b64decode(user["user"]["token"].split(".")[1] + "=="))
        assert token["exp"] - token["iat"] == 30 * 24 * 3600  # as long as make cluster may stay up
        own = f"--kubeconfig={running.kubeconfig}"
        listed = said(plane, own, "auth", "can-i", "--list", "--no-headers").out.splitlines()
        rights = {" ".join(line.split()) for line in listed}
        assert {line for line in rights if not line.startswith("[/")} == {
            # every account's
            "selfsubjectreviews.authentication.k8s.io [] [] [create]",
            "selfsubjectaccessreviews.authorization.k8s.io [] [] [create]",
            "selfsubjectrulesreviews.authorization.k8s.io [] [] [create]",
            *([] if plane.emulate else ["clustertrustbundles.certificates.k8s.io [] [] [get list watch]"]),
            *permitted(),
        }
        assert {line.rpartition(" ")[2] for line in rights if line.startswith("[/")} == {"[get]"}
        user, core = 'User "system:serviceaccount:gatewright:gatewright" cannot', 'in API group ""'
        webhooks = "validatingwebhookconfigurations.admissionregistration.k8s.io"
        here, there = f'in the namespace "{NAME}"', "at the cluster scope"
        webhook = f'"validatingwebhookconfigurations" in API group "admissionregistration.k8s.io" {there}'
        refused = {
            ("get", "secrets", "-A"): f'secrets is forbidden: {user} list resource "secrets" {core} {there}',
            ("get", "secrets", "-n", NAME): f'secrets is forbidden: {user} list resource "secrets" {core} {here}',
            (
                "create",
                "namespace",
                "x",
            ): f'namespaces is forbidden: {user} create resource "namespaces" {core} {there}',
            ("get", webhooks, "other"): f'{webhooks} "other" is forbidden: {user} get resource {webhook}',
            ("delete", webhooks, NAME): f'{webhooks} "{NAME}" is forbidden: {user} delete resource {webhook}',
        }
        for arguments, message in refused.items():
            assert said(plane, own, *arguments) == Said(1, "", f"Error from server (Forbidden): {message}\n")
        # kubectl patch reads first: an apply is what is refused as the patch that it is
        other = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration"}
        item = other | {"metadata": {"name": "other"}, "webhooks": []}
        patched = said(plane, own, "apply", "--server-side", "--validate=false", "-f", "-", objects=(item,))
        message = f'{webhooks} "other" is forbidden: {user} patch resource {webhook}'
        assert patched == Said(1, "", f"Error from server (Forbidden): {message}\n")
