"""Admission webhooks hold while they are down, and do not stop the cluster.

Fields:  webhooks[*] of a ValidatingWebhookConfiguration or a MutatingWebhookConfiguration: failurePolicy, rules,
         namespaceSelector, objectSelector, matchConditions, timeoutSeconds and clientConfig.caBundle
Allowed: failurePolicy Fail (unset), and Ignore for the webhooks in `mayFailOpen`; rules for some kinds, or a selector
         or a condition that narrows them; with Fail, a namespaceSelector that leaves kube-system out where Pods are
         asked about; a caBundle with a certificate that is valid, or none; up to 10 seconds
Why:     what is decided by a webhook that fails open is not decided while it is down, and who can keep it down passes.
         One that denies everything while it is down also denies what would bring it up again: kube-system's Pods above
         all. Where its certificate authority has expired it is down for good. No API server asks a webhook about
         webhooks: this is for files and audits. Nobody's is left out but those that may fail open: gatewright's own by
         default, since a first installation does until it has been watched.
Source:  Kubernetes documentation, "Admission Webhook Good Practices"; KEP-3716 (matchConditions)
Maps:    OWASP K04 (2022)
"""

import base64
from datetime import date

from gatewright.policy import (
    Globs,
    MutatingWebhookConfiguration,
    Namespace,
    Params,
    Set,
    Severity,
    Store,
    ValidatingWebhookConfiguration,
    Violation,
    Violations,
    Webhook,
    not_after,
    policy,
    quote,
)

SYSTEM, NAME = "kube-system", "kubernetes.io/metadata.name"
LONGEST = 10
"""Seconds that a request may be held up for: what an API server waits unless told otherwise."""


class WebhookFloor(Params):
    """`mayFailOpen`: the names of webhooks that may have failurePolicy Ignore."""

    may_fail_open: Globs = Globs(("access.gatewright.dev", "workloads.gatewright.dev"))


@policy(severity=Severity.MEDIUM)
def webhook_floor(
    configuration: ValidatingWebhookConfiguration | MutatingWebhookConfiguration,
    params: WebhookFloor,
    namespaces: Store[Namespace],
    today: date,
) -> Violations:
    for webhook in configuration.webhooks:
        label, denies = f"webhook {quote(webhook.name)}", webhook.failure_policy != "Ignore"
        if not denies and not params.may_fail_open.match(webhook.name):
            yield Violation(webhook, "failurePolicy", f"{label} lets everything pass while it is down")
        if _is_asked_about_everything(webhook):
            loss = "of which none can be changed while it is down" if denies else "their Secrets among them"
            message = f"{label} is asked about objects of every kind in every namespace, {loss}: narrow its rules"
            severity = Severity.HIGH if denies else Severity.MEDIUM
            yield Violation(webhook, "namespaceSelector", message, severity=severity)
        elif denies and _is_asked_about_pods(webhook) and _selects_system(webhook, namespaces):
            message = f"{label} keeps Pods of kube-system from being made while it is down: leave that namespace out"
            yield Violation(webhook, "namespaceSelector", message)
        if fault := _fault(webhook.client_config.ca_bundle, today):
            message = f"{label} cannot be called: its caBundle {fault}"
            yield Violation(webhook, "clientConfig.caBundle", message, severity=Severity.HIGH)
        if webhook.timeout_seconds > LONGEST:
            message = f"{label} may hold a request up for {webhook.timeout_seconds} seconds, of at most {LONGEST}"
            yield Violation(webhook, "timeoutSeconds", message, severity=Severity.LOW, fix=Set(LONGEST))


def _takes_all_comers(webhook: Webhook) -> bool:
    """Whether an object without labels is asked about, whoever sends it."""
    return webhook.object_selector.matches({}) and not webhook.match_conditions


def _is_asked_about_everything(webhook: Webhook) -> bool:
    return (
        _takes_all_comers(webhook)
        and not webhook.namespace_selector.keys
        and any(
            "*" in rule.api_groups and not {"*", "*/*"}.isdisjoint(rule.resources) and rule.scope != "Cluster"
            for rule in webhook.rules
        )
    )


def _is_asked_about_pods(webhook: Webhook) -> bool:
    """Whether Pods cannot be made without it."""
    return _takes_all_comers(webhook) and any(
        not {"", "*"}.isdisjoint(rule.api_groups)
        and not {"pods", "pods/*", "*", "*/*"}.isdisjoint(rule.resources)
        and not {"CREATE", "*"}.isdisjoint(rule.operations)
        and rule.scope != "Cluster"
        for rule in webhook.rules
    )


def _selects_system(webhook: Webhook, namespaces: Store[Namespace]) -> bool:
    """Whether a webhook is asked about kube-system; not, where its labels would decide and are not known."""
    selector = webhook.namespace_selector
    if selector.keys <= {NAME}:
        return selector.matches({NAME: SYSTEM})
    system = namespaces.get(None, SYSTEM)
    return system is not None and selector.matches(system.labels)


def _fault(bundle: str, today: date) -> str:
    """What is wrong with a caBundle. One that is empty or blank is filled in later: by a controller, or not at all."""
    try:
        pem = base64.b64decode(bundle)
        if not pem.strip():
            return ""
        end = not_after(pem).date()
    except ValueError:
        return "holds no certificate"
    return f"expired on {end}" if end < today else ""
