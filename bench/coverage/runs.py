"""Many runs of one system, each reduced to what is compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.statistics.batches import mean_latency_interval
from analysis.statistics.effect import Ratio
from analysis.statistics.interval import Interval
from analysis.statistics.one_pair import one_pair_mean_ratio
from bench.coverage.systems import System, latencies_s, p99_s

_HALVINGS = 10


@dataclass(frozen=True)
class Runs:
    """What a system came to, one value a run.

    Attributes:
        mean_s: Mean latencies.
        p99_s: The p99 of each.
        within: The interval of each run alone.
    """

    mean_s: np.ndarray
    p99_s: np.ndarray
    within: tuple[Interval, ...]

    @cached_property
    def by_name(self) -> dict[str, np.ndarray]:
        """The values that are compared, by name."""
        return {"mean": self.mean_s, "p99": self.p99_s}


def repeated(system: System, measured_s: float, seeds: Iterable[int], arm: int = 0) -> Runs:
    """Run the system once for each seed."""
    values = [latencies_s(system, measured_s, seed, arm) for seed in seeds]
    return Runs(
        np.array([run.mean() for run in values]),
        np.array([p99_s(run) for run in values]),
        tuple(mean_latency_interval(run, measured_s) for run in values),
    )


def single_pairs(a: System, b: System, measured_s: float, seeds: Iterable[int]) -> list[Ratio]:
    """For each seed what one pair of runs on its arrivals says of B's mean beside A's."""
    return [
        one_pair_mean_ratio(
            latencies_s(a, measured_s, seed), latencies_s(b, measured_s, seed, arm=1), measured_s
        )
        for seed in seeds
    ]


def with_longer_p99(
    system: System, measured_s: float, times: float, seeds: Iterable[int]
) -> System:
    """The system with calls so much larger that its p99 is `times` as long, by bisection."""
    seeds = list(seeds)
    usual = np.log(repeated(system, measured_s, seeds).p99_s).mean()
    low, high = 1.0, times
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        longer = np.log(repeated(system.slower(middle), measured_s, seeds).p99_s).mean()
        low, high = (middle, high) if longer - usual < np.log(times) else (low, middle)
    return system.slower((low + high) / 2)
