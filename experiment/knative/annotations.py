"""Annotations by which a revision tells Knative's autoscaler what to do.

Source: knative/serving, pkg/apis/autoscaling/register.go.
"""

AUTOSCALING = "autoscaling.knative.dev/"
MIN_SCALE = f"{AUTOSCALING}min-scale"
WINDOW = f"{AUTOSCALING}window"
CLASS = f"{AUTOSCALING}class"
HPA = "hpa.autoscaling.knative.dev"

NAMES = (
    "activation-scale",
    "class",
    "initial-scale",
    "max-scale",
    "metric",
    "metric-aggregation-algorithm",
    "min-scale",
    "panic-threshold-percentage",
    "panic-window-percentage",
    "scale-down-delay",
    "scale-to-zero-pod-retention-period",
    "target",
    "target-burst-capacity",
    "target-utilization-percentage",
    "window",
)
"""What may follow the prefix; older spellings, as "minScale", are left out."""
