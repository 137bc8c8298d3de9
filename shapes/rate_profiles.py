"""The rate over time as people ask for it: constant, ramp, step, burst, diurnal or a trace."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from shapes.errors import InvalidValue
from shapes.quantities import MAX_RATE_RPS, format_duration, parse_duration_s, parse_number
from shapes.rate_log import MAX_SEGMENTS, RateLog, RateSegment
from shapes.traces.asked import parse_trace_asked
from shapes.traces.process import Trace
from shapes.traces.read import read_trace

VALID_PROFILES = (
    "valid: constant, ramp:FROM,TO,OVER (ramp:0,50,60s), step:RATE@TIME,... (step:10@0s,50@1m), "
    "burst:LOW,HIGH,PERIOD,HIGH_FOR (burst:5,50,60s,10s), diurnal:MEAN,AMPLITUDE,PERIOD "
    f"(diurnal:20,15,10m); rates from 0 to {MAX_RATE_RPS:,.0f} rps; or trace:FILE (docs/traces.md)"
)
REPEATED_FOR_S = 86_400.0
"""How long a periodic profile is repeated when the length of the run is not known."""

_DIURNAL_PIECES = 64
_SHORTEST_S = 0.001


@dataclass(frozen=True)
class RateProfile:
    """A rate over time.

    Attributes:
        text: What `parse_rate_profile` reads back as this profile.
        log: Its rates. A periodic profile is written out as often as it is repeated.
        is_constant: Whether it is the text "constant", whose rate another option gives.
        length_s: When its last change is over; None when it has no last change.
        repeated_until_s: Until when a periodic profile is written out; after it the last rate
            stays. None when the profile is not periodic.
        trace: The arrivals themselves, where they are a file's and no law's.
    """

    text: str
    log: RateLog
    is_constant: bool = False
    length_s: float | None = None
    repeated_until_s: float | None = None
    trace: Trace | None = None


def parse_rate_profile(text: str, rate_rps: float, until_s: float | None = None) -> RateProfile:
    """The profile named by `text`; see `VALID_PROFILES`.

    burst starts low and is high for the last HIGH_FOR of each period. diurnal is
    MEAN + AMPLITUDE sin(2 pi t / PERIOD) in straight pieces, 64 a period.

    Args:
        text: The profile.
        rate_rps: The rate of "constant"; others have rates of their own.
        until_s: How long a periodic profile must be repeated; None for a day, or what fits.

    Raises:
        InvalidValue: for a text that is not valid, a profile that is 0 throughout,
            or one of more than `MAX_SEGMENTS` pieces.
    """
    name, _, arguments = text.strip().partition(":")
    parse = _PARSERS.get(name)
    if parse is None or (name == "constant") != (text.strip() == "constant"):
        raise InvalidValue(f"rate profile is {text!r}; {VALID_PROFILES}")
    try:
        profile = parse(_Asked(text.strip(), arguments.split(","), rate_rps, until_s))
    except InvalidValue as error:
        raise InvalidValue(f"rate profile is {text!r}: {error}") from None
    if profile.log.peak_rps(math.inf) == 0:
        raise InvalidValue(f"rate profile is {text!r}: it is 0 throughout; {VALID_PROFILES}")
    return profile


@dataclass(frozen=True)
class _Asked:
    text: str
    arguments: list[str]
    rate_rps: float
    until_s: float | None

    def take(self, count: int) -> list[str]:
        if len(self.arguments) != count:
            raise InvalidValue(f"{len(self.arguments)} values, not {count}; {VALID_PROFILES}")
        return self.arguments


def _constant(asked: _Asked) -> RateProfile:
    return RateProfile(asked.text, RateLog((RateSegment(0.0, asked.rate_rps),)), is_constant=True)


def _ramp(asked: _Asked) -> RateProfile:
    from_text, to_text, over_text = asked.take(3)
    from_rps, to_rps, over_s = _rate(from_text), _rate(to_text), _span_s(over_text)
    rise = RateSegment(0.0, from_rps, (to_rps - from_rps) / over_s)
    return RateProfile(asked.text, RateLog((rise, RateSegment(over_s, to_rps))), length_s=over_s)


def _step(asked: _Asked) -> RateProfile:
    steps = [_step_segment(argument) for argument in asked.arguments]
    is_rising = all(a.start_s < b.start_s for a, b in pairwise(steps))
    if steps[0].start_s != 0 or not is_rising:
        raise InvalidValue(f"the times of its steps do not rise from 0s; {VALID_PROFILES}")
    return RateProfile(asked.text, RateLog(tuple(steps)), length_s=steps[-1].start_s)


def _step_segment(text: str) -> RateSegment:
    rate_text, at, time_text = text.partition("@")
    if not at:
        raise InvalidValue(f"step {text!r} has no time; {VALID_PROFILES}")
    return RateSegment(parse_duration_s(time_text), _rate(rate_text))


def _burst(asked: _Asked) -> RateProfile:
    low_text, high_text, period_text, high_for_text = asked.take(4)
    low_rps, high_rps = _rate(low_text), _rate(high_text)
    period_s, high_for_s = _span_s(period_text), _span_s(high_for_text)
    if high_for_s >= period_s:
        raise InvalidValue(f"{high_for_text} is not shorter than {period_text}; {VALID_PROFILES}")
    switches = [RateSegment(0.0, low_rps), RateSegment(period_s - high_for_s, high_rps)]
    return _periodic(asked, switches, period_s)


def _diurnal(asked: _Asked) -> RateProfile:
    mean_text, amplitude_text, period_text = asked.take(3)
    mean_rps, amplitude_rps = _rate(mean_text), _rate(amplitude_text)
    if amplitude_rps > mean_rps:
        raise InvalidValue(f"amplitude {amplitude_text} is above the mean {mean_text}")
    period_s = _span_s(period_text)
    rates = [mean_rps + amplitude_rps * _sine(i) for i in range(_DIURNAL_PIECES + 1)]
    piece_s = period_s / _DIURNAL_PIECES
    pieces = [
        RateSegment(i * piece_s, start_rps, (end_rps - start_rps) / piece_s)
        for i, (start_rps, end_rps) in enumerate(pairwise(rates))
    ]
    return _periodic(asked, pieces, period_s)


def _trace(asked: _Asked) -> RateProfile:
    trace = read_trace(parse_trace_asked(asked.arguments))
    return RateProfile(asked.text, trace.rates, length_s=trace.length_s, trace=trace)


def _sine(piece: int) -> float:
    # To 12 places: mathematical libraries differ in the last bit, and a plan must not.
    return round(math.sin(2 * math.pi * piece / _DIURNAL_PIECES), 12)


def _periodic(asked: _Asked, pieces: list[RateSegment], period_s: float) -> RateProfile:
    """The profile of `pieces` again and again, then at the rate with which a period starts."""
    most = (MAX_SEGMENTS - 1) // len(pieces)
    wanted = math.ceil((asked.until_s or REPEATED_FOR_S) / period_s)
    if asked.until_s is not None and wanted > most:
        raise InvalidValue(
            f"{wanted} periods in {format_duration(asked.until_s)}; valid: at most {most}"
        )
    periods = min(wanted, most)
    end = RateSegment(periods * period_s, pieces[0].rate_rps)
    log = RateLog((*_repeated(pieces, period_s, periods), end))
    return RateProfile(asked.text, log, repeated_until_s=end.start_s)


def _repeated(pieces: list[RateSegment], period_s: float, times: int) -> Iterator[RateSegment]:
    for i in range(times):
        for piece in pieces:
            start_s = i * period_s + piece.start_s
            yield RateSegment(start_s, piece.rate_rps, piece.slope_rps_per_s)


def _rate(text: str) -> float:
    rate = parse_number(text)
    if rate is None or not 0 <= rate <= MAX_RATE_RPS:
        raise InvalidValue(f"{text!r} is not a rate; {VALID_PROFILES}")
    return rate


def _span_s(text: str) -> float:
    seconds = parse_duration_s(text)
    if seconds < _SHORTEST_S:
        raise InvalidValue(f"a time is {text!r}; valid: at least {format_duration(_SHORTEST_S)}")
    return seconds


_PARSERS: dict[str, Callable[[_Asked], RateProfile]] = {
    "constant": _constant,
    "ramp": _ramp,
    "step": _step,
    "burst": _burst,
    "diurnal": _diurnal,
    "trace": _trace,
}
