"""How a Service scaled in a span of a run: one number by one, or why there is none."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.metrics.autoscaler import (
    Needed,
    RatesBetween,
    oscillation,
    panic_entries,
    provisioning,
    times_to_ready,
)
from verdict.replica_view import ReplicaView
from verdict.steps import Steps, clipped, length_s


@dataclass(frozen=True)
class Scaling:
    """What the numbers are made of.

    Attributes:
        view: What an observer saw of the pods.
        end_s: Of the run.
        rates_between: Mean offered rates between neighbours of an array of times.
        needed: Pods that each of an array of rates asks for; a sentence where that is not known.
        ok_between: How many calls intended in [from, to) came back well.
    """

    view: ReplicaView
    end_s: float
    rates_between: RatesBetween
    needed: Needed | str
    ok_between: Callable[[float, float], int]


@dataclass(frozen=True)
class Span:
    """A part of a run that was watched.

    Attributes:
        from_s, to_s: From the epoch.
        begun_late: Whether it was not watched from its beginning.
    """

    from_s: float
    to_s: float
    begun_late: bool


Value = float | str
"""A number, or why there is none."""


def watched_span(view: ReplicaView, from_s: float, to_s: float) -> Span | None:
    """The part of [from, to) that was watched; None when none was."""
    begin_s, end_s = max(from_s, view.watched_s[0]), min(to_s, view.watched_s[1])
    if end_s <= begin_s or math.isnan(view.ready.area(begin_s, end_s)):
        return None
    return Span(begin_s, end_s, begin_s > from_s)


def pods(scaling: Scaling, span: Span, *, at: str) -> Value:
    """Ready pods at the "start", at the "end" or at "most"."""
    ready = scaling.view.ready
    if at == "start":
        return ready.at_one(span.from_s)
    if at == "end":
        return float(ready.cut(span.from_s, span.to_s)[1][-1])
    return ready.largest(span.from_s, span.to_s)


def mean_pods(scaling: Scaling, span: Span) -> Value:
    """Ready pods, averaged over time."""
    return scaling.view.ready.area(span.from_s, span.to_s) / (span.to_s - span.from_s)


def time_to(scaling: Scaling, span: Span, *, most: bool) -> Value:
    """When the first pod, or the most, were ready, from the start of the span."""
    if span.begun_late:
        return f"nobody watched before {span.from_s:.3g} s"
    table = times_to_ready(scaling.view.ready, span.from_s, span.to_s)
    if table.empty:
        return "no pod was ready"
    return float(table["after_s"].iloc[-1 if most else 0])


def without_pods(scaling: Scaling, span: Span) -> Value:
    """Seconds without a ready pod."""
    lengths_s, values = scaling.view.ready.cut(span.from_s, span.to_s)
    return float(lengths_s[values == 0].sum())


def to_zero(scaling: Scaling, span: Span) -> Value:
    """How often the last ready pod went."""
    _, values = scaling.view.ready.cut(span.from_s, span.to_s)
    return float(((values[1:] == 0) & (values[:-1] > 0)).sum())


def waiting(scaling: Scaling, span: Span) -> Value:
    """Seconds in which pods that were wanted or begun were not ready."""
    return length_s(clipped(scaling.view.scale_ups(scaling.end_s), span.from_s, span.to_s))


def against_need(scaling: Scaling, span: Span, *, part: str) -> Value:
    """A part of `Provisioning`."""
    if isinstance(scaling.needed, str):
        return scaling.needed
    found = provisioning(
        scaling.view.ready, scaling.rates_between, scaling.needed, span.from_s, span.to_s
    )
    return float(getattr(found, part))


def pod_seconds(scaling: Scaling, span: Span) -> Value:
    """Ready pods times their time."""
    return scaling.view.ready.area(span.from_s, span.to_s)


def per_success(scaling: Scaling, span: Span) -> Value:
    """Pod-seconds for each call that came back well."""
    ok = scaling.ok_between(span.from_s, span.to_s)
    return scaling.view.ready.area(span.from_s, span.to_s) / ok if ok else "no call came back well"


_NOBODY_TOLD = "nobody told: Knative tells it by its metrics only"


def panics(scaling: Scaling, span: Span) -> Value:
    """How often the autoscaler began to panic."""
    panics = scaling.view.panics
    if not panics:
        return _NOBODY_TOLD
    before = [on for at_s, on in panics if at_s <= span.from_s][-1:]
    inside = [(at_s, on) for at_s, on in panics if span.from_s < at_s < span.to_s]
    return float(panic_entries([*((span.from_s, on) for on in before), *inside]))


def panic_time(scaling: Scaling, span: Span) -> Value:
    """Seconds of panic."""
    if not scaling.view.panics:
        return _NOBODY_TOLD
    return length_s(clipped(scaling.view.panicking(scaling.end_s), span.from_s, span.to_s))


def turns(scaling: Scaling, span: Span, *, desired: bool) -> Value:
    """Changes of direction of desired or of ready pods."""
    steps: Steps | None = scaling.view.desired if desired else scaling.view.ready
    if steps is None:
        return "the autoscaler was not seen"
    return float(oscillation(steps, span.from_s, span.to_s).turns)


def swung(scaling: Scaling, span: Span) -> Value:
    """Ready pods that were added and taken away again, or the other way round."""
    return oscillation(scaling.view.ready, span.from_s, span.to_s).pods


def proxied(scaling: Scaling, span: Span) -> Value:
    """Share of time with the activator in the path."""
    modes = scaling.view.modes
    if not modes:
        return "the activator's mode was not seen"
    at_s = np.array([moment for moment, _ in modes])
    proxy = Steps(at_s, np.array([float(mode == "Proxy") for _, mode in modes]))
    return proxy.area(span.from_s, span.to_s) / (span.to_s - span.from_s)
