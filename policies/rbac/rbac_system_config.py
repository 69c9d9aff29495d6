"""Nobody writes the ConfigMaps that the cluster lives by.

Fields:  rules[*]: update or patch of configmaps coredns, aws-auth, kube-proxy and kubeadm-config, everywhere or in
         kube-system
Allowed: other names in `resourceNames`; other namespaces
Why:     coredns answers all look-ups of names, and aws-auth says who administers a cluster on EKS.
Source:  rbac-police, "eks_modify_aws_auth"; Amazon EKS, "Grant IAM users access with a ConfigMap"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_system_config(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-system-config", grants, access)
