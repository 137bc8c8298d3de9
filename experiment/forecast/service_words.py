"""Pods, activator and class of a setting in plain sentences."""

from experiment.forecast.expected import (
    BEYOND_QUOTA,
    IN,
    IN_AND_OUT,
    PODS,
    UNKNOWN,
    Expected,
)
from experiment.forecast.setting import Setting
from shapes.quantities import format_duration
from simulator.service import RPS
from verdict.wording import say_many, say_number

_MODES = {IN: "stays in the path", IN_AND_OUT: "comes into the path and leaves it"}
_OUT = "is out of the path while pods are ready"


def pods_sentence(setting: Setting, found: Expected) -> str:
    """How many pods, and why."""
    pods, room = found.pods, setting.room
    if room.fixed is not None:
        return f"{say_many(room.fixed, 'pod')}, for no autoscaler is at work: {_load(setting)}."
    many = f"{say_many(pods.settled, 'pod')}{_around(found)}"
    return f"{many}: {_load(setting)}, and {target_words(setting)}{_held(setting, found)}."


def _around(found: Expected) -> str:
    """Where the number is by chance; of a few calls a window there is no more to say than that."""
    pods = found.pods
    if pods.low == pods.high:
        return ""
    if pods.low == 0:
        return " or none"
    return f" (mean {say_number(pods.mean)}, mostly {pods.low} to {pods.high})"


def target_words(setting: Setting) -> str:
    """What each pod is kept at."""
    service = setting.asked.service
    limit = service.container_concurrency
    unit = " calls a second" if service.metric == RPS else ""
    value = say_number(service.scaler_settings().target_value)
    return f"Knative keeps a pod of containerConcurrency {limit} at {value}{unit}"


def _load(setting: Setting) -> str:
    cell = setting.cell
    at_once = say_number(cell.rate_rps * cell.spin_s)
    highest = "at its highest " if setting.values.rate_profile not in {None, "constant"} else ""
    rate = f"{highest}{cell.rate_rps:g} rps"
    return f"{rate} of {format_duration(cell.spin_s)} calls are {at_once} calls at once"


def _held(setting: Setting, found: Expected) -> str:
    """Which bound of the Service rules in place of the load, if any."""
    service, pods = setting.asked.service, found.pods
    if pods.low == pods.high == service.max_scale:
        return f"; max-scale {service.max_scale} holds them there"
    if pods.low == pods.high == service.min_scale:
        return f"; min-scale {service.min_scale} is enough"
    return ""


def class_sentence(setting: Setting, found: Expected) -> str:
    """Whether there is room for the load."""
    room, load = setting.room, say_number(found.load)
    if found.overload_class == UNKNOWN:
        return (
            f"The calls need {load} cores; whether there are so many is not known: say it by"
            " --cores."
        )
    if found.overload_class == BEYOND_QUOTA:
        few = f"That is more pods than there is room for, {room.most_pods} (--most-pods)"
        return f"{few}: {BEYOND_QUOTA}{_beyond(found)}."
    assert found.rho is not None
    assert found.capacity is not None
    rho = f"rho {say_number(found.rho)}, {found.overload_class}"
    pile = "" if found.is_carried else "; calls pile up until they are given up"
    if found.bound_by == PODS:
        return f"Its pods take {_calls(found.capacity)} at once: {rho}{pile}."
    more = "" if found.is_carried else ", and more pods are started that help nobody"
    return f"The calls need {load} of {cores_words(room.cores)}: {rho}{pile}{more}."


def cores_words(cores: float) -> str:
    """As "1 core"."""
    return f"{cores:g} core{'' if cores == 1 else 's'}"


def _beyond(found: Expected) -> str:
    """What the pods that there is room for make of it."""
    if found.rho is None or found.is_carried:
        return ""
    return f", and these take no more than {_calls(found.capacity)} at once; the others pile up"


def _calls(capacity: float | None) -> str:
    return f"{say_number(capacity or 0)} call{'' if capacity == 1 else 's'}"


def activator_sentence(setting: Setting, found: Expected) -> str:
    """Who takes the calls."""
    burst = setting.asked.service.target_burst_capacity
    mode = _MODES.get(found.activator, _OUT)
    return f"The activator {mode} (target-burst-capacity {burst:g})."


def rho_words(found: Expected) -> str:
    """As a cell of a table."""
    return "?" if found.rho is None else say_number(found.rho)
