"""The HTTP edge: AdmissionReviews in and out, over TLS, within a deadline; and what is told of them.

Belongs here: sockets, certificates, signals, bytes, the log and the metrics. Does not: what is decided or how it is
worded (engine), or where the configuration and the cluster come from (wiring gives them).
"""
