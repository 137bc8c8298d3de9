"""A sweep's plan as `--dry-run` shows it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from experiment.sweep.grid import is_overload
from experiment.sweep.telling import FIRST_GUESS_S, in_words
from records.sweeps.planned import RUN, SKIP, PlannedRun, Sweep


def plan_in_words(sweep: Sweep, where: str) -> Iterator[str]:
    """Lines: how much, how long, what is an overload, and the order.

    Args:
        sweep: The plan.
        where: What its runs are on.
    """
    yield f"on {where}"
    yield _size(sweep)
    yield from _time(sweep)
    yield _overloads(sweep.runs)
    yield f"seed {sweep.seed}; randomised complete blocks, in this order:"
    for block, runs in groupby(sweep.runs, key=lambda run: run.block):
        yield f"block {block}:"
        yield from (f"  {_line(run)}" for run in runs)


def _size(sweep: Sweep) -> str:
    cells = {run.cell for run in sweep.runs}
    repetitions = max(run.repetition for run in sweep.runs)
    parts = [f"{len(cells)} cells", f"{_many(len(sweep.arms), 'arm')}"]
    return f"{' x '.join([*parts, _many(repetitions, 'repetition')])} = {len(sweep.runs)} runs"


def _time(sweep: Sweep) -> Iterator[str]:
    done = [run for run in sweep.runs if run.overload != SKIP]
    whole_s = sweep.spec["duration"] * len(sweep.runs)
    load_s = sum(run.duration_s for run in done)
    if sweep.is_simulated:
        yield f"{in_words(load_s)} of load, simulated: seconds each"
        return
    shorter = f" ({in_words(whole_s)} if overloads were run whole)" if load_s != whole_s else ""
    yield f"{in_words(load_s)} of load{shorter}"
    around_s = load_s + FIRST_GUESS_S * len(done)
    waits = ", and what a Service needs between runs" if sweep.ground == "cluster" else ""
    yield f"about {in_words(around_s)} in all, with starts and ends{waits}"


def _overloads(runs: Sequence[PlannedRun]) -> str:
    if all(run.rho is None for run in runs):
        return "overloads are not known: `cores` says how many what is under load has"
    marked = [run for run in runs if is_overload(run.rho)]
    if not marked:
        return f"no overloads: rho is {max(run.rho or 0 for run in runs):.2g} at most"
    cells = {(run.cell, run.arm) for run in marked}
    word = {"run": "run whole", "probe": "probed", "skip": "skipped"}[marked[0].overload]
    return f"{len(cells)} of the settings are overloads (rho 1 or more): {word}"


def _line(run: PlannedRun) -> str:
    rho = "" if run.rho is None else f"  rho {run.rho:.2f}"
    how = "" if run.overload == RUN else f"  {run.overload}"
    return f"{run.index + 1:4d}  {run.run_id}{rho}{how}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
