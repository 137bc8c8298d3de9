"""Many runs of one system, each reduced to what is compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.batches import mean_latency_interval
from analysis.statistics.interval import Interval
from analysis.statistics.one_pair import one_pair_mean_ratio
from bench.coverage.systems import System, latencies_s, p99_s


@dataclass(frozen=True)
class Runs:
    """One value a run, seconds; `within` are the intervals of each run alone."""

    mean_s: np.ndarray
    p99_s: np.ndarray
    within: Sequence[Interval]


def repeated(system: System, measured_s: float, seeds: Sequence[int], arm: int = 0) -> Runs:
    """Run the system once for each seed."""
    means, tails, within = [], [], []
    for seed in seeds:
        values = latencies_s(system, measured_s, seed, arm)
        means.append(values.mean())
        tails.append(p99_s(values))
        within.append(mean_latency_interval(values, measured_s))
    return Runs(np.array(means), np.array(tails), within)


def single_pairs(
    a: System, b: System, measured_s: float, seeds: Sequence[int]
) -> list[tuple[float, float, object]]:
    """For each seed: the means of both arms on the same arrivals, and the ratio of that pair."""
    found = []
    for seed in seeds:
        one, other = latencies_s(a, measured_s, seed), latencies_s(b, measured_s, seed, arm=1)
        found.append((one.mean(), other.mean(), one_pair_mean_ratio(one, other, measured_s)))
    return found


def spin_for_worse_p99(system: System, measured_s: float, times: float, seeds: Sequence[int]) -> float:
    """By what factor calls must need more for the p99 to be `times` as long, by bisection."""
    usual = np.log(repeated(system, measured_s, seeds).p99_s).mean()
    low, high = 1.0, times
    for _ in range(12):
        middle = (low + high) / 2
        worse = np.log(repeated(system.slower(middle), measured_s, seeds).p99_s).mean()
        low, high = (middle, high) if worse - usual < np.log(times) else (low, middle)
    return (low + high) / 2
