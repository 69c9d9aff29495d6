"""The registration's caBundle: the one field of it that the service sets itself, since only it has the certificate."""

import base64

from gatewright.cluster.api import Api
from gatewright.engine.world import Unavailable

_PATH = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"


def publish(api: Api, name: str, certificate: bytes) -> bool:
    """Puts the certificate into every webhook of a ValidatingWebhookConfiguration; whether that changed anything.

    By server-side apply under a field manager of our own, that key alone: whoever applies the manifests again keeps it.

    Raises:
        Unavailable: the configuration does not exist (yet), registers nothing, or cannot be changed.
    """
    bundle = base64.b64encode(certificate).decode()
    registered = api.get(f"{_PATH}/{name}").get("webhooks")
    if not registered:
        raise Unavailable(f"the ValidatingWebhookConfiguration {name} has no webhooks")
    if all(webhook["clientConfig"].get("caBundle") == bundle for webhook in registered):
        return False
    webhooks = [{"name": webhook["name"], "clientConfig": {"caBundle": bundle}} for webhook in registered]
    kind = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration"}
    api.apply(f"{_PATH}/{name}", {**kind, "metadata": {"name": name}, "webhooks": webhooks})
    return True
