"""What the profile default must deny of ordinary software, with the reason: by folder, object and policy.

`PYTHONPATH=app python -m tests.ordinary` prints what it denies today.
"""

NODE = "a daemon of the node; an operator names its namespace as an exception"
EXCEPTED = ("kube-system/", "monitoring-host/")
"""The namespaces that excepted.yaml names, with what ends a name. The profile itself denies nothing in kube-system that
runs with the node."""

DENIED: dict[str, dict[str, dict[str, str]]] = {
    "ci": {
        "Deployment ci/builder-socket": {
            "container-runtime-socket": "the node's container runtime obeys whoever reaches its socket",
            "host-path-volumes": "the same file",
        },
        "StatefulSet ci/builder-dind": {
            "privileged": "a daemon of its own for builds: whoever builds is root on the node",
        },
    },
    "ingress-bare-metal": {
        "DaemonSet ingress-bare-metal/edge": {
            "host-namespaces": "serves from the node's network; its namespace is nobody's exception yet",
            "host-ports": "80 and 443 of the node",
        },
    },
    "legacy": {
        "Deployment intranet/telephone": {
            "host-ports": "a port of whichever node it lands on; a Service would do",
        },
    },
    "logging": {
        "DaemonSet logging/collector": {
            "host-path-volumes": "reads the logs of every pod where the node keeps them, and may write there",
        },
        "StatefulSet logging/search": {
            "privileged": "sets a parameter of the node's kernel at start, which belongs to the node's own setup",
        },
    },
    "mesh-without-cni": {
        "Deployment tours/tours": {
            "capabilities-baseline": "NET_ADMIN and NET_RAW redirect its own traffic; the mesh's CNI plugin would do",
        },
    },
    "ml": {
        "Job research/pretrain-small": {
            "capabilities-baseline": "IPC_LOCK is none of the baseline's; a limit of the container runtime would do",
        },
    },
    "monitoring": {
        "DaemonSet monitoring-host/node-metrics": {
            "capabilities-baseline": NODE,
            "container-runtime-socket": NODE,
            "host-namespaces": NODE,
            "host-path-volumes": NODE,
            "host-ports": NODE,
        },
    },
    "windows": {
        "DaemonSet monitoring-host/windows-metrics": {
            "host-namespaces": NODE,
            "host-ports": NODE,
            "windows-host-process": NODE,
        },
    },
}
