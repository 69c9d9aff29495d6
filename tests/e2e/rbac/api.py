"""An API server as its administrator asks it, over its own TLS: two thousand questions in seconds."""

from typing import Any, NamedTuple

import msgspec

from gatewright.engine.granting import KINDS
from gatewright.engine.world import item_of
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_rules import Request
from gatewright.model.review import UserInfo
from tests.builders import Object
from tests.e2e.direct import Direct

RBAC = "/apis/rbac.authorization.k8s.io/v1"
REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews"


class Answer(NamedTuple):
    """What the API server's authorizer says, and by which role and binding."""

    allowed: bool
    reason: str


class Api(Direct):
    """One connection to an API server, for what is about roles."""

    def get(self, path: str, query: str = "") -> Any:
        """A document that is there."""
        status, found = self.ask("GET", path + query)
        assert status == 200, found
        return found

    def create(self, item: Object) -> None:
        """Creates a Namespace, a role or a binding."""
        kind, namespace = item["kind"], item["metadata"].get("namespace")
        root = "/api/v1" if kind == "Namespace" else RBAC
        within = f"/namespaces/{namespace}" if namespace else ""
        status, told = self.ask("POST", f"{root}{within}/{kind.lower()}s", item)
        assert status == 201, told

    def may(self, who: UserInfo, request: Request) -> Answer:
        """The answer to a SubjectAccessReview."""
        asked: Object = {"verb": request.verb}
        if request.path is None:
            for field in ("resource", "group", "subresource", "name", "namespace"):
                asked[field] = getattr(request, field)
            spec: Object = {"resourceAttributes": asked}
        else:
            spec = {"nonResourceAttributes": asked | {"path": request.path}}
        status, told = self.ask("POST", REVIEWS, {"spec": spec | {"user": who.username, "groups": list(who.groups)}})
        assert status == 201, told
        return Answer(told["status"]["allowed"], told["status"].get("reason", ""))


def permissions(api: Api) -> Permissions:
    """All that the API server stores of roles and bindings, as the program reads them."""
    found = Permissions()
    for key, kind in KINDS.items():
        for item in api.get(f"{RBAC}/{key.partition('.')[0].lower()}s")["items"]:
            read = item_of(kind, msgspec.json.encode(item))
            found.replace(kind, read.namespace, read.name, read)
    return found
