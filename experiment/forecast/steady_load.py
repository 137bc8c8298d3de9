"""A steady load as the autoscaler sees it: its mean, and how far its averages swing by chance."""

import math
from dataclasses import dataclass

from shapes.laws import parse_law
from simulator.service import RPS, Service

SWINGS = 2.0
"""Standard deviations either side that a range is given for: 95 % of the time it holds."""


@dataclass(frozen=True)
class SteadyLoad:
    """A steady load in the Service's metric: calls at once, or calls a second.

    Attributes:
        mean: Of the metric; of calls at once rate times service time (Little's law).
        stable_sd, panic_sd: Standard deviations of its averages over the two windows.
    """

    mean: float
    stable_sd: float
    panic_sd: float


def steady_load(rate_rps: float, law: str, spin_s: float, service: Service) -> SteadyLoad:
    """The load that a rate of calls of this length is to a Service where no call waits.

    Raises:
        InvalidValue: for a law that is none.
    """
    cv = parse_law(law).cv
    by_rate = service.metric == RPS
    scaler = service.scaler_settings()
    swings = (
        cv * math.sqrt(rate_rps * _overlap_squared(0.0 if by_rate else spin_s, window_s)) / window_s
        for window_s in (scaler.stable_window_s, scaler.panic_window_s)
    )
    return SteadyLoad(rate_rps if by_rate else rate_rps * spin_s, *swings)


def _overlap_squared(spin_s: float, window_s: float) -> float:
    """The overlap of a call with a window, squared, over all moments at which it may begin.

    By Campbell's theorem the variance of a Poisson stream's average over the window is the rate
    times this over the window squared; that of other laws is by cv squared of it, for windows of
    many calls. A call without length counts once (1/s), as the metric rps counts it.
    """
    if spin_s == 0:
        return window_s
    shorter, longer = sorted((spin_s, window_s))
    return shorter**2 * (longer - shorter / 3)
