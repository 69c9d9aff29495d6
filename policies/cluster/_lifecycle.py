"""When upstream's APIs are deprecated and removed.

Written by hack/lifecycle out of api v0.37.2, apiextensions-apiserver v0.37.2, kube-aggregator v0.37.2.
"""

LIFECYCLE: dict[str, dict[str, tuple[int, int, str]]] = {
    "admission.k8s.io/v1beta1": {
        "AdmissionReview": (19, 22, "admission.k8s.io/v1"),
    },
    "admissionregistration.k8s.io/v1alpha1": {
        "MutatingAdmissionPolicy": (35, 38, "admissionregistration.k8s.io/v1beta1"),
        "MutatingAdmissionPolicyBinding": (35, 38, "admissionregistration.k8s.io/v1beta1"),
        "ValidatingAdmissionPolicy": (29, 32, "admissionregistration.k8s.io/v1beta1"),
        "ValidatingAdmissionPolicyBinding": (29, 32, "admissionregistration.k8s.io/v1beta1"),
    },
    "admissionregistration.k8s.io/v1beta1": {
        "MutatingAdmissionPolicy": (37, 40, "admissionregistration.k8s.io/v1"),
        "MutatingAdmissionPolicyBinding": (37, 40, "admissionregistration.k8s.io/v1"),
        "MutatingWebhookConfiguration": (16, 22, "admissionregistration.k8s.io/v1"),
        "ValidatingAdmissionPolicy": (31, 34, "admissionregistration.k8s.io/v1"),
        "ValidatingAdmissionPolicyBinding": (31, 34, "admissionregistration.k8s.io/v1"),
        "ValidatingWebhookConfiguration": (16, 22, "admissionregistration.k8s.io/v1"),
    },
    "apidiscovery.k8s.io/v2beta1": {
        "APIGroupDiscovery": (32, 35, "apidiscovery.k8s.io/v2"),
    },
    "apiextensions.k8s.io/v1beta1": {
        "ConversionReview": (19, 22, "apiextensions.k8s.io/v1"),
        "CustomResourceDefinition": (16, 22, "apiextensions.k8s.io/v1"),
    },
    "apiregistration.k8s.io/v1beta1": {
        "APIService": (19, 22, "apiregistration.k8s.io/v1"),
    },
    "apps/v1beta1": {
        "ControllerRevision": (8, 16, "apps/v1"),
        "Deployment": (8, 16, "apps/v1"),
        "DeploymentRollback": (8, 16, "apps/v1"),
        "Scale": (8, 16, "autoscaling/v1"),
        "StatefulSet": (8, 16, "apps/v1"),
    },
    "apps/v1beta2": {
        "ControllerRevision": (9, 16, "apps/v1"),
        "DaemonSet": (9, 16, "apps/v1"),
        "Deployment": (9, 16, "apps/v1"),
        "ReplicaSet": (9, 16, "apps/v1"),
        "Scale": (9, 16, "autoscaling/v1"),
        "StatefulSet": (9, 16, "apps/v1"),
    },
    "authentication.k8s.io/v1alpha1": {
        "SelfSubjectReview": (29, 32, "authentication.k8s.io/v1"),
    },
    "authentication.k8s.io/v1beta1": {
        "SelfSubjectReview": (30, 33, "authentication.k8s.io/v1"),
        "TokenReview": (19, 22, "authentication.k8s.io/v1"),
    },
    "authorization.k8s.io/v1beta1": {
        "LocalSubjectAccessReview": (19, 22, "authorization.k8s.io/v1"),
        "SelfSubjectAccessReview": (19, 22, "authorization.k8s.io/v1"),
        "SelfSubjectRulesReview": (19, 22, "authorization.k8s.io/v1"),
        "SubjectAccessReview": (19, 22, "authorization.k8s.io/v1"),
    },
    "batch/v1beta1": {
        "CronJob": (21, 25, "batch/v1"),
    },
    "certificates.k8s.io/v1alpha1": {
        "ClusterTrustBundle": (34, 37, "certificates.k8s.io/v1beta1"),
    },
    "certificates.k8s.io/v1beta1": {
        "CertificateSigningRequest": (19, 22, "certificates.k8s.io/v1"),
        "ClusterTrustBundle": (37, 40, "certificates.k8s.io/v1"),
        "PodCertificateRequest": (37, 40, "certificates.k8s.io/v1"),
    },
    "coordination.k8s.io/v1alpha2": {
        "LeaseCandidate": (35, 38, "coordination.k8s.io/v1beta1"),
    },
    "coordination.k8s.io/v1beta1": {
        "Lease": (19, 22, "coordination.k8s.io/v1"),
        "LeaseCandidate": (36, 39, ""),
    },
    "discovery.k8s.io/v1beta1": {
        "EndpointSlice": (21, 25, "discovery.k8s.io/v1"),
    },
    "events.k8s.io/v1beta1": {
        "Event": (22, 25, "events.k8s.io/v1"),
    },
    "extensions/v1beta1": {
        "DaemonSet": (8, 16, "apps/v1"),
        "Deployment": (8, 16, "apps/v1"),
        "DeploymentRollback": (8, 16, ""),
        "Ingress": (14, 22, "networking.k8s.io/v1"),
        "NetworkPolicy": (9, 16, "networking.k8s.io/v1"),
        "ReplicaSet": (8, 16, "apps/v1"),
        "Scale": (2, 16, ""),
    },
    "flowcontrol.apiserver.k8s.io/v1beta1": {
        "FlowSchema": (23, 26, "flowcontrol.apiserver.k8s.io/v1beta3"),
        "PriorityLevelConfiguration": (23, 26, "flowcontrol.apiserver.k8s.io/v1beta3"),
    },
    "flowcontrol.apiserver.k8s.io/v1beta2": {
        "FlowSchema": (26, 29, "flowcontrol.apiserver.k8s.io/v1beta3"),
        "PriorityLevelConfiguration": (26, 29, "flowcontrol.apiserver.k8s.io/v1beta3"),
    },
    "flowcontrol.apiserver.k8s.io/v1beta3": {
        "FlowSchema": (29, 32, "flowcontrol.apiserver.k8s.io/v1"),
        "PriorityLevelConfiguration": (29, 32, "flowcontrol.apiserver.k8s.io/v1"),
    },
    "lifecycle.k8s.io/v1alpha1": {
        "Eviction": (40, 43, ""),
        "EvictionRequest": (40, 43, ""),
    },
    "networking.k8s.io/v1beta1": {
        "IPAddress": (34, 37, "networking.k8s.io/v1"),
        "Ingress": (19, 22, "networking.k8s.io/v1"),
        "IngressClass": (19, 22, "networking.k8s.io/v1"),
        "ServiceCIDR": (34, 37, "networking.k8s.io/v1"),
    },
    "node.k8s.io/v1beta1": {
        "RuntimeClass": (22, 25, "node.k8s.io/v1"),
    },
    "policy/v1beta1": {
        "Eviction": (22, 25, "policy/v1"),
        "PodDisruptionBudget": (21, 25, "policy/v1"),
    },
    "rbac.authorization.k8s.io/v1beta1": {
        "ClusterRole": (17, 22, "rbac.authorization.k8s.io/v1"),
        "ClusterRoleBinding": (17, 22, "rbac.authorization.k8s.io/v1"),
        "Role": (17, 22, "rbac.authorization.k8s.io/v1"),
        "RoleBinding": (17, 22, "rbac.authorization.k8s.io/v1"),
    },
    "resource.k8s.io/v1alpha3": {
        "DeviceTaintRule": (36, 39, "resource.k8s.io/v1beta2"),
        "ResourcePoolStatusRequest": (39, 42, ""),
    },
    "resource.k8s.io/v1beta1": {
        "DeviceClass": (35, 38, "resource.k8s.io/v1"),
        "ResourceClaim": (35, 38, "resource.k8s.io/v1"),
        "ResourceClaimTemplate": (35, 38, "resource.k8s.io/v1"),
        "ResourceSlice": (35, 38, "resource.k8s.io/v1"),
    },
    "resource.k8s.io/v1beta2": {
        "DeviceClass": (36, 39, "resource.k8s.io/v1"),
        "DeviceTaintRule": (39, 42, "resource.k8s.io/v1"),
        "ResourceClaim": (36, 39, "resource.k8s.io/v1"),
        "ResourceClaimTemplate": (36, 39, "resource.k8s.io/v1"),
        "ResourceSlice": (36, 39, "resource.k8s.io/v1"),
    },
    "scheduling.k8s.io/v1beta1": {
        "PodGroup": (40, 43, ""),
        "PriorityClass": (14, 22, "scheduling.k8s.io/v1"),
        "Workload": (40, 43, ""),
    },
    "storage.k8s.io/v1alpha1": {
        "CSIStorageCapacity": (21, 24, "storage.k8s.io/v1beta1"),
        "VolumeAttachment": (21, 24, "storage.k8s.io/v1"),
        "VolumeAttributesClass": (32, 35, "storage.k8s.io/v1"),
    },
    "storage.k8s.io/v1beta1": {
        "CSIDriver": (19, 22, "storage.k8s.io/v1"),
        "CSINode": (17, 22, "storage.k8s.io/v1"),
        "CSIStorageCapacity": (24, 27, "storage.k8s.io/v1"),
        "StorageClass": (19, 22, "storage.k8s.io/v1"),
        "VolumeAttachment": (19, 22, "storage.k8s.io/v1"),
        "VolumeAttributesClass": (34, 37, "storage.k8s.io/v1"),
    },
    "storagemigration.k8s.io/v1beta1": {
        "StorageVersionMigration": (37, 40, "storagemigration.k8s.io/v1"),
    },
    "v1": {
        "ComponentStatus": (19, 0, ""),
        "Endpoints": (33, 0, "discovery.k8s.io/v1 EndpointSlice"),
    },
}
"""By apiVersion and kind: the minors of v1 that deprecate and that remove it, 0 for never, and what to use instead: an
apiVersion, with the kind where that is another; empty where there is nothing."""
