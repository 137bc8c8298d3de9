"""A trace to plain values and back, inside a plan."""

from collections.abc import Mapping
from typing import Any

from shapes.errors import InvalidValue
from shapes.traces import count_trace, time_trace
from shapes.traces.count_trace import CountTrace
from shapes.traces.process import Trace
from shapes.traces.source import TraceSource
from shapes.traces.time_trace import TimeTrace

_KINDS: Mapping[str, type[Trace]] = {count_trace.KIND: CountTrace, time_trace.KIND: TimeTrace}


def trace_from_dict(values: Any) -> Trace:
    """The trace whose `to_dict` made these values.

    Raises:
        InvalidValue: for anything else.
    """
    try:
        kind = _KINDS[values["kind"]]
        given = {name: value for name, value in values.items() if name != "kind"}
        return kind(**{**given, "source": TraceSource.from_dict(given["source"])})
    except (KeyError, TypeError, AttributeError):
        raise InvalidValue(f"trace is {values!r:.80}; valid: as a plan has it") from None
