"""Whether a load leaves the autoscaler nothing to do, and why; whether it is none at times."""

import math

from experiment.forecast.expected import Expected
from experiment.forecast.setting import Setting
from experiment.forecast.steady_load import steady_load
from shapes.laws import parse_law
from simulator.service import RPS, Service
from verdict.wording import say_many, say_number

_FEW_CALLS = 20.0
"""Of a Poisson stream: a window in which so many are expected has none once in e^20 times."""
_FAR = 4.0
"""Standard deviations that no average of a run goes beyond."""


def is_idle(setting: Setting, found: Expected) -> bool:
    """Whether the load never asks for more than the pods that are there anyhow.

    Not even for seconds: the short average can begin a panic. Calls that wait for a place are at
    once too, so there must be room for all that chance brings together.
    """
    service = setting.asked.service
    pods = _floor(service)
    if goes_to_zero(setting):
        return False
    if service.max_scale and service.max_scale <= pods:
        return True
    load = steady_load(setting.cell.rate_rps, setting.cell.law, setting.cell.spin_s, service)
    highest = load.mean + _sharing(found) + _FAR * load.panic_sd
    return highest <= pods * service.scaler_settings().target_value and _has_room(setting, pods)


def goes_to_zero(setting: Setting) -> bool:
    """Whether calls are so rare that a whole stable window may see none: then the last pod goes."""
    service, cell = setting.asked.service, setting.cell
    if service.min_scale > 0 or not service.scales_to_zero:
        return False
    seen = cell.rate_rps * (service.window_s + cell.spin_s)
    return seen < max(1.0, _FEW_CALLS * parse_law(cell.law).cv ** 2)


def _has_room(setting: Setting, pods: int) -> bool:
    """Whether no call waits for a place in so many pods; in `rps` waiting does not count."""
    service, cell = setting.asked.service, setting.cell
    if service.container_concurrency == 0 or service.metric == RPS:
        return True
    load = cell.rate_rps * cell.spin_s
    at_once = load + _FAR * parse_law(cell.law).cv * math.sqrt(load)
    return at_once <= pods * service.container_concurrency


def _sharing(found: Expected) -> float:
    """Calls more at once where cores are shared: at most those of a single core (M/M/1)."""
    rho = found.rho
    if rho is None:
        return 0.0
    return rho / (1 - rho) if found.is_carried else math.inf


def idle_reason(service: Service, largest: float) -> str:
    """Why, for the largest load there is, in the Service's metric."""
    floor = _floor(service)
    if service.max_scale and service.max_scale <= floor:
        return f"max-scale {service.max_scale} holds it at {say_many(floor, 'pod')}"
    value = say_number(service.scaler_settings().target_value)
    unit = "calls a second" if service.metric == RPS else "calls at once"
    target = f"its target is {value} {unit} for each pod"
    if floor > 1:
        target += f", min-scale is {floor}"
    return f"{target}, and the largest load is {say_number(largest)}"


def largest_load(setting: Setting) -> float:
    """In the Service's metric."""
    cell, by_rate = setting.cell, setting.asked.service.metric == RPS
    return cell.rate_rps * (1.0 if by_rate else cell.spin_s)


def _floor(service: Service) -> int:
    """Pods under any load at all."""
    return max(service.min_scale, service.activation_scale, 1)
