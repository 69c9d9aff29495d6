"""What the profile default must deny of ordinary software, with the reason: by folder, object and policy.

`PYTHONPATH=app python -m tests.ordinary` prints what it denies today.
"""

NODE = "a daemon of the node; an operator names its namespace as an exception"
EXCEPTED = ("kube-system/", "monitoring-host/")
"""The namespaces that excepted.yaml names, with what ends a name."""

DENIED: dict[str, dict[str, dict[str, str]]] = {
    "autoscaler": {
        "Deployment kube-system/autoscaler": {
            "host-path-volumes": "takes the node's file of certificates; a ConfigMap would do",
        },
    },
    "ci": {
        "Deployment ci/builder-socket": {
            "host-path-volumes": "the node's container runtime obeys whoever reaches its socket",
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
        "DaemonSet kube-system/gpu-plugin": {"host-path-volumes": NODE},
        "Job research/pretrain-small": {
            "capabilities-baseline": "IPC_LOCK is none of the baseline's; a limit of the container runtime would do",
        },
    },
    "monitoring": {
        "DaemonSet monitoring-host/node-metrics": {
            "capabilities-baseline": NODE,
            "host-namespaces": NODE,
            "host-path-volumes": NODE,
            "host-ports": NODE,
        },
    },
    "network": {
        "DaemonSet kube-system/kube-proxy": {"host-namespaces": NODE, "host-path-volumes": NODE, "privileged": NODE},
        "DaemonSet kube-system/net-agent": {"host-namespaces": NODE, "host-path-volumes": NODE, "privileged": NODE},
    },
    "storage": {
        "DaemonSet kube-system/disk-node": {"host-namespaces": NODE, "host-path-volumes": NODE, "privileged": NODE},
    },
    "windows": {
        "DaemonSet monitoring-host/windows-metrics": {
            "host-namespaces": NODE,
            "host-ports": NODE,
            "windows-host-process": NODE,
        },
    },
}
