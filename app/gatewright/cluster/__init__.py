"""Where objects come from: files of manifests.

Belongs here: gathering objects, and what is known of the cluster, for the engine. Does not: judging them.
"""
