"""What an arm sets, laid over a Service's template; pure.

| key | what it is laid over |
| --- | --- |
| `annotations`, `labels` | `spec.template.metadata` |
| `resources`, `image`, `env`, `args`, `command` | the container that serves |
| `container` | the same, any other field of it |
| all others, as `containerConcurrency`, `timeoutSeconds` | `spec.template.spec` |

A value of null takes away what is there.
"""

import difflib
from collections.abc import Mapping
from typing import Any

from experiment.errors import ExperimentError
from experiment.knative.annotations import AUTOSCALING, NAMES
from experiment.sweep.cluster.merge_patch import applied
from records.sweeps import Arm

OF_METADATA = ("annotations", "labels")
OF_CONTAINER = ("args", "command", "env", "image", "resources")
CONTAINER = "container"
NOT_FOR_ARMS = ("containers", "metadata", "name", "spec", "template", "traffic")


class BadArm(ExperimentError):
    """An arm's settings are none that a Knative Service takes."""


def template_of(original: Mapping[str, Any], arm: Arm) -> dict[str, Any]:
    """The template of a Service with an arm's settings.

    The template's own name is left out where something changes: revisions of one name are equal.

    Args:
        original: `spec.template` of the Service as it is.
        arm: What is set.

    Raises:
        BadArm: saying what was given and what is valid.
    """
    check_settings(arm)
    if not arm.settings:
        return dict(original)
    settings = arm.settings
    metadata = {name: _texts(settings[name]) for name in OF_METADATA if name in settings}
    of_container = {name: settings[name] for name in OF_CONTAINER if name in settings}
    of_container |= settings.get(CONTAINER) or {}
    others = (*OF_METADATA, *OF_CONTAINER, CONTAINER)
    spec = {name: value for name, value in settings.items() if name not in others}
    made: dict[str, Any] = applied(original, {"metadata": metadata, "spec": spec})
    made["spec"]["containers"] = _containers(made["spec"].get("containers") or [], of_container)
    if made != _with_metadata(original):
        made["metadata"].pop("name", None)
    return made


def check_settings(arm: Arm) -> None:
    """Refuse settings that are not a Service's, before a cluster is asked.

    Raises:
        BadArm: saying what was given and what is valid.
    """
    for name, value in arm.settings.items():
        if name in NOT_FOR_ARMS:
            raise BadArm(
                f"arm {arm.name!r}: {name!r} cannot be set; valid: annotations, labels, "
                f"{', '.join(OF_CONTAINER)}, container, and fields of spec.template.spec, "
                "as containerConcurrency"
            )
        is_mapping = isinstance(value, Mapping)
        if name in (*OF_METADATA, CONTAINER) and not is_mapping:
            raise BadArm(f"arm {arm.name!r}: {name} must be names and values, not {value!r}")
    for name in arm.settings.get("annotations") or ():
        _check_annotation(arm.name, name)


def _check_annotation(arm: str, name: str) -> None:
    """Knative takes a misspelt name without a word, and nothing happens."""
    if "/" in name and not name.startswith(AUTOSCALING):
        return
    short = name.removeprefix(AUTOSCALING)
    if name.startswith(AUTOSCALING) and short in NAMES:
        return
    near = difflib.get_close_matches(short, NAMES, 1)
    valid = f"{AUTOSCALING}{near[0]}" if near else f"{AUTOSCALING} with {', '.join(NAMES)}"
    raise BadArm(f"arm {arm!r}: there is no annotation {name!r}; valid: {valid}")


def _containers(containers: list[Any], settings: Mapping[str, Any]) -> list[Any]:
    """With the settings laid over the one that serves: the one with a port, else the first."""
    if not settings or not containers:
        return containers
    serving = next((n for n, one in enumerate(containers) if one.get("ports")), 0)
    return [applied(one, settings) if n == serving else one for n, one in enumerate(containers)]


def _with_metadata(template: Mapping[str, Any]) -> dict[str, Any]:
    return {**template, "metadata": template.get("metadata") or {}}


def _texts(values: Mapping[str, Any]) -> dict[str, str | None]:
    """As Kubernetes wants them: a file of ours may say 1 or true."""
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
