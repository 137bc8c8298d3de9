"""What Knative Serving does where its ConfigMaps say nothing.

Read in knative/serving and knative/networking; the same in 1.15 and 1.23, where these keys exist
(of what bears on figures: no limits of the queue-proxy, no domains, TLS or features).
"""

from collections.abc import Mapping

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "config-autoscaler": {
        "activator-capacity": "100",
        "allow-zero-initial-scale": "false",
        "container-concurrency-target-default": "100",
        "container-concurrency-target-percentage": "70",
        "enable-scale-to-zero": "true",
        "initial-scale": "1",
        "max-scale": "0",
        "max-scale-down-rate": "2",
        "max-scale-limit": "0",
        "max-scale-up-rate": "1000",
        "min-scale": "0",
        "panic-threshold-percentage": "200",
        "panic-window-percentage": "10",
        "pod-autoscaler-class": "kpa.autoscaling.knative.dev",
        "requests-per-second-target-default": "200",
        "scale-down-delay": "0s",
        "scale-to-zero-grace-period": "30s",
        "scale-to-zero-pod-retention-period": "0s",
        "stable-window": "60s",
        "target-burst-capacity": "211",
    },
    "config-defaults": {
        "allow-container-concurrency-zero": "true",
        "container-concurrency": "0",
        "container-concurrency-max-limit": "1000",
        "max-revision-timeout-seconds": "600",
        "revision-idle-timeout-seconds": "0",
        "revision-timeout-seconds": "300",
    },
    "config-deployment": {
        "digest-resolution-timeout": "10s",
        "progress-deadline": "600s",
        "queue-sidecar-cpu-request": "25m",
        "registries-skipping-tag-resolving": "kind.local,ko.local,dev.local",
    },
    "config-network": {
        "enable-mesh-pod-addressability": "false",
        "ingress-class": "istio.ingress.networking.knative.dev",
        "mesh-compatibility-mode": "auto",
        "rollout-duration": "0",
    },
}
"""By ConfigMap and key, as texts, which is how a ConfigMap has them."""

OLD_KEYS = {"ingress.class": "ingress-class", "clusteringress.class": "ingress-class"}
START_TIMEOUT = "revision-response-start-timeout-seconds"
TIMEOUT = "revision-timeout-seconds"


def effective(name: str, data: Mapping[str, str]) -> dict[str, str]:
    """The values in force of a ConfigMap, those that it does not set filled in."""
    given = {OLD_KEYS.get(key, key): value for key, value in data.items() if key != "_example"}
    values = {**DEFAULTS.get(name, {}), **given}
    if name == "config-defaults":
        values.setdefault(START_TIMEOUT, values[TIMEOUT])
    return dict(sorted(values.items()))
