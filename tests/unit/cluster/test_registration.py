import base64
from typing import Any

import pytest

from gatewright.cluster.registration import publish
from gatewright.engine.world import Unavailable
from tests.builders import raises
from tests.unit.cluster.apis import Api

PATH = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/gatewright"
CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
BUNDLE = base64.b64encode(CERTIFICATE).decode()
OTHER = base64.b64encode(b"another").decode()


def registered(*bundles: str | None) -> Api:
    """An API server with a configuration whose webhooks have these bundles."""
    webhooks: list[dict[str, Any]] = [
        {"name": f"w{number}.gatewright.dev", "failurePolicy": "Fail", "clientConfig": {"service": {"name": "s"}}}
        for number in range(len(bundles))
    ]
    for webhook, bundle in zip(webhooks, bundles, strict=True):
        if bundle is not None:
            webhook["clientConfig"]["caBundle"] = bundle
    return Api({PATH: {"webhooks": webhooks}})


def applied(*names: str) -> dict[str, Any]:
    """What is applied: a name and a bundle of each webhook, and nothing that its manifests own."""
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "gatewright"},
        "webhooks": [{"name": name, "clientConfig": {"caBundle": BUNDLE}} for name in names],
    }


def test_every_webhook_gets_the_certificate_and_nothing_else() -> None:
    api = registered(None, None)
    assert publish(api, "gatewright", CERTIFICATE)
    assert api.calls == [("get", PATH, {}), ("apply", PATH, applied("w0.gatewright.dev", "w1.gatewright.dev"))]


def test_where_one_has_another_all_are_applied() -> None:
    api = registered(BUNDLE, OTHER)
    assert publish(api, "gatewright", CERTIFICATE)
    assert api.calls[1:] == [("apply", PATH, applied("w0.gatewright.dev", "w1.gatewright.dev"))]


def test_where_all_have_it_nothing_is_changed() -> None:
    api = registered(BUNDLE, BUNDLE)
    assert not publish(api, "gatewright", CERTIFICATE)
    assert api.calls == [("get", PATH, {})]


def test_a_configuration_that_is_missing_is_told() -> None:
    with raises(Unavailable, f"GET {PATH}: 404 Not Found"):
        publish(Api(), "gatewright", CERTIFICATE)


@pytest.mark.parametrize("whole", [{}, {"webhooks": None}, {"webhooks": []}])
def test_one_without_webhooks_is_not_registered(whole: dict[str, Any]) -> None:
    api = Api({PATH: whole})
    with raises(Unavailable, "the ValidatingWebhookConfiguration gatewright has no webhooks"):
        publish(api, "gatewright", CERTIFICATE)
    assert api.calls == [("get", PATH, {})]
