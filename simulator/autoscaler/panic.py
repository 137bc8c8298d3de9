"""Panic: a burst is answered by the short window at once, and by no scale-down for a while."""

from typing import NamedTuple

from simulator.autoscaler.settings import ScalerSettings
from simulator.compiled import compiled

CALM = -1.0
"""In place of a time: there is no panic."""


class Panic(NamedTuple):
    """Where panic stands.

    Attributes:
        since_s: When the threshold was last exceeded; `CALM` without panic.
        most_pods: The most pods that were asked for in it.
    """

    since_s: float
    most_pods: int


def first_panic(ready: int, now_s: float) -> Panic:
    """A new autoscaler that finds several pods panics: it keeps them until it knows the load."""
    return Panic(now_s if ready > 1 else CALM, ready)


@compiled
def updated_panic(panic: Panic, excess: float, settings: ScalerSettings, now_s: float) -> Panic:
    """Begin, go on or end: each excess renews it, a stable window without one ends it.

    Args:
        panic: As it stood.
        excess: Pods that the short window asks for, over the ready ones.
        settings: Of the revision.
        now_s: The decision's time.
    """
    if excess >= settings.panic_threshold:
        return Panic(now_s, panic.most_pods)
    if panic.since_s != CALM and panic.since_s + settings.stable_window_s < now_s:
        return Panic(CALM, 0)
    return panic


@compiled
def with_pods(panic: Panic, pods: int) -> Panic:
    """The panic, knowing that so many pods were asked for."""
    return Panic(panic.since_s, max(panic.most_pods, pods))
