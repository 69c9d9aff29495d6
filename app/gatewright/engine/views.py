"""An object of a request, decoded once for each view of it that a rule asks for."""

from typing import Any, NamedTuple

import msgspec

from gatewright.engine.places import Places
from gatewright.model.cluster import Connect, Identity, Resource, object_of
from gatewright.model.kinds import MODELS, is_namespaced
from gatewright.model.path import Path, find
from gatewright.model.pod import Pod, Raw, carrier, pod_of
from gatewright.model.review import AdmissionRequest, is_null
from gatewright.model.schema import Malformed, Node, Problem, decode, plain


class Pods(NamedTuple):
    """The new and the old object of a request, decoded as `carrier(path)`; None where one was not."""

    path: Path
    new: msgspec.Struct | None = None
    old: msgspec.Struct | None = None


class Views:
    """The object, or the old object, of a request as the policies see it."""

    __slots__ = ("_carried", "_data", "_malformed", "_raw", "_request", "_template", "_views", "places")

    def __init__(
        self, request: AdmissionRequest, data: msgspec.Raw, template: Path, carried: msgspec.Struct | None = None
    ) -> None:
        """Decodes nothing yet.

        Args:
            request: whose object it is.
            data: the object.
            template: where an object of its kind keeps its pod.
            carried: the object as a `carrier` of that, where it was decoded already.
        """
        self._request = request
        self._data = data
        self._template = template
        self._carried = carried
        self._views: dict[type, Any] = {}
        self._malformed: dict[type, Malformed] = {}
        self._raw: Raw | None = None
        self.places = Places(self._views, template)

    @property
    def size(self) -> int:
        """Bytes of the object's JSON."""
        return memoryview(self._data).nbytes

    @property
    def raw(self) -> Raw:
        """The object as plain dicts."""
        if self._raw is None:
            data = self._data
            self._raw = Raw(lambda: plain(data))
        return self._raw

    def template(self) -> bytes:
        """The JSON of the pod, as it stands in the object."""
        found: Any = decode(carrier(self._template, as_text=True), self._data)
        for _ in self._template:
            found = getattr(found, "child", None)
        return bytes(found or b"null")

    def get(self, view: type) -> Any:
        """The view; None where the object has nothing of that kind (a workload without a template).

        Raises:
            Malformed: the object cannot be read as that view.
        """
        known = self._views.get(view)
        if known is not None or view in self._views:
            return known
        if view in self._malformed:
            raise self._malformed[view]
        try:
            made = self._views[view] = self._make(view)
        except Malformed as error:
            self._malformed[view] = error  # to find all that is wrong takes long: once, not once a policy
            raise
        self.places.forget()
        return made

    def _make(self, view: type) -> Any:
        request, namespace = self._request, self._request.namespace or None
        if view is Connect:
            options = decode(dict[str, Any], self._data)
            return Connect(request.resource.resource, request.sub_resource, namespace, request.name, options)
        if is_null(self._data):
            raise Malformed([Problem((), "is missing")])
        if view is Pod:
            at = self._template
            carried = self._carried or decode(carrier(at), self._data)
            template = pod_of(carried, at)
            if template is None:
                return None
            raw = self.raw  # and not self, which holds the pod: a cycle would keep the body until a collection
            if not at:
                return Pod(template, namespace, False, raw)
            workload = getattr(carried, "metadata", None)
            return Pod(template, namespace, True, Raw(lambda: find(raw(), at, {})), workload)
        if view is Resource:
            kind = request.request_kind or request.kind
            return Resource(decode(Identity, self._data), kind.api_version, kind.kind, namespace, self.raw)
        return object_of(view, self._data, namespace if is_namespaced(MODELS[view]) else None)

    def path_of(self, node: Node) -> Path:
        """Where a node of one of the views stands in the object.

        Raises:
            LookupError: it is not a part of the object.
        """
        return self.places.path_of(node)
