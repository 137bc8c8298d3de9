"""What the simulator answers in some seconds, and what it leaves unanswered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiment.forecast.budget import (
    MOST_EVENTS_COMPILED,
    MOST_EVENTS_PLAIN,
    ModelPlan,
    model_plan,
)
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
    if len(found) < len(plan.settings):
        said.append(_late(len(plan.settings) - len(found), seconds))
    return Answer(plan, tuple(found), is_plain, tuple(said))


def _late(late: int, seconds: float) -> str:
    return f"Not modelled: {say_many(late, 'setting')}, for {seconds:g} s were over."


def _unplanned(
    plan: ModelPlan, wanted: int, carried: int, duration_s: float, *, is_plain: bool
) -> Iterator[str]:
    if carried < wanted:
        overloads = say_many(wanted - carried, "setting")
        yield f"Not modelled: {overloads} in overload, which has no steady state."
    kept, engine = len(plan.settings), "in plain Python" if is_plain else "compiled"
    if not carried:
        return
    if kept < carried:
        some = f"{kept} of {carried}" if kept else "none"
        yield f"Modelled: {some}, for more calls than that take longer than some seconds {engine}."
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
