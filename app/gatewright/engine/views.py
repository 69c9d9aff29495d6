"""An object of a request, decoded once for each view of it that a rule asks for."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gatewright.model.cluster import Connect, Identity, Namespace, Resource
from gatewright.model.path import Path, find
from gatewright.model.pod import Pod, Raw, carrier, pod_of
from gatewright.model.review import AdmissionRequest, is_null
from gatewright.model.schema import Malformed, Node, Problem, decode, locate, plain


class Views:
    """The object, or the old object, of a request as the policies see it."""

    __slots__ = ("_data", "_labels", "_malformed", "_paths", "_request", "_template", "_views", "raw")

    def __init__(self, request: AdmissionRequest, data: msgspec.Raw, templates: Mapping[str, Path]) -> None:
        self._request = request
        self._data = data
        self._template = templates.get(request.kind.key, ())
        self._views: dict[type, Any] = {}
        self._malformed: dict[type, Malformed] = {}
        self._paths: dict[int, Path] | None = None
        self._labels: dict[Path, str] | None = None
        self.raw = Raw(lambda: plain(data))

    def get(self, view: type) -> Any:
        """The view; None where the object has nothing of that kind (a workload without a template).

        Raises:
            Malformed: the object cannot be read as that view.
        """
        if view in self._malformed:
            raise self._malformed[view]
        if view not in self._views:
            try:
                self._views[view] = self._make(view)
            except Malformed as error:
                self._malformed[view] = error  # to find all that is wrong takes long: once, not once a policy
                raise
            self._paths = self._labels = None
        return self._views[view]

    def _make(self, view: type) -> Any:
        request, namespace = self._request, self._request.namespace or None
        if view is Connect:
            options = decode(dict[str, Any], self._data)
            return Connect(request.resource.resource, request.sub_resource, namespace, request.name, options)
        if is_null(self._data):
            raise Malformed([Problem((), "is missing")])
        if view is Pod:
            root, at = decode(carrier(self._template), self._data), self._template
            template = pod_of(root, at)
            if template is None:
                return None
            raw = self.raw  # and not self, which holds the pod: a cycle would keep the body until a collection
            return Pod(template, namespace, bool(at), Raw(lambda: find(raw(), at, {})))
        if view is Namespace:
            return decode(Namespace, self._data)
        return Resource(decode(Identity, self._data), request.kind.kind, namespace, self.raw)

    def path_of(self, node: Node) -> Path:
        """Where a node of one of the views stands in the object.

        Raises:
            LookupError: it is not a part of the object.
        """
        if self._paths is None:
            self._paths = {}
            for view in self._views.values():
                if isinstance(view, Pod):
                    self._paths |= locate(view.template, self._template)
                elif view is not None:
                    self._paths |= locate(view.node if isinstance(view, Resource) else view)
        return self._paths[id(node)]

    def about(self, path: Path) -> str:
        """The label of the container that a path leads into; empty for everything else."""
        if self._labels is None:
            pod = self._views.get(Pod)
            self._labels = {self.path_of(container): container.label for container in pod.containers} if pod else {}
        return self._labels.get(path[: len(self._template) + len(("spec", "containers", 0))], "")
