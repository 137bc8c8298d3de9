"""Did the target keep up? A class and a sentence; never a fault of the run."""

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
    Marginal: they grow by 0.5 % or more, or any call timed out. Censored: more than 1 % failed
    otherwise.

    Args:
        tally: Of the measured phase.
        windows: The run over time.
        measured: The windows wholly inside the measured phase.
        rate_is_constant: A backlog's growth is judged only then.
    """
    sent = tally.lag.total
    if not sent:
        return Overload("stable", "", None)
    timed_out = tally.failure_classes.get("deadline", 0) + tally.statuses.get("unfinished", 0)
    growth_rps, relative = _growth(tally, windows, measured) if rate_is_constant else (None, 0.0)
    reasons = _reasons(timed_out / sent, growth_rps, relative)
    why = ", ".join(reasons)
    if relative >= OVERLOAD_GROWTH or timed_out > TIMED_OUT * sent:
        return Overload("overload", why, growth_rps)
    not_ok = tally.latency.infinite / sent
    if not_ok > CENSORED:
        return Overload("censored", f"{say_share(not_ok)} failed", growth_rps)
    return Overload("marginal" if reasons else "stable", why, growth_rps)


def _reasons(timed_out: float, growth_rps: float | None, relative: float) -> list[str]:
    reasons = []
    if growth_rps is not None and relative >= MARGINAL_GROWTH:
        reasons.append(f"the backlog grew by {say_number(growth_rps)} calls a second")
    if timed_out:
        reasons.append(f"{say_share(timed_out)} timed out or were cut off")
    return reasons


def _growth(tally: Tally, windows: Windows, measured: slice) -> tuple[float | None, float]:
    """Growth of the calls in flight: calls a second, and over the rate; 0 when not significant.

    The first calls fill the target before any of them ends: that long is left out.
    """
    sends, ends = windows.column("sends"), windows.column("ends")
    in_flight = (sends.cumsum() - ends.cumsum())[measured]
    fill_s = min(tally.service.quantile(0.5), len(in_flight) * windows.width_s)
    in_flight = in_flight[int(-(-fill_s // windows.width_s)) :]
    if len(in_flight) < FEWEST_POINTS:
        return None, 0.0
    if mann_kendall_p(in_flight) >= TREND_P_VALUE:
        return 0.0, 0.0
    growth_rps = theil_sen_slope(in_flight) / windows.width_s
    rate_rps = sends[measured].mean() / windows.width_s
    return growth_rps, growth_rps / rate_rps if rate_rps else 0.0
