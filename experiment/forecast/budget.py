"""How much can be modelled in a few seconds: how long the runs are, and of which settings.

It goes by the number of events, so that the same question is answered by the same simulated runs
on every machine; where that is slower than thought, `engine.py` stops when time is up.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from experiment.forecast.setting import Setting

SEEDS = 5
MOST_EVENTS_COMPILED = 15_000_000
MOST_EVENTS_PLAIN = 1_300_000
"""Of all simulated runs together: 4 to 6 s of one core, at the speeds that `python -m simulator
speed` shows on a slow one."""
_EVENTS_A_CALL, _EVENTS_A_SECOND = 2.2, 1.5
_SHORTER_S = ((360.0, 120.0), (240.0, 120.0))
"""Duration and warm-up of modelled runs where their own are longer than what can be modelled. The
panic of a start from few pods holds their number for a stable window and more: two are left out."""


@dataclass(frozen=True)
class ModelPlan:
    """What is modelled.

    Attributes:
        settings: Which.
        duration_s, warm_up_s: Of each simulated run.
        seeds: Runs of each setting.
    """

    settings: tuple[Setting, ...]
    duration_s: float
    warm_up_s: float
    seeds: int = SEEDS


def model_plan(
    settings: Sequence[Setting], duration_s: float, warm_up_s: float, most_events: float
) -> ModelPlan:
    """All settings at the greatest length that fits, else some of them at the least length.

    Args:
        settings: Those that are to be modelled, of one duration and warm-up.
        duration_s: Of the runs that are forecast.
        warm_up_s: Left out of their results.
        most_events: Of all simulated runs together.
    """
    lengths = [(duration_s, warm_up_s), *(one for one in _SHORTER_S if one[0] < duration_s)]
    for length_s, cut_s in lengths:
        if _events(settings, length_s) <= most_events:
            return ModelPlan(tuple(settings), length_s, min(cut_s, warm_up_s))
    length_s, cut_s = lengths[-1]
    kept = thinned(settings, lambda some: _events(some, length_s) <= most_events)
    return ModelPlan(tuple(kept), length_s, min(cut_s, warm_up_s))


def _events(settings: Sequence[Setting], length_s: float) -> float:
    calls = sum(one.cell.rate_rps for one in settings) * length_s
    return SEEDS * (_EVENTS_A_CALL * calls + _EVENTS_A_SECOND * length_s * len(settings))


def thinned(
    settings: Sequence[Setting], fits: Callable[[Sequence[Setting]], bool]
) -> Sequence[Setting]:
    """Fewer rates and spins, evenly over the grid, until it fits; nothing where one is too much."""
    if fits(settings):
        return settings
    for rates, spins in _smaller_grids(settings):
        kept = [one for one in settings if one.cell.rate_rps in rates and one.cell.spin_s in spins]
        if kept and fits(kept):
            return kept
    return ()


def _smaller_grids(settings: Sequence[Setting]) -> Iterator[tuple[set[float], set[float]]]:
    rates = sorted({one.cell.rate_rps for one in settings})
    spins = sorted({one.cell.spin_s for one in settings})
    some_rates, some_spins = len(rates), len(spins)
    while some_rates > 1 or some_spins > 1:
        if some_rates >= some_spins:
            some_rates -= 1
        else:
            some_spins -= 1
        yield set(_spread(rates, some_rates)), set(_spread(spins, some_spins))


def _spread(values: Sequence[float], count: int) -> list[float]:
    """So many of the values, the first and the last among them; one alone is the middle one."""
    if count == 1:
        return [values[len(values) // 2]]
    return [values[round(i * (len(values) - 1) / (count - 1))] for i in range(count)]
