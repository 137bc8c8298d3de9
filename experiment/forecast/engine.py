"""Simulated runs on all cores, in processes of their own, until time is up."""

import multiprocessing
import os
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.pool import AsyncResult

from experiment.forecast.modelled_run import RunFigures, modelled_run
from experiment.forecast.process_start import begin

_MOST_PROCESSES = 8
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Job:
    """One run to simulate: options of `python -m simulator run`, and the seed of its arrivals."""

    values: Namespace
    seed: int


def simulate_all(
    jobs: Sequence[Job],
    seconds: float,
    *,
    at_least: int,
    is_plain: bool,
    now_s: Callable[[], float] = time.monotonic,
) -> list[RunFigures | None]:
    """The figures of each job, in their order; None for those that time did not allow.

    Args:
        jobs: The first ones begin first.
        seconds: When all is ended, runs under way too,
        at_least: but for so many of the first jobs, which get a minute on a busy machine.
        is_plain: Whether to leave the simulator uncompiled, for compiling takes longer than this.
        now_s: A clock.

    Raises:
        SimulatorError: when a job cannot be simulated.
    """
    begin_s = now_s()
    ends_s = [
        begin_s + (max(seconds, _PATIENCE_S) if n < at_least else seconds) for n in range(len(jobs))
    ]
    processes = min(len(os.sched_getaffinity(0)), _MOST_PROCESSES, len(jobs))
    if not jobs:
        return []
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(processes, begin, (is_plain,)) as pool:  # its end ends the processes
        results = [pool.apply_async(modelled_run, (job.values, job.seed)) for job in jobs]
        return [
            _figures(result, end_s - now_s()) for result, end_s in zip(results, ends_s, strict=True)
        ]


def _figures(result: "AsyncResult[RunFigures]", seconds: float) -> RunFigures | None:
    result.wait(max(seconds, 0.0))
    return result.get() if result.ready() else None
