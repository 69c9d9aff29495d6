"""The vocabulary: frozen structs with the official client's snake_case names, and the values they are made of.

Belongs here: what an object of Kubernetes *is* and how its bytes become a typed view.
Does not: what is allowed (policies), who asks (webhook, cli), where it comes from (cluster), or any I/O.
"""
