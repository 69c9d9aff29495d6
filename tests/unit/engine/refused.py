"""Configurations that are refused, each with its one problem, in line 1."""

from tests.builders import built_in

SUBJECTS = sorted({f"{entry.subject}/*" for entry in built_in().entries.values()})
POLICIES = ", ".join(["*", *SUBJECTS, *built_in().entries])
MODE = "must be enforce, warn, audit, off, or a map over severities"
MAP = "a map over severities has the keys critical, high, medium, low and else"
PORT = 'is no port from 1 to 65535 and no range like "5000-6000"'
EMPTY = "is empty; give it a value or leave it out"
BLOCK = "policies, podSecurityLabels, enforceOn, enforceRoles"
CONDITIONS = "namespaces, namespaceLabels, kinds, names, operations, users, groups, profile"


REFUSED = [
    ("polices: {}", "polices: unknown key; did you mean policies?"),
    ("policies: {host-port: warn}", "policies.host-port: no such policy; did you mean host-ports?"),
    ("policies: {hostPort: warn}", "policies.hostPort: no such policy; did you mean host-ports?"),
    ("policies: {pod-security/*: warn}", "policies[pod-security/*]: no such policy; did you mean pod_security/*?"),
    ("policies: {shiny: warn}", f"policies.shiny: no such policy; there are {POLICIES}"),
    ("policies: {host-ports: {alowed: 1}}", "policies.host-ports.alowed: unknown key; did you mean allowed?"),
    ("policies: {hostPorts: {alowed: 1}}", "policies.hostPorts.alowed: unknown key; did you mean allowed?"),
    ("policies: {privileged: {shiny: 1}}", "policies.privileged.shiny: unknown key; the only one is mode"),
    ('policies: {"*": {allowed: 1}}', "policies[*].allowed: unknown key; the only one is mode"),
    ("policies: {hostPorts: warn, host-ports: audit}", "policies.hostPorts: given twice, also as host-ports"),
    ("policies: {sysctls: warn, sysctls: audit}", 'duplicate key "sysctls" (first at line 1)'),
    ("policies: {host-ports: Enforce}", f"policies.host-ports: {MODE}"),
    ("policies: {host-ports: true}", f"policies.host-ports: {MODE}"),
    ("policies: {host-ports: 0}", f"policies.host-ports: {MODE}"),
    ("policies: {host-ports: ''}", f"policies.host-ports: {MODE}"),
    ("policies: {host-ports: []}", f"policies.host-ports: {MODE}"),
    ("policies: {host-ports: [warn]}", f"policies.host-ports: {MODE}"),
    ("policies: {host-ports: {mode: 1}}", f"policies.host-ports.mode: {MODE}"),
    ("policies: {host-ports: {mode: {}}}", f"policies.host-ports.mode: {MAP}"),
    ("policies: {host-ports: {high: warn, hihg: warn, else: off}}", f"policies.host-ports: {MAP}"),
    ("policies: {host-ports: {mode: warn, else: off}}", f"policies.host-ports.mode: {MAP}"),
    ("policies: {host-ports: {else: loud}}", f"policies.host-ports: {MODE}"),
    (
        "policies: {host-ports: {critical: warn, high: warn}}",
        "policies.host-ports: a map over severities that leaves one out needs else",
    ),
    ("policies: {host-ports: {allowed: true}}", "policies.host-ports.allowed: must be a valid list"),
    (
        "policies: {host-ports: {allowed: [1, true]}}",
        "policies.host-ports.allowed[1]: must be a valid integer or a valid string",
    ),
    ("policies: {host-ports: {allowed: [70000]}}", f"policies.host-ports.allowed: 70000 {PORT}"),
    ("policies: {host-ports: {allowed: 9-1}}", f"policies.host-ports.allowed: '9-1' {PORT}"),
    ("policies: {sysctls: {allowed: [1]}}", "policies.sysctls.allowed[0]: must be a valid string"),
    ("policies:", f"policies: {EMPTY}"),
    ("policies: {host-ports: }", f"policies.host-ports: {EMPTY}"),
    ("policies: {hostPorts: }", f"policies.hostPorts: {EMPTY}"),
    ("policies: {host-ports: {mode: }}", f"policies.host-ports.mode: {EMPTY}"),
    ("policies: {host-ports: {allowed: }}", f"policies.host-ports.allowed: {EMPTY}"),
    ("policies: {host-ports: {critical: , else: warn}}", f"policies.host-ports.critical: {EMPTY}"),
    ("profile:", f"profile: {EMPTY}"),
    ("overrides: [{namespaces: , users: a}]", f"overrides[0].namespaces: {EMPTY}"),
    ("overrides: [{users: a, policies: {host-ports: }}]", f"overrides[0].policies.host-ports: {EMPTY}"),
    ("policies: []", "policies: must be a mapping of keys to values"),
    ("profile: stric", "profile: must be observe, default or strict"),
    ("podSecurityLabels: honor", "podSecurityLabels: must be honour, at-most-warn, tighten or ignore"),
    ("enforceOn: all", "enforceOn: must be workloads or pods"),
    ('kubernetes: "1.36"', 'kubernetes: must be "latest" or "v1.x"'),
    ("kubernetes: 1.36", 'kubernetes: must be like "v1.36", in quotes or with the v'),
    ("apiVersion: gatewright/v2", "apiVersion: must be gatewright/v1"),
    ("policyFolders: [1]", "policyFolders[0]: must be a valid string"),
    ("templates: [a]", "templates: must be a mapping of keys to values"),
    (
        "templates: {argoproj.io/v1/Rollout: spec.template}",
        "templates[argoproj.io/v1/Rollout]: must be a group and a kind, like argoproj.io/Rollout",
    ),
    ("templates: {Job.x: spec}", "templates[Job.x]: must be a group and a kind, like argoproj.io/Rollout"),
    ("templates: {x/Job: spec..a}", "templates[x/Job]: must be a path of names, like spec.template"),
    ("templates: {x/Job: 'spec[0]'}", "templates[x/Job]: must be a path of names, like spec.template"),
    ("templates: {x/Job: ''}", "templates[x/Job]: must be a path of names, like spec.template"),
    ("templates: {apps/Deployment: spec}", "templates[apps/Deployment]: is built in"),
    ("templates: {Pod: spec}", "templates.Pod: is built in"),
    ("overrides: {}", "overrides: must be a valid list"),
    ("overrides: [x]", "overrides[0]: must be a mapping of keys to values"),
    ("overrides: [{namespace: a}]", "overrides[0].namespace: unknown key; did you mean namespaces?"),
    (
        "overrides: [{labels: {a: b}}]",
        f"overrides[0].labels: unknown key; there are {BLOCK}, {CONDITIONS}",
    ),
    ("overrides: [{namespaceLabels: {a: 1}}]", "overrides[0].namespaceLabels.a: must be a valid string"),
    ("overrides: [{namespaces: [1]}]", "overrides[0].namespaces[0]: must be a valid string"),
    (
        "overrides: [{operations: [create]}]",
        "overrides[0].operations[0]: must be CREATE, UPDATE, DELETE or CONNECT",
    ),
    ("- a", "must be a mapping of keys to values"),
    ("policies", "must be a mapping of keys to values"),
]
