"""What the service costs, measured: beside a bare endpoint, behind a real API server, and as a scan of files.

Here belongs what starts, loads, samples and compares, and what puts figures beside the goals. Nothing here is a test of
what the service does, but for one rule: a figure of a service that answers wrongly is no figure, and fails.
"""
