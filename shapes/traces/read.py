"""From a trace's file to a trace that a plan can hold."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shapes.errors import InvalidValue
from shapes.hashing import unit_interval
from shapes.traces.asked import NO_DURATIONS, UNIFORM_POINTS, TraceAsked
from shapes.traces.calls_by_row import COLUMNS_2021, Calls, read_calls_2021, read_plain
from shapes.traces.count_trace import QUANTILES, CountTrace
from shapes.traces.csv_rows import Row, check_is_file, csv_rows, places_of, sha256_of
from shapes.traces.functions_2019 import (
    LAYOUT,
    MINUTE_S,
    NAME_COLUMNS,
    FunctionCounts,
    read_counts,
    read_durations,
)
from shapes.traces.process import Trace
from shapes.traces.source import LeftOut, TraceSource
from shapes.traces.time_trace import MICRO, TimeTrace

MOST_CHARACTERS = 1_000_000
"""Of a trace inside a plan: every member gets the whole plan with each of its versions."""

_THINNING_SEED, _THINNING_STREAM = 0, 2

Numbers = NDArray[np.int64]


def read_trace(asked: TraceAsked) -> Trace:
    """The trace that is asked for; read again only when a file has changed.

    Raises:
        InvalidValue: when a file cannot be read, is of no layout that is known, holds nothing that
            is asked for, or more than a plan can hold.
    """
    return _read(asked, tuple(_stamp(Path(path)) for path in _files(asked)))


def _files(asked: TraceAsked) -> Sequence[str]:
    has_durations = asked.durations not in {"", NO_DURATIONS}
    return (asked.path, asked.durations) if has_durations else (asked.path,)


def _stamp(path: Path) -> tuple[int, int]:
    check_is_file(path)
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _read(asked: TraceAsked, _stamps: tuple[tuple[int, int], ...]) -> Trace:
    path, left_out = Path(asked.path), LeftOut()
    rows = csv_rows(path)
    first = next(rows, (0, [""]))
    trace: Trace = (
        _count_trace(rows, first, asked, left_out)
        if NAME_COLUMNS[-1] in [name.lower() for name in first[1]]
        else _time_trace(_calls(rows, first, asked, left_out), asked, left_out)
    )
    characters = sum(len(v) for v in trace.to_dict().values() if isinstance(v, str))
    if characters > MOST_CHARACTERS:
        raise InvalidValue(
            f"trace {path.name} is {characters / 1e6:.1f} million characters packed; valid: at most"
            f" {MOST_CHARACTERS / 1e6:g}; take a part with function=, from= and for="
        )
    return trace


def _source(asked: TraceAsked, layout: str, rows: int, left_out: LeftOut) -> TraceSource:
    path = Path(asked.path)
    return TraceSource(path.name, sha256_of(path), layout, rows, tuple(left_out.sentences()))


def _count_trace(
    rows: Iterator[Row], first: Row, asked: TraceAsked, left_out: LeftOut
) -> CountTrace:
    found = read_counts(rows, first[1], asked, left_out)
    if not found.by_function:
        raise InvalidValue(f"trace {asked.path} has no calls of what is asked for")
    spins_us = _function_spins_us(found, asked, left_out)
    return CountTrace.of(
        bin_s=MINUTE_S * asked.time_factor,
        mode=asked.mode or UNIFORM_POINTS,
        rate_factor=asked.rate_factor,
        keys=found.keys,
        counts=np.array(list(found.by_function.values())),
        spins_us=spins_us,
        source=_source(asked, LAYOUT, found.rows, left_out),
    )


def _function_spins_us(
    found: FunctionCounts, asked: TraceAsked, left_out: LeftOut
) -> Numbers | None:
    if asked.durations in {"", NO_DURATIONS}:
        return None
    known: Mapping[tuple[str, ...], Numbers] = read_durations(Path(asked.durations), left_out)
    unknown = np.full(len(QUANTILES), -1, dtype=np.int64)
    rows = [known.get(name, unknown) for name in found.by_function]
    return np.asarray(np.minimum(np.array(rows), round(asked.spin_cap_s * MICRO)))


def _calls(rows: Iterator[Row], first: Row, asked: TraceAsked, left_out: LeftOut) -> Calls:
    if places_of(first[1], COLUMNS_2021) is not None:
        return read_calls_2021(rows, first[1], asked, left_out)
    if asked.functions:
        raise InvalidValue("function= needs a trace that names functions")
    return read_plain(rows, first, left_out)


def _time_trace(calls: Calls, asked: TraceAsked, left_out: LeftOut) -> TimeTrace:
    _refuse_for_times(asked)
    if not calls.starts_s:
        raise InvalidValue(f"trace {asked.path} has no calls of what is asked for")
    starts_s = np.array(calls.starts_s)
    order = np.argsort(starts_s, kind="stable")
    since_first_s = starts_s[order] - starts_s[order[0]]
    until_s = asked.from_s + (math.inf if asked.for_s is None else asked.for_s)
    taken = (since_first_s >= asked.from_s) & (since_first_s < until_s) & _thinned(order, asked)
    if not taken.any():
        raise InvalidValue(f"trace {asked.path} has no calls between from= and for=")
    times_us = np.rint((since_first_s[taken] - asked.from_s) * asked.time_factor * MICRO)
    return TimeTrace.of(
        times_us.astype(np.int64),
        _row_spins_us(calls, order[taken], asked),
        _source(asked, calls.layout, int(taken.sum()), left_out),
    )


def _refuse_for_times(asked: TraceAsked) -> None:
    if asked.mode is not None:
        raise InvalidValue("mode= is for traces of counts; the times of this one are exact")
    if asked.rate_factor > 1:
        raise InvalidValue(
            f"rate={asked.rate_factor:g} would double calls that have exact times; valid: at most "
            "1, or time= below 1 to offer them faster"
        )
    if asked.durations not in {"", NO_DURATIONS}:
        raise InvalidValue("durations= names a file only for traces of counts; valid here: off")


def _thinned(order: NDArray[np.intp], asked: TraceAsked) -> NDArray[np.bool_]:
    """Which rows a rate below 1 keeps: by a hash of their place in the file."""
    return unit_interval(_THINNING_SEED, order, _THINNING_STREAM) < asked.rate_factor


def _row_spins_us(calls: Calls, rows: NDArray[np.intp], asked: TraceAsked) -> Numbers | None:
    if asked.durations == NO_DURATIONS or not calls.spins_s:
        return None
    spins_s = np.minimum(np.array(calls.spins_s)[rows], asked.spin_cap_s)
    return np.asarray(np.rint(spins_s * MICRO), dtype=np.int64)
