"""Did the target keep up? A class and a sentence; never a fault of the run."""

from dataclasses import dataclass

import numpy as np

from verdict.facts import Overload
from verdict.tally import Tally
from verdict.trend import mann_kendall_p, theil_sen_slope
from verdict.windows import Windows
from verdict.wording import say_number, say_share

OVERLOAD_GROWTH = 0.02
MARGINAL_GROWTH = 0.005
TREND_P_VALUE = 0.01
TIMED_OUT = 0.01
CENSORED = 0.01
FEWEST_POINTS = 8


def classify(
    tally: Tally, windows: Windows, measured: slice, *, rate_is_constant: bool
) -> Overload:
    """The overload class of the measured phase.

    Overload: the calls in flight grow by 2 % of the rate or more (so fewer than 98 % of what
    arrives completes), or more than 1 % of the calls ran into their deadline or were cut off.
    Censored: more than 1 % failed otherwise. Marginal: they grow by 0.5 % or more, or any call
    timed out. Not judged: the growth is not known and nothing else tells.

    Args:
        tally: Of the measured phase.
        windows: The run over time.
        measured: The windows wholly inside the measured phase.
        rate_is_constant: A backlog's growth is judged only then.
    """
    sent = tally.lag.total
    if not sent:
        return Overload("not judged", "nothing was sent", None)
    growth = _growth(windows, measured) if rate_is_constant else None
    timed_out = tally.failure_classes.get("deadline", 0) + tally.statuses.get("unfinished", 0)
    reasons = _reasons(timed_out / sent, growth)
    level = _level(timed_out / sent, tally.latency.infinite / sent, growth)
    if level == "not judged":
        reasons = ["too short to see a backlog grow" if rate_is_constant else "the rate varied"]
    if level == "censored":
        reasons = [f"{say_share(tally.latency.infinite / sent)} failed"]
    return Overload(level, ", ".join(reasons), growth.calls_a_second if growth else None)


@dataclass(frozen=True)
class Growth:
    """Of the calls in flight: a second, and over the rate; 0 when not significant."""

    calls_a_second: float
    relative: float


def _level(timed_out: float, not_ok: float, growth: Growth | None) -> str:
    relative = growth.relative if growth else 0.0
    if relative >= OVERLOAD_GROWTH or timed_out > TIMED_OUT:
        return "overload"
    if not_ok > CENSORED:
        return "censored"
    if relative >= MARGINAL_GROWTH or timed_out:
        return "marginal"
    return "stable" if growth else "not judged"


def _reasons(timed_out: float, growth: Growth | None) -> list[str]:
    reasons = []
    if growth and growth.relative >= MARGINAL_GROWTH:
        reasons.append(f"the backlog grew by {say_number(growth.calls_a_second)} calls a second")
    if timed_out:
        reasons.append(f"{say_share(timed_out)} timed out or were cut off")
    return reasons


def _growth(windows: Windows, measured: slice) -> Growth | None:
    """None when too few windows are left after the one in which the first call ended.

    Until then calls only fill the target, however well it keeps up.
    """
    sends, ends = windows.column("sends"), windows.column("ends")
    filled = slice(max(measured.start, 1 + int(np.argmax(ends > 0))), measured.stop)
    in_flight = (sends.cumsum() - ends.cumsum())[filled]
    if len(in_flight) < FEWEST_POINTS or not ends.any():
        return None
    if mann_kendall_p(in_flight) >= TREND_P_VALUE:
        return Growth(0.0, 0.0)
    growth_rps = theil_sen_slope(in_flight) / windows.width_s
    rate_rps = sends[measured].mean() / windows.width_s
    return Growth(growth_rps, growth_rps / rate_rps if rate_rps else 0.0)
