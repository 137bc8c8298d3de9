"""The layout of the Azure Functions trace of 2019: calls a minute of each function.

`HashOwner,HashApp,HashFunction,Trigger,1,2,...,1440`, and beside it a file of durations in
milliseconds, `HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,
..._1,..._25,..._50,..._75,..._99,..._100` (Shahrad et al., "Serverless in the Wild", ATC 2020).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shapes.errors import InvalidValue
from shapes.traces.asked import TraceAsked
from shapes.traces.csv_rows import Row, csv_rows, places_of
from shapes.traces.packing import MOST_NUMBERS
from shapes.traces.source import LeftOut

LAYOUT = "counts a minute (Azure Functions 2019)"
MINUTE_S = 60.0
NAME_COLUMNS = ("hashowner", "hashapp", "hashfunction")
_PERCENTILES = tuple(f"percentile_average_{p}" for p in (0, 1, 25, 50, 75, 99, 100))
_LARGEST_COUNT = 10**8
_MILLI_IN_MICRO = 1000

Numbers = NDArray[np.int64]
Name = tuple[str, ...]


@dataclass
class FunctionCounts:
    """Counts of each function by minute, in the order of the file; `rows` were read."""

    rows: int = 0
    by_function: dict[Name, Numbers] = field(default_factory=dict)

    def add(self, function: Name, counts: Numbers) -> None:
        """Add a row; of one function there may be several, one for each trigger."""
        self.rows += 1
        before = self.by_function.get(function)
        self.by_function[function] = counts if before is None else before + counts

    @property
    def keys(self) -> Numbers:
        """A number for each function, from its name alone."""
        return np.array([function_key(name) for name in self.by_function], dtype=np.int64)


def function_key(name: Sequence[str]) -> int:
    """64 bits of a function's name."""
    digest = hashlib.sha256("/".join(name).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def read_counts(
    rows: Iterator[Row], header: Sequence[str], asked: TraceAsked, left_out: LeftOut
) -> FunctionCounts:
    """The counts of the functions and minutes that are asked for.

    Raises:
        InvalidValue: when the columns are not there, or for more than a plan can hold.
    """
    names, minutes = _columns(header), _minutes(header, asked)
    found = FunctionCounts()
    for number, row in rows:
        if len(row) != len(header):
            left_out.add("it has not as many values as the header", number)
            continue
        function = tuple(row[place] for place in names)
        if asked.takes(function[-1]):
            counts = _counts(row[minutes], number, left_out)
            if counts is not None and counts.any():
                found.add(function, counts)
                _refuse_too_many(len(found.by_function) * counts.size)
    return found


def _columns(header: Sequence[str]) -> list[int]:
    places = places_of(header, NAME_COLUMNS)
    if places is None:
        raise InvalidValue(f"a trace of counts lacks a column; valid: {', '.join(NAME_COLUMNS)}")
    return places


def _minutes(header: Sequence[str], asked: TraceAsked) -> slice:
    """The columns of the minutes that are asked for."""
    if "1" not in header:
        raise InvalidValue("a trace of counts has no minute 1; valid: columns 1, 2, 3, ...")
    first = list(header).index("1")
    if header[first:] != [str(i + 1) for i in range(len(header) - first)]:
        raise InvalidValue("a trace of counts has other columns among its minutes; valid: 1, 2, 3")
    from_minute = int(asked.from_s // MINUTE_S)
    length = len(header) - first - from_minute
    if asked.for_s is not None:
        length = min(length, int(-(-asked.for_s // MINUTE_S)))
    if length <= 0:
        raise InvalidValue(f"from= is beyond the trace's {len(header) - first} minutes")
    return slice(first + from_minute, first + from_minute + length)


def _counts(cells: Sequence[str], number: int, left_out: LeftOut) -> Numbers | None:
    try:
        counts = np.array(cells, dtype=np.float64)
    except ValueError:
        left_out.add("a count is not a number", number)
        return None
    if not np.isfinite(counts).all() or (counts != np.floor(counts)).any():
        left_out.add("a count is not a whole number", number)
    elif (counts < 0).any():
        left_out.add("a count is negative", number)
    elif counts.max() > _LARGEST_COUNT:
        left_out.add(f"a count is above {_LARGEST_COUNT:,}", number)
    else:
        return counts.astype(np.int64)
    return None


def _refuse_too_many(numbers: int) -> None:
    if numbers > MOST_NUMBERS:
        raise InvalidValue(
            f"a trace has more than {MOST_NUMBERS:,} functions x minutes; valid: fewer; take a "
            "part with function=, from= and for="
        )


def read_durations(path: Path, left_out: LeftOut) -> Mapping[Name, Numbers]:
    """Quantiles of each function's durations, microseconds.

    Raises:
        InvalidValue: for a file of another layout.
    """
    rows = csv_rows(path)
    _, header = next(rows, (0, []))
    places = places_of(header, (*NAME_COLUMNS, *_PERCENTILES))
    if places is None:
        raise InvalidValue(
            f"durations {path} lacks columns; valid: {', '.join((*NAME_COLUMNS, *_PERCENTILES))}"
        )
    found = {}
    for number, row in rows:
        quantiles = _quantiles(row, places, number, left_out)
        if quantiles is not None:
            names = tuple(row[place] for place in places[: len(NAME_COLUMNS)])
            found[names] = quantiles
    return found


def _quantiles(
    row: Sequence[str], places: Sequence[int], number: int, left_out: LeftOut
) -> Numbers | None:
    try:
        values = np.array([row[place] for place in places[len(NAME_COLUMNS) :]], dtype=np.float64)
    except (ValueError, IndexError):
        left_out.add("a duration is not a number", number)
        return None
    if not np.isfinite(values).all() or values[0] < 0 or (np.diff(values) < 0).any():
        left_out.add("its durations are negative, or do not rise", number)
        return None
    return np.rint(values * _MILLI_IN_MICRO).astype(np.int64)
