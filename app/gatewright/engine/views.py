"""An object of a request, decoded once for each view of it that a rule asks for."""

from typing import Any, NamedTuple

import msgspec

from gatewright.model.cluster import Connect, Identity, Resource, object_of
from gatewright.model.container import Container
from gatewright.model.kinds import MODELS, is_namespaced
from gatewright.model.path import Path, find
from gatewright.model.pod import Pod, Raw, carrier, pod_of
from gatewright.model.review import AdmissionRequest, is_null
from gatewright.model.schema import Malformed, Node, Problem, decode, locate, plain


class Pods(NamedTuple):
    """The new and the old object of a request, decoded as `carrier(path)`; None where one was not."""

    path: Path
    new: msgspec.Struct | None = None
    old: msgspec.Struct | None = None


class Views:
    """The object, or the old object, of a request as the policies see it."""

    __slots__ = ("_carried", "_containers", "_data", "_malformed", "_paths", "_raw", "_request", "_template", "_views")

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
        self._containers: dict[Path, Container] | None = None
        self._paths: dict[int, Path] | None = None

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
        self._paths = self._containers = None
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
        if isinstance(node, Container):  # what most violations point at is found without a walk over everything
            self._paths = self._paths or {id(container): path for path, container in self._placed().items()}
        path = (self._paths or {}).get(id(node))
        if path is None:
            self._paths = self._walk()
            path = self._paths[id(node)]
        return path

    def _walk(self) -> dict[int, Path]:
        paths: dict[int, Path] = {}
        for view in self._views.values():
            if isinstance(view, Pod):
                paths |= locate(view.template, self._template)
                paths |= locate(view.workload, ("metadata",))
            elif view is not None:
                paths |= locate(view.node if isinstance(view, Resource) else view)
        return paths

    def _placed(self) -> dict[Path, Container]:
        """The containers by their paths."""
        if self._containers is None:
            pod, at = self._views.get(Pod), (*self._template, "spec")
            self._containers = {(*at, *path): one for path, one in pod.spec.placed_containers()} if pod else {}
        return self._containers

    def about(self, path: Path) -> str:
        """The label of the container that a path leads into; empty for everything else."""
        container = self._placed().get(path[: len(self._template) + len(("spec", "containers", 0))])
        return container.label if container else ""
