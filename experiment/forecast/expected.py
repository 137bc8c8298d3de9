"""What arithmetic alone says of one setting: load, pods, activator, whether it can be carried."""

import math
from dataclasses import dataclass

from experiment.forecast.pods_expected import PodsExpected, fixed_pods, pods_expected
from experiment.forecast.steady_load import SWINGS, SteadyLoad, steady_load
from records.sweeps import Cell
from simulator.autoscaler.burst import excess_burst_capacity, is_proxied
from simulator.compiled import plain
from simulator.service import RPS, Service

STABLE, MARGINAL, OVERLOAD = "stable", "marginal", "overload"
BEYOND_QUOTA, UNKNOWN = "beyond pod quota", "not known"
CORES, PODS = "cores", "pods"
IN, OUT, IN_AND_OUT = "in", "out", "in and out"
_MARGINAL_FROM, _OVERLOAD_FROM = 0.85, 1.0
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Room:
    """What there is for the pods of a Service.

    Attributes:
        cores: That all pods share; +inf where it is not known.
        most_pods: That there is room for.
        pod_cores: CPU limit of each pod; +inf without one.
        fixed: Pods that stay, where no autoscaler is at work; None where one is.
    """

    cores: float
    most_pods: int
    pod_cores: float = math.inf
    fixed: int | None = None


@dataclass(frozen=True)
class Expected:
    """One setting by arithmetic.

    Attributes:
        load: Offered load: rate times service time, in cores (erlangs), or calls at once.
        capacity: What can work at it: the cores, or what all pods take (places for calls, or CPU
            limits) where that is less; None where there is no limit to it.
        bound_by: "cores" or "pods": what the capacity is of; "" for neither.
        pods: How many.
        activator: Whether it is "in" the path, "out" of it, or "in and out".
        overload_class: "stable" below 0.85 of `rho`, "marginal", "overload" from 1 on, "beyond pod
            quota" where more pods are asked for than there is room for, else "not known".
    """

    load: float
    capacity: float | None
    bound_by: str
    pods: PodsExpected
    activator: str
    overload_class: str

    @property
    def rho(self) -> float | None:
        """Load over capacity."""
        return None if self.capacity is None else self.load / self.capacity

    @property
    def is_carried(self) -> bool:
        """Whether there is a steady state, as far as is known."""
        return self.rho is None or self.rho < _OVERLOAD_FROM - _ROUNDING


def expected(cell: Cell, service: Service, room: Room) -> Expected:
    """The arithmetic of a cell.

    Raises:
        InvalidValue: for a law that is none.
    """
    seen = steady_load(cell.rate_rps, cell.law, cell.spin_s, service)
    pods = pods_expected(seen, service) if room.fixed is None else fixed_pods(room.fixed)
    load = cell.rate_rps * cell.spin_s
    capacity, bound_by = _capacity(load, pods, service, room)
    is_beyond = bound_by != CORES and pods.settled > room.most_pods
    rho = None if capacity is None else load / capacity
    return Expected(
        load=load,
        capacity=capacity,
        bound_by=bound_by,
        pods=pods,
        activator=_activator(seen, pods, service),
        overload_class=BEYOND_QUOTA if is_beyond else overload_class(rho),
    )


def overload_class(rho: float | None) -> str:
    """The class of an offered load over what can work at it."""
    if rho is None:
        return UNKNOWN
    if rho >= _OVERLOAD_FROM - _ROUNDING:
        return OVERLOAD
    return MARGINAL if rho >= _MARGINAL_FROM - _ROUNDING else STABLE


def _capacity(
    load: float, pods: PodsExpected, service: Service, room: Room
) -> tuple[float | None, str]:
    """The limit that is reached first; that of the pods alone only where it is near."""
    a_pod = min(service.container_concurrency or math.inf, room.pod_cores)
    of_pods = a_pod * _most_pods(pods, service, room)
    if math.isinf(room.cores) and load < _MARGINAL_FROM * of_pods:
        return None, ""
    return min((room.cores, CORES), (of_pods, PODS))


def _most_pods(pods: PodsExpected, service: Service, room: Room) -> int:
    """Counted by calls a second, no more pods are asked for where calls wait."""
    if room.fixed is not None:
        return room.fixed
    most = min(service.max_scale or room.most_pods, room.most_pods)
    return min(most, pods.high) if service.metric == RPS else most


def _activator(load: SteadyLoad, pods: PodsExpected, service: Service) -> str:
    """From the excess burst capacity, with few pods in much load and many pods in little."""
    scaler = service.scaler_settings()
    swing = SWINGS * load.panic_sd
    found = {
        plain(is_proxied)(ready, plain(excess_burst_capacity)(ready, value, scaler))
        for ready, value in ((pods.low, load.mean + swing), (pods.high, load.mean - swing))
    }
    if len(found) > 1:
        return IN_AND_OUT
    return IN if found.pop() else OUT
