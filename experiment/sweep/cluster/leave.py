"""Whether a Service may be changed by a sweep: by its owner's word, then by Kubernetes' rules."""

from collections.abc import Mapping
from typing import Any

from experiment.errors import ExperimentError

LABEL = "locust-knative/patchable"
YES = "true"


class NotAllowed(ExperimentError):
    """The Service does not say that a sweep may change it."""


def check_leave(service: Mapping[str, Any], allow_patch: bool) -> None:  # noqa: FBT001
    """Refuse to change a Service without its owner's leave.

    Args:
        service: As the API has it.
        allow_patch: `--allow-patch` was given.

    Raises:
        NotAllowed: with the two ways to give leave.
    """
    metadata = service["metadata"]
    if allow_patch or (metadata.get("labels") or {}).get(LABEL) == YES:
        return
    name, namespace = metadata["name"], metadata["namespace"]
    raise NotAllowed(
        f"{namespace}/{name} has no label {LABEL}={YES}, and this sweep changes its settings: "
        f"kubectl label ksvc {name} -n {namespace} {LABEL}={YES}, or --allow-patch"
    )
