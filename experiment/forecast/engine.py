"""Simulated runs on all cores, in processes of their own, until time is up."""

import multiprocessing
import os
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass

from experiment.forecast.modelled_run import RunFigures, modelled_run
from experiment.forecast.process_start import begin

_MOST_PROCESSES = 8


@dataclass(frozen=True)
class Job:
    """One run to simulate: options of `python -m simulator run`, and the seed of its arrivals."""

    values: Namespace
    seed: int


def simulate_all(jobs: Sequence[Job], seconds: float, *, is_plain: bool) -> list[RunFigures | None]:
    """The figures of each job, in their order; None for those that time did not allow.

    Args:
        jobs: The first ones begin first.
        seconds: When no further job begins.
        is_plain: Whether to leave the simulator uncompiled, for compiling takes longer than this.

    Raises:
        SimulatorError: when a job cannot be simulated.
    """
    pool = ProcessPoolExecutor(
        max_workers=min(len(os.sched_getaffinity(0)), _MOST_PROCESSES, max(len(jobs), 1)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=begin,
        initargs=(is_plain,),
    )
    try:
        futures = [pool.submit(modelled_run, job.values, job.seed) for job in jobs]
        wait(futures, timeout=seconds)
    finally:
        pool.shutdown(cancel_futures=True)
    return [_figures(future) for future in futures]


def _figures(future: "Future[RunFigures]") -> RunFigures | None:
    return None if future.cancelled() else future.result()
