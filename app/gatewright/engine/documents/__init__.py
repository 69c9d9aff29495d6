"""Reads YAML and JSON text: manifests, cases, configuration, recorded reviews. Nothing else of Gatewright does.

Belongs here: what a text means to Kubernetes, where its fields stand, what is refused and how that is worded. Does not:
opening files, or knowing what a document is about.
"""

from gatewright.engine.documents.document import Document, DocumentError
from gatewright.engine.documents.stream import read

__all__ = ["Document", "DocumentError", "read"]
