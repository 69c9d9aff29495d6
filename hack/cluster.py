"""`make cluster`: a control plane on this machine with the webhook registered, and two manifests given to it.

Shows what kubectl says of a bad and of a good one, fails on an unexpected verdict, then stays up until Ctrl-C, which
ends and removes everything. With --once it stops instead of staying. No kubeconfig but the cluster's own is used.
"""

import shlex
import signal
import sys
import tempfile
from pathlib import Path

from controlplane import ControlPlane, Failed, Plane
from service import Pod, apply, pod, until, until_called

MANIFESTS = Path("hack/manifests")  # `make` runs in the checkout's folder, and so do the commands that are printed
CREATED = {
    "cluster": "namespace/shop created\n"
    "resourcequota/default created\n"
    "networkpolicy.networking.k8s.io/default-deny created\n"
    "serviceaccount/api created",
    "denied": "",
    "warned": "pod/hello created",
    "allowed": "pod/careful created",
}
"""What of each file of hack/manifests is created; of the second nothing."""
ALSO_SAID = {
    "denied": 'admission webhook "workloads.gatewright.dev" denied the request: Deployment shop/web: 2 violations',
    "warned": 'Warning: would violate PodSecurity "restricted:latest"',
}
"""What kubectl says besides; of the others nothing."""


def show(plane: Plane, name: str) -> bool:
    """Applies a file before the reader's eyes; whether the verdict is the expected one."""
    command = ("apply", "-f", str(MANIFESTS / f"{name}.yaml"))
    print(f"\n> kubectl {' '.join(command)}", flush=True)
    done = plane.kubectl(*command)
    print(f"{done.stderr}{done.stdout}".strip(), flush=True)
    also = ALSO_SAID.get(name, "")
    return done.stdout.strip() == CREATED[name] and (also in done.stderr if also else not done.stderr)


def show_all(plane: Plane) -> None:
    """Applies all files.

    Raises:
        Failed: a verdict is not the expected one.
    """
    for name in CREATED:
        if not show(plane, name):
            raise Failed(f"{name}: not the verdict that was expected")
        if name == "cluster":
            until(lambda: _takes_pods(plane))


def _takes_pods(plane: Plane) -> bool:
    """Whether a Pod can be created: there is its account, and the quota's use is known."""
    account = plane.kubectl("get", "serviceaccount", "default", "-n", "shop")
    quota = plane.kubectl("get", "resourcequota", "default", "-n", "shop", "-o", "jsonpath={.status.used}")
    return account.returncode == 0 and bool(quota.stdout)


def next_steps(plane: Plane, running: Pod) -> str:
    """What to type now."""
    settings = "".join(f"  {line}\n" for line in plane.settings)
    return (
        f"\nIt stays up until Ctrl-C. In another terminal:\n"
        f"{settings}"
        f"  kubectl get pods -n shop\n"
        f"  kubectl run mine -n shop --image=registry.example/mine:1 --privileged\n"
        f"  kubectl label namespace shop pod-security.kubernetes.io/enforce=restricted --overwrite\n"
        f"  kubectl get validatingwebhookconfiguration gatewright -o yaml\n"
        f"  tail -f {shlex.quote(str(running.log))}    its log, a line a decision"
    )


def main() -> int:
    """Starts, and shows."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        # Its own pod security is off: what is said is the webhook's.
        with ControlPlane(disable=["PodSecurity"]) as plane, tempfile.TemporaryDirectory() as folder:
            print(f"Kubernetes {plane.version} runs on {plane.url}.\n\n> kubectl apply -k deploy/overlays/enforce")
            print(apply(plane, "overlays/enforce").strip(), flush=True)
            with pod(plane, Path(folder)) as running:
                until_called(plane, running)
                print(f"\nThe webhook serves on {running.address}, as the Pod would; profile default.")
                show_all(plane)
                print(next_steps(plane, running), flush=True)
                if "--once" not in sys.argv:
                    running.process.wait()
                    raise Failed(f"the webhook has ended:\n{running.log.read_text()}")
                return 0
    except Failed as failed:
        print(f"make cluster: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
