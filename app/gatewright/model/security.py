"""Security contexts: what a container, and a pod, may do to its node."""

from gatewright.model.schema import Node, Part


class SeccompProfile(Part, frozen=True, rename="camel", gc=False):
    """seccompProfile: `type` is RuntimeDefault, Localhost or Unconfined."""

    type: str = ""


class AppArmorProfile(Part, frozen=True, rename="camel", gc=False):
    """appArmorProfile: `type` is RuntimeDefault, Localhost or Unconfined."""

    type: str = ""


class SELinuxOptions(Part, frozen=True, rename="camel", gc=False):
    """seLinuxOptions: the SELinux context."""

    user: str = ""
    role: str = ""
    type: str = ""
    level: str = ""


class WindowsOptions(Part, frozen=True, rename="camel", gc=False):
    """windowsOptions (WindowsSecurityContextOptions)."""

    host_process: bool | None = None


class Capabilities(Part, frozen=True, rename="camel", gc=False):
    """Linux capabilities, named as the kernel does but without `CAP_`."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class SecurityContext(Part, frozen=True, rename="camel", gc=False):
    """A container's securityContext."""

    allow_privilege_escalation: bool | None = None
    app_armor_profile: AppArmorProfile | None = None
    capabilities: Capabilities = Capabilities()
    privileged: bool | None = None
    proc_mount: str | None = None
    read_only_root_filesystem: bool | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    run_as_user: int | None = None
    se_linux_options: SELinuxOptions | None = None
    seccomp_profile: SeccompProfile | None = None
    windows_options: WindowsOptions = WindowsOptions()


class Sysctl(Node, frozen=True, rename="camel", gc=False):
    """A kernel parameter that the pod sets."""

    name: str = ""
    value: str = ""


class PodSecurityContext(Part, frozen=True, rename="camel", gc=False):
    """A pod's securityContext."""

    app_armor_profile: AppArmorProfile | None = None
    fs_group: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    run_as_user: int | None = None
    se_linux_options: SELinuxOptions | None = None
    seccomp_profile: SeccompProfile | None = None
    supplemental_groups: tuple[int, ...] = ()
    sysctls: tuple[Sysctl, ...] = ()
    windows_options: WindowsOptions = WindowsOptions()
