"""Where the parts of an object stand in it, by the views that were made of it."""

from collections.abc import Mapping
from typing import Any

from gatewright.model.cluster import Resource
from gatewright.model.container import Container
from gatewright.model.path import Path
from gatewright.model.pod import Pod
from gatewright.model.schema import Node, locate


class Places:
    """The places of the parts of one object.

    Nothing is looked for before it is asked for. Parts are known by their identity, so they must not outlive the views.
    """

    __slots__ = ("_containers", "_paths", "_template", "_views")

    def __init__(self, views: Mapping[type, Any], template: Path) -> None:
        """Takes the views, to which others may still come, and where the object keeps its pod."""
        self._views = views
        self._template = template
        self.forget()

    def forget(self) -> None:
        """Another view was made."""
        self._paths: dict[int, Path] | None = None
        self._containers: dict[Path, Container] | None = None

    def path_of(self, node: Node) -> Path:
        """Where a part of one of the views stands.

        Raises:
            LookupError: it is a part of none.
        """
        if isinstance(node, Container):  # what most violations point at is found without a walk over everything
            self._paths = self._paths or {id(container): path for path, container in self._placed().items()}
        path = (self._paths or {}).get(id(node))
        if path is None:
            self._paths = self._walk()
            path = self._paths[id(node)]
        return path

    def about(self, path: Path) -> str:
        """The label of the container that a path leads into; empty for everything else."""
        container = self._placed().get(path[: len(self._template) + len(("spec", "containers", 0))])
        return container.label if container else ""

    def _placed(self) -> dict[Path, Container]:
        """The containers by their paths."""
        if self._containers is None:
            pod, at = self._views.get(Pod), (*self._template, "spec")
            self._containers = {(*at, *path): one for path, one in pod.spec.placed_containers()} if pod else {}
        return self._containers

    def _walk(self) -> dict[int, Path]:
        paths: dict[int, Path] = {}
        for view in self._views.values():
            if isinstance(view, Pod):
                paths |= locate(view.template, self._template)
                paths |= locate(view.workload, ("metadata",))
            elif view is not None:
                paths |= locate(view.node if isinstance(view, Resource) else view)
        return paths
