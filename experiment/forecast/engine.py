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
PATIENCE_S = 60.0
"""What the first jobs get at least, for a busy machine."""


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
        seconds: When all is ended, runs under way too.
        at_least: So many of the first jobs get a minute, for a busy machine.
        is_plain: Whether to leave the simulator uncompiled, for compiling takes longer than this.
        now_s: A clock.

    Raises:
        SimulatorError: when a job cannot be simulated.
    """
    if not jobs:
        return []
    begin_s = now_s()
    patience_s = max(seconds, PATIENCE_S)
    processes = min(len(os.sched_getaffinity(0)), _MOST_PROCESSES, len(jobs))
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(processes, begin, (is_plain,)) as pool:  # its end ends the processes
        results = [pool.apply_async(modelled_run, (job.values, job.seed)) for job in jobs]
        return [
            _figures(result, begin_s + (patience_s if n < at_least else seconds) - now_s())
            for n, result in enumerate(results)
        ]


def _figures(result: "AsyncResult[RunFigures]", seconds: float) -> RunFigures | None:
    result.wait(max(seconds, 0.0))
    return result.get() if result.ready() else None
