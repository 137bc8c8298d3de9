"""The tables of the coverage test: how often each interval is right."""

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.statistics.batches import NEAR_SATURATION, is_near_saturation
from analysis.statistics.effect import Ratio
from analysis.statistics.families import holm
from analysis.statistics.interval import Interval, no_interval
from analysis.statistics.pairs import overall_ratio, paired_log_ratio
from analysis.statistics.repetitions import enough_repetitions, repetitions_interval
from analysis.statistics.shares import success_interval
from bench.coverage.counted import Counted, covered, found_more, in_groups
from bench.coverage.runs import Runs, repeated, single_pairs, with_longer_p99
from bench.coverage.systems import SHARED, System, latencies_s

REPETITIONS = 5
WORSE = 1.2
_OTHER_ARRIVALS = 1_000_000
_FAMILY = 10
_MOST_REPETITIONS = 20
_FOR_BISECTION = 150
Row = tuple[str, ...]


def intervals(system: System, lengths_s: Sequence[float], runs: int) -> Iterator[Row]:
    """Intervals over five repetitions of mean and p99, and of the mean from one run."""
    for length_s in lengths_s:
        found = repeated(system, length_s, range(runs))
        yield (
            system.name,
            f"{length_s / 60:g} min",
            *(str(over_repetitions(values)) for values in found.by_name.values()),
            str(sequentially(found.mean_s)),
            str(covered(found.within, float(found.mean_s.mean()))),
        )


def over_repetitions(per_run: np.ndarray) -> Counted:
    """How often five repetitions cover the mean of all runs."""
    groups = in_groups(per_run, REPETITIONS)
    return covered(map(repetitions_interval, groups), float(per_run.mean()))


def sequentially(per_run: np.ndarray) -> Counted:
    """The same where repetitions are added from five on until their interval is narrow."""
    groups = [_until_enough(group) for group in in_groups(per_run, _MOST_REPETITIONS)]
    return covered(map(repetitions_interval, groups), float(per_run.mean()))


def _until_enough(per_run: np.ndarray) -> np.ndarray:
    counts = range(REPETITIONS, len(per_run) + 1)
    enough = (count for count in counts if enough_repetitions(per_run[:count]))
    return per_run[: next(enough, len(per_run))]


def comparisons(system: System, length_s: float, runs: int) -> Iterator[Row]:
    """False alarms between equal arms, and what is found of a p99 that is 20 % longer."""
    a = repeated(system, length_s, range(runs))
    slow = with_longer_p99(system, length_s, WORSE, range(_FOR_BISECTION))
    for arrivals, first in (("the same", 0), ("others", _OTHER_ARRIVALS)):
        seeds = range(first, first + runs)
        equal, longer = (repeated(b, length_s, seeds, arm=1) for b in (system, slow))
        for name in a.by_name:
            yield (system.name, arrivals, name, *_compared(a, equal, longer, name))


def _compared(a: Runs, equal: Runs, longer: Runs, name: str) -> Row:
    before, same, worse = (runs.by_name[name] for runs in (a, equal, longer))
    effects = ratios(before, worse)
    truth = float(np.exp(np.log(worse / before).mean()))
    return (
        str(false_alarms(ratios(before, same))),
        f"{truth:.2f}",
        str(covered(effects, truth)),
        str(found_more(effects, 1.0)),
        f"{np.corrcoef(np.log(before), np.log(worse))[0, 1]:.2f}",
    )


def ratios(a: np.ndarray, b: np.ndarray) -> list[Ratio]:
    """Five pairs at a time."""
    groups = zip(in_groups(a, REPETITIONS), in_groups(b, REPETITIONS), strict=True)
    return [paired_log_ratio(one, other) for one, other in groups]


def false_alarms(effects: Sequence[Ratio]) -> Counted:
    """How many intervals leave out 1, where nothing differs."""
    right = covered(effects, 1.0)
    return Counted(right.trials - right.hits, right.trials)


def families(system: System, length_s: float, runs: int) -> Iterator[Row]:
    """Ten equal cells at a time: any alarm with Holm and without, and in the one answer."""
    a, b = (repeated(system, length_s, range(runs), arm).p99_s for arm in (0, 1))
    p = in_groups(np.array([ratio.p for ratio in ratios(a, b)]), _FAMILY)
    cells = list(zip(in_groups(a, REPETITIONS), in_groups(b, REPETITIONS), strict=True))
    grids = [cells[n : n + _FAMILY] for n in range(0, len(p) * _FAMILY, _FAMILY)]
    alarm = 0.05
    yield (
        system.name,
        str(Counted(sum(bool((one < alarm).any()) for one in p), len(p))),
        str(Counted(sum(bool((holm(one) < alarm).any()) for one in p), len(p))),
        str(false_alarms([overall_ratio(grid) for grid in grids])),
    )


def one_pair(system: System, length_s: float, runs: int) -> Iterator[Row]:
    """What a single pair of runs says of means: equal arms, and calls that are 2 % larger."""
    seeds = range(runs)
    slow = system.slower(1.02)
    usual, longer = repeated(system, length_s, seeds), repeated(slow, length_s, seeds, arm=1)
    truth = float(longer.mean_s.mean() / usual.mean_s.mean())
    yield (
        system.name,
        f"{length_s / 60:g} min",
        str(covered(single_pairs(system, system, length_s, seeds), 1.0)),
        str(covered(single_pairs(system, slow, length_s, seeds), truth)),
    )


def _success(latencies: np.ndarray, length_s: float) -> Interval:
    if is_near_saturation(latencies, length_s):
        return no_interval(NEAR_SATURATION)
    return success_interval(np.isfinite(latencies))


def success(deadlines_s: Sequence[float], length_s: float, runs: int) -> Iterator[Row]:
    """Wilson's interval of one run with failures in bursts: at a deadline, near saturation."""
    for deadline_s in deadlines_s:
        system = SHARED.with_deadline(deadline_s)
        found = [latencies_s(system, length_s, seed) for seed in range(runs)]
        truth = float(np.mean([np.isfinite(run).mean() for run in found]))
        counted = covered((_success(run, length_s) for run in found), truth)
        yield (system.name, f"{deadline_s:g} s", f"{truth:.3%}", str(counted))
