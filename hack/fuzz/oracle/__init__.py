"""Which answer a review must have: a second reading of the body, written from the specifications alone.

Belongs here: plain dicts, `json`, and what Kubernetes and the Pod Security Standards say. Does not: anything of
Gatewright's, which is what it is held against.
"""
