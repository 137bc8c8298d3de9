"""An arm's settings, and the model's, as options of `python -m simulator run`."""

from collections.abc import Iterator, Mapping
from typing import Any

from experiment.sweep.ground import NotForGround
from shapes.errors import InvalidValue
from simulator.commands.options import MODEL, SERVICE, Option
from simulator.service import PREFIX

_RENAMED = {
    "target-utilization-percentage": "target-utilization",
    "scale-to-zero-pod-retention-period": "retention",
    "metric-aggregation-algorithm": "aggregation",
}
_ANNOTATIONS = (
    "activation-scale",
    "initial-scale",
    "max-scale",
    "metric",
    "min-scale",
    "panic-threshold-percentage",
    "panic-window-percentage",
    "scale-down-delay",
    "target",
    "target-burst-capacity",
    "window",
    *_RENAMED,
)
_KEYS = ("annotations", "containerConcurrency", "model")
_OPTIONS = {option.flag.removeprefix("--"): option for option in (*SERVICE, *MODEL)}


def model_arguments(model: Mapping[str, Any], where: str) -> list[str]:
    """Options of the simulator by their names, as {"cores": 8, "cold-start": "2s"}.

    Raises:
        NotForGround: for one that there is not, or a value that it does not take.
    """
    return [part for name, value in model.items() for part in _argument(str(name), value, where)]


def arm_arguments(settings: Mapping[str, Any], where: str) -> list[str]:
    """Settings of a Knative Service as options of the simulator.

    Raises:
        NotForGround: for a setting that the model has not, or a value that it does not take.
    """
    unknown = [key for key in settings if key not in _KEYS]
    if unknown:
        raise NotForGround(
            f"{where}.{unknown[0]}: the model has no such setting; valid: {', '.join(_KEYS)}"
        )
    return [
        *_concurrency(settings, where),
        *_annotations(settings.get("annotations") or {}, f"{where}.annotations"),
        *model_arguments(settings.get("model") or {}, f"{where}.model"),
    ]


def _concurrency(settings: Mapping[str, Any], where: str) -> list[str]:
    if "containerConcurrency" not in settings:
        return []
    value = settings["containerConcurrency"]
    return _argument("container-concurrency", value, f"{where}.containerConcurrency")


def _annotations(annotations: Mapping[str, Any], where: str) -> Iterator[str]:
    for name, value in annotations.items():
        short = str(name).removeprefix(PREFIX)
        if short not in _ANNOTATIONS or short == name:
            valid = ", ".join(PREFIX + one for one in sorted(_ANNOTATIONS))
            raise NotForGround(f"{where}: the model has no {name}; valid: {valid}")
        yield from _argument(_RENAMED.get(short, short), value, f"{where}[{name}]")


def _argument(name: str, value: Any, where: str) -> list[str]:
    option = _OPTIONS.get(name.replace("_", "-"))
    if option is None:
        raise NotForGround(
            f"{where}: the simulator has no option {name}; valid: {', '.join(sorted(_OPTIONS))}"
        )
    if option.is_switch:
        return [option.flag] if value is True else []
    return [f"{option.flag}={_checked(option, str(value), where)}"]


def _checked(option: Option, text: str, where: str) -> str:
    if option.choices and text not in option.choices:
        raise NotForGround(f"{where} is {text!r}; valid: {', '.join(option.choices)}")
    try:
        option.parse(text)
    except InvalidValue as error:
        raise NotForGround(f"{where}: {error}") from None
    return text
