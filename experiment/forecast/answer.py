"""What the simulator answers in some seconds, and what it leaves unanswered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiment.forecast.budget import (
    MOST_EVENTS_COMPILED,
    MOST_EVENTS_PLAIN,
    ModelPlan,
    model_plan,
)
from experiment.forecast.engine import PATIENCE_S
from experiment.forecast.expected import Expected
from experiment.forecast.modelled import Modelled, modelled
from experiment.forecast.setting import Setting
from shapes.quantities import format_duration
from simulator.compiled import IS_COMPILED, is_kept
from simulator.errors import SimulatorError
from verdict.wording import say_many

SECONDS = 8.0
"""When simulated runs are ended."""
Row = tuple[Setting, Expected]


@dataclass(frozen=True)
class Answer:
    """The modelled part of a forecast.

    Attributes:
        plan: What was to be modelled.
        found: What came of it.
        is_plain: Whether the simulator ran uncompiled.
        left_out: Sentences on what was not modelled, or shorter than asked, and why.
    """

    plan: ModelPlan
    found: tuple[Modelled, ...]
    is_plain: bool
    left_out: tuple[str, ...]


def ask_model(
    rows: Sequence[Row], duration_s: float, warm_up_s: float, seconds: float = SECONDS
) -> Answer:
    """Model what can be modelled of these settings.

    An overload has no steady state, so it is left out. Compiling takes longer than there is time:
    where that was not done before, the simulator stays plain.

    Args:
        rows: Settings with their arithmetic.
        duration_s: Of the runs that are forecast.
        warm_up_s: Left out of their results.
        seconds: When simulated runs are ended.
    """
    is_plain = not is_kept()
    carried = [one for one, found in rows if found.is_carried]
    most = MOST_EVENTS_PLAIN if is_plain else MOST_EVENTS_COMPILED
    plan = model_plan(carried, duration_s, warm_up_s, most)
    said = list(_unplanned(plan, len(rows), len(carried), duration_s, is_plain=is_plain))
    try:
        found = modelled(plan, seconds, is_plain=is_plain)
    except SimulatorError as error:
        return Answer(plan, (), is_plain, (*said, f"Not modelled: {error}."))
    return Answer(plan, tuple(found), is_plain, (*said, *_late(plan, found, seconds)))


def _late(plan: ModelPlan, found: Sequence[Modelled], seconds: float) -> Iterator[str]:
    late = len(plan.settings) - len(found)
    if late and not found:
        patience = format_duration(max(seconds, PATIENCE_S))
        yield f"Not modelled: the machine is too busy, {patience} were over; ask again later."
    elif late:
        yield f"Not modelled: {say_many(late, 'cell')}, for {seconds:g} s were over."
    few = [one.runs for one in found if one.runs < plan.seeds]
    if few:
        yield (
            f"{say_many(len(few), 'cell')} with {min(few)} runs in place of {plan.seeds}, for"
            f" {seconds:g} s were over."
        )


def _unplanned(
    plan: ModelPlan, wanted: int, carried: int, duration_s: float, *, is_plain: bool
) -> Iterator[str]:
    if carried < wanted:
        overloads = "the" if wanted == 1 else say_many(wanted - carried, "cell") + " in"
        yield f"Not modelled: {overloads} overload, which has no steady state."
    kept, engine = len(plan.settings), "in plain Python" if is_plain else "compiled"
    if not carried:
        return
    if kept < carried:
        some = f"{kept} of {carried} cells, evenly chosen" if kept else "nothing"
        yield f"Modelled: {some}; more calls take longer than some seconds {engine}."
    if kept and plan.duration_s < duration_s:
        yield (
            f"Modelled runs take {format_duration(plan.duration_s)} in place of"
            f" {format_duration(duration_s)}."
        )
    if kept < carried or plan.duration_s < duration_s:
        yield from _faster(is_plain=is_plain)


def _faster(*, is_plain: bool) -> Iterator[str]:
    if IS_COMPILED and is_plain:
        yield "`python -m simulator speed --seeds 0` compiles the simulator, once: then more fits."
    elif is_plain:
        yield "With numba installed (pip install 'locust-knative[fast]') more fits."
