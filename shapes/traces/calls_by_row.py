"""Layouts with one row a call: the Azure Functions trace of 2021, and plain times.

2021: `app,func,end_timestamp,duration`, seconds; the rows are in no order and name the end, so
start = end - duration, which is negative for what had begun before the trace (Zhang et al.,
"Faster and Cheaper Serverless Computing on Harvested Resources", SOSP 2021).
Plain: a column of times in seconds, and perhaps one of the work of each call.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s, parse_number
from shapes.traces.asked import TraceAsked
from shapes.traces.csv_rows import Row, places_of
from shapes.traces.source import LeftOut

LAYOUT_2021 = "a row a call (Azure Functions 2021)"
LAYOUT_PLAIN = "times"
COLUMNS_2021 = ("app", "func", "end_timestamp", "duration")
_TIME_NAMES = ("time_s", "time", "t", "timestamp")
_SPIN_NAMES = ("spin_s", "spin", "duration_s", "duration")
_MOST_ROWS = 20_000_000

Call = tuple[float, float | None]
Read = Callable[[Sequence[str]], Call]


@dataclass
class Calls:
    """Calls in the order of the file: start in seconds, and work in seconds where known."""

    layout: str
    starts_s: list[float] = field(default_factory=list)
    spins_s: list[float] = field(default_factory=list)


class _BadRow(ValueError):
    """A row that makes no sense; says why."""


def read_calls_2021(
    rows: Iterator[Row], header: Sequence[str], asked: TraceAsked, left_out: LeftOut
) -> Calls:
    """The calls of a file of 2021, of the functions that are asked for."""
    places = places_of(header, COLUMNS_2021)
    assert places is not None, "the layout was found by them"
    function, end, duration = places[1:]

    def read(row: Sequence[str]) -> Call:
        length_s = _number(row[duration], "its duration")
        if length_s < 0:
            raise _BadRow("its duration is negative")
        return _number(row[end], "its end") - length_s, length_s

    mine = ((number, row) for number, row in rows if _is_taken(row, function, asked))
    return _read(mine, read, LAYOUT_2021, left_out)


def read_plain(rows: Iterator[Row], first: Row, left_out: LeftOut) -> Calls:
    """The calls of a file of times.

    Raises:
        InvalidValue: when its first line is neither numbers nor a header that is known.
    """
    names = [name.lower() for name in first[1]]
    if parse_number(first[1][0].lstrip("-")) is not None:
        rows = _with(first, rows)
        time, spin = 0, 1 if len(names) > 1 else None
    else:
        time, spin = _one_of(names, _TIME_NAMES), _one_of(names, _SPIN_NAMES)  # type: ignore[assignment]
    if time is None:
        raise InvalidValue(
            "its first line is neither a time nor a header that is known; valid: the columns of "
            f"the Azure Functions traces of 2019 or 2021, or {'|'.join(_TIME_NAMES)}[,spin_s]"
        )

    def read(row: Sequence[str]) -> Call:
        return _number(row[time], "its time"), None if spin is None else _spin_s(row[spin])

    return _read(rows, read, LAYOUT_PLAIN, left_out)


def _read(rows: Iterator[Row], read: Read, layout: str, left_out: LeftOut) -> Calls:
    calls = Calls(layout)
    for number, row in rows:
        try:
            start_s, spin_s = read(row)
        except _BadRow as bad:
            left_out.add(str(bad), number)
        except IndexError:
            left_out.add("it has too few values", number)
        else:
            calls.starts_s.append(start_s)
            calls.spins_s += [] if spin_s is None else [spin_s]
        if len(calls.starts_s) > _MOST_ROWS:
            raise InvalidValue(f"a trace has more than {_MOST_ROWS:,} rows; valid: fewer")
    return calls


def _is_taken(row: Sequence[str], function: int, asked: TraceAsked) -> bool:
    return len(row) <= function or asked.takes(row[function])


def _number(text: str, what: str) -> float:
    sign = -1.0 if text.startswith("-") else 1.0
    number = parse_number(text.lstrip("-"))
    if number is None or not math.isfinite(number):
        raise _BadRow(f"{what} is not a number")
    return sign * number


def _spin_s(text: str) -> float:
    try:
        return parse_duration_s(text)
    except InvalidValue:
        raise _BadRow("its work is not a time") from None


def _one_of(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _with(first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rows
