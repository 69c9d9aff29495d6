"""Where objects come from: manifests, and an API server.

Belongs here: gathering objects, and what is known of the cluster, for the engine. Does not: judging them.
"""
