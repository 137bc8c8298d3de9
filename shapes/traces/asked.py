"""`trace:FILE,NAME=VALUE,...` as people type it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shapes.errors import InvalidValue
from shapes.quantities import format_duration, parse_duration_s, parse_number

EQUIDISTANT, UNIFORM_POINTS, POISSON = "equidistant", "uniform-points", "poisson"
MODES = (EQUIDISTANT, UNIFORM_POINTS, POISSON)
NO_DURATIONS = "off"
LARGEST_FACTOR = 1e6
VALID_TRACE = (
    "valid: trace:FILE and, between commas, time=FACTOR (0.1: ten times as fast), rate=FACTOR, "
    f"mode={'|'.join(MODES)}, function=HASH+HASH, from=TIME, for=TIME, durations=FILE|off, "
    "spin-cap=TIME"
)


@dataclass(frozen=True)
class TraceAsked:
    """Which trace, and what to make of it.

    Attributes:
        path: The file.
        time_factor: The trace's seconds become so many.
        rate_factor: Of its arrivals so many are sent.
        mode: Of files of counts: where the arrivals of a minute lie; None for files of times.
        functions: Starts of the names of the functions that are taken; all where empty.
        from_s: Where in the trace the run begins, in the trace's own seconds.
        for_s: How much of the trace is taken, in its own seconds; None for all.
        durations: File of the functions' durations, "off" to use none, "" for those of the rows.
        spin_cap_s: No call asks for more work than this.
    """

    path: str
    time_factor: float = 1.0
    rate_factor: float = 1.0
    mode: str | None = None
    functions: tuple[str, ...] = ()
    from_s: float = 0.0
    for_s: float | None = None
    durations: str = ""
    spin_cap_s: float = 10.0

    def takes(self, function: str) -> bool:
        """Whether a function of this name is taken."""
        return not self.functions or function.startswith(self.functions)


def parse_trace_asked(arguments: Sequence[str]) -> TraceAsked:
    """What stands after `trace:`, split at its commas.

    Raises:
        InvalidValue: for names and values that are not valid.
    """
    path, *pairs = (argument.strip() for argument in arguments)
    if not path:
        raise InvalidValue(f"it names no file; {VALID_TRACE}")
    asked, given = TraceAsked(path), set()
    for pair in pairs:
        name, _, text = pair.partition("=")
        if name not in _PARSERS or name in given or not text:
            raise InvalidValue(f"{pair!r} is not one of its values; {VALID_TRACE}")
        given.add(name)
        field, parse = _PARSERS[name]
        asked = replace(asked, **{field: parse(text)})
    return asked


def _factor(text: str) -> float:
    factor = parse_number(text)
    if factor is None or not 1 / LARGEST_FACTOR <= factor <= LARGEST_FACTOR:
        raise InvalidValue(f"factor is {text!r}; valid: a number above 0, as 0.1 or 2")
    return factor


def _mode(text: str) -> str:
    if text not in MODES:
        raise InvalidValue(f"mode is {text!r}; valid: {', '.join(MODES)}")
    return text


def _span_s(text: str) -> float:
    seconds = parse_duration_s(text)
    if seconds <= 0:
        raise InvalidValue(f"time is {text!r}; valid: above {format_duration(0)}")
    return seconds


def _functions(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split("+") if name)


_PARSERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "time": ("time_factor", _factor),
    "rate": ("rate_factor", _factor),
    "mode": ("mode", _mode),
    "function": ("functions", _functions),
    "from": ("from_s", parse_duration_s),
    "for": ("for_s", _span_s),
    "durations": ("durations", str),
    "spin-cap": ("spin_cap_s", _span_s),
}
