"""Gatewright: a validating admission webhook for Kubernetes, and the same engine on the command line."""

__version__ = "0.1.0"
