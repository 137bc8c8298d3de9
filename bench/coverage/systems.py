"""Simulated systems whose true means are known by running them again and again."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.metrics.latency import percentiles
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from simulator.asked import MEMBER, Asked
from simulator.service import Service
from simulator.system.settings import SystemSettings
from simulator.system.simulate import simulate
from simulator.system.world import ANSWERED

_COLD_START_S = 2.0
_NOISE = 0.02
"""How much a call's own need differs from that of others: sigma of a lognormal distribution."""
_NOISE_STREAM = 20_301


@dataclass(frozen=True)
class System:
    """A Service under Poisson arrivals.

    Attributes:
        name: As the tables have it.
        rate_rps: Offered rate.
        spin_s: CPU time a call needs, but for some noise.
        concurrency: containerConcurrency.
        pods: At the start.
        cores: Under all pods.
        is_scaled: Whether the autoscaler is at work.
        deadline_s: How long a client waits.
        warm_up_s: Left out at the begin of each run.
    """

    name: str
    rate_rps: float
    spin_s: float
    concurrency: int
    pods: int = 1
    cores: float = 64.0
    is_scaled: bool = True
    deadline_s: float = 30.0
    warm_up_s: float = 120.0

    @cached_property
    def service(self) -> Service:
        """Its settings for Knative."""
        return Service(container_concurrency=self.concurrency)

    def slower(self, times: float) -> "System":
        """The same with calls that need so many times as much."""
        return replace(self, spin_s=self.spin_s * times)

    def with_deadline(self, deadline_s: float) -> "System":
        """The same with less patient clients."""
        return replace(self, deadline_s=deadline_s)


THREE_QUARTERS = System("16 pods, rho .75", 24.0, 0.5, 1, pods=16, is_scaled=False)
NEARLY_FULL = System("16 pods, rho .94", 30.0, 0.5, 1, pods=16, is_scaled=False)
SCALED = System("KPA, cc 1, 20 x 0.3 s", 20.0, 0.3, 1)
SHARED = System("KPA, cc 0, 16 cores shared, rho .94", 30.0, 0.5, 0, cores=16.0)
BETWEEN = System("16 pods, rho .85", 27.2, 0.5, 1, pods=16, is_scaled=False)
SYSTEMS = (THREE_QUARTERS, NEARLY_FULL, SCALED, SHARED)


def latencies_s(system: System, measured_s: float, seed: int, arm: int = 0) -> np.ndarray:
    """Latencies of one run's calls after the warm-up, +inf for failures, by intended time.

    Args:
        system: What is run.
        measured_s: Length of the measured phase.
        seed: Of the arrivals.
        arm: Arms of one seed share the arrivals; what each call needs beyond them is their own.
    """
    due_s, end_s, answered = _calls(system, system.warm_up_s + measured_s, seed, arm)
    kept = due_s >= system.warm_up_s
    return np.where(answered, end_s - due_s, np.inf)[kept]


def _calls(
    system: System, length_s: float, seed: int, arm: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    asked = _asked(system, length_s, seed)
    inputs = asked.inputs()
    noise = np.random.default_rng([_NOISE_STREAM, seed, arm])
    count = len(inputs.due_s)
    work_s = system.spin_s * noise.lognormal(-(_NOISE**2) / 2, _NOISE, count)
    simulated = simulate(inputs._replace(work_s=work_s), asked.system)
    return simulated.due_s, simulated.end_s, simulated.status == ANSWERED


def _asked(system: System, length_s: float, seed: int) -> Asked:
    plan = Plan(
        run_id="coverage",
        version=0,
        seed=seed,
        law="poisson",
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, system.rate_rps),)),
        members=(MemberChange(0.0, (MEMBER,)),),
        duration_s=length_s,
    )
    settings = SystemSettings(
        concurrency=system.concurrency,
        scaler=system.service.scaler_settings(),
        cores=system.cores,
        deadline_s=system.deadline_s,
        first_pods=system.pods,
        is_scaled=system.is_scaled,
        duration_s=length_s,
    )
    return Asked(plan, system.service, settings, (_COLD_START_S,), 0.0, system.spin_s)


def p99_s(values: np.ndarray) -> float:
    """The p99 as the reports have it."""
    return float(percentiles(values, (0.99,))["latency_s"].iloc[0])
