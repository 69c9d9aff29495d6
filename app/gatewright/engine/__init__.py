"""Decides: pure and synchronous. A request, the configuration and what is known of the cluster give a Decision.

Belongs here: finding policies, the operator's configuration, what applies where, running the checks, the words of the
answer. Does not: HTTP, clients, terminals, or any policy's own knowledge.
"""
