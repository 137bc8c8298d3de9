"""A try as a run of a sweep: its name, its seed, its rate over time."""

from collections.abc import Sequence

from experiment.search.asked import Asked
from experiment.search.tries import FROM_ABOVE, Tried, Try
from experiment.sweep.grid import rho_of, run_seed
from experiment.sweep.outcome import INVALID_LEVEL
from records.sweeps.planned import RUN, Cell, PlannedRun
from records.sweeps.standing import RunStanding
from shapes.quantities import format_duration
from verdict.exit_codes import CHECK_MISSED

OVERLOAD = "overload"


def planned_run(asked: Asked, what: Try, index: int, cores: float | None) -> PlannedRun:
    """The run of a try.

    From above the arrivals begin at the higher rate, for as long as a run takes, and the warm-up
    of the lower rate follows; only what comes after both is judged.
    """
    spec = asked.spec
    cell = Cell(what.rate_rps, spec.laws[0], spec.spins_s[0])
    above_s = spec.duration_s if what.above_rps is not None else 0.0
    way = "-from-above" if what.came_from == FROM_ABOVE else ""
    return PlannedRun(
        index=index,
        run_id=f"{cell.cell_id}{way}-r{what.repetition}",
        block=1,
        cell=cell,
        arm=spec.arms[0].name,
        repetition=what.repetition,
        seed=run_seed(asked.seed, cell, what.repetition),
        duration_s=above_s + spec.duration_s,
        warm_up_s=above_s + spec.warm_up_s,
        rho=rho_of(cell, cores),
        overload=RUN,
        rate_profile=_profile(what, above_s),
    )


def _profile(what: Try, above_s: float) -> str:
    if what.above_rps is None:
        return ""
    then = format_duration(above_s)
    return f"step:{what.above_rps:.10g}@0s,{what.rate_rps:.10g}@{then}"


def tried_of(what: Try, standing: RunStanding) -> Tried:
    """What came of a try whose run is over."""
    if standing.finished is None:
        given_up = standing.given_up
        return Tried(what, None, str(given_up.fields.get("reason")) if given_up else "skipped")
    fields = standing.finished.fields
    if fields.get("level") == INVALID_LEVEL:
        return Tried(what, None, f"the run at {what.rate_rps:g} rps is INVALID: it tells nothing")
    if fields.get("exit_code") == CHECK_MISSED:
        return Tried(what, passed=False, said="a limit was missed")
    if fields.get("overload_class") == OVERLOAD:
        return Tried(what, passed=False, said="the target was overloaded")
    return Tried(what, passed=True)


def seen(tried: Sequence[Tried]) -> str:
    """The last run in words."""
    last = tried[-1]
    word = {True: "passed", False: "failed", None: "cannot tell"}[last.passed]
    above = f", coming from {last.what.above_rps:g} rps" if last.what.above_rps else ""
    return f"{last.what.rate_rps:g} rps{above}: {word}{': ' if last.said else ''}{last.said}"
