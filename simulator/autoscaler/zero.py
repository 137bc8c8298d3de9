"""To zero: a revision is active, then inactive, and its last pod goes when nobody can miss it."""

from typing import NamedTuple

from simulator.autoscaler.settings import ScalerSettings
from simulator.compiled import compiled

NOT = -1.0
"""In place of a time: it is not so."""


class Activity(NamedTuple):
    """Since when a revision is what it is, in seconds; `NOT` where it is not.

    Attributes:
        active_s: It has pods and work for them.
        inactive_s: It is marked as without traffic.
        proxied_s: The activator is in its path.
        has_reached_initial: Whether it ever had its initial scale.
    """

    active_s: float
    inactive_s: float
    proxied_s: float
    has_reached_initial: bool


class Ask(NamedTuple):
    """What the deployment is asked for.

    Attributes:
        wanted: Pods wanted, as the status says.
        is_applied: Whether the deployment is told.
    """

    wanted: int
    is_applied: bool


class Outcome(NamedTuple):
    """What a decision means for a revision.

    Attributes:
        wanted: Pods wanted.
        ready: Pods that are ready.
        least: So many make a revision active.
        is_proxied: Whether the activator is in the path.
    """

    wanted: int
    ready: int
    least: int
    is_proxied: bool


@compiled
def ask_for(
    pods: int, activity: Activity, settings: ScalerSettings, now_s: float
) -> tuple[Ask, Activity]:
    """What becomes of a number of pods that may be 0.

    The last pod goes only after the revision was active for a stable window, and only where the
    activator has been in its path for the grace period and it has been idle for the retention, or
    where it has been inactive for the longer of the two.
    """
    if pods != 0:
        return Ask(pods, True), activity
    if not settings.scales_to_zero:
        return Ask(1, True), activity
    if activity.active_s != NOT and now_s - activity.active_s < settings.stable_window_s:
        return Ask(1, True), activity
    idle = _inactive(activity, now_s)
    return Ask(0, _may_go(idle, settings, now_s)), idle


@compiled
def _inactive(activity: Activity, now_s: float) -> Activity:
    since_s = now_s if activity.inactive_s == NOT else activity.inactive_s
    return Activity(NOT, since_s, activity.proxied_s, activity.has_reached_initial)


@compiled
def _may_go(idle: Activity, settings: ScalerSettings, now_s: float) -> bool:
    inactive_for_s = now_s - idle.inactive_s
    proxied_for_s = 0.0 if idle.proxied_s == NOT else now_s - idle.proxied_s
    if inactive_for_s >= max(settings.grace_s, settings.retention_s):
        return True
    return proxied_for_s >= settings.grace_s and inactive_for_s >= settings.retention_s


@compiled
def after_decision(activity: Activity, outcome: Outcome, now_s: float) -> Activity:
    """The activity once a decision is in force."""
    active_s, inactive_s, proxied_s = activity.active_s, activity.inactive_s, NOT
    if outcome.is_proxied:
        proxied_s = now_s if activity.proxied_s == NOT else activity.proxied_s
    if outcome.wanted > 0:
        inactive_s = NOT
        if outcome.ready < outcome.least:
            active_s = NOT
        elif active_s == NOT:
            active_s = now_s
    return Activity(active_s, inactive_s, proxied_s, activity.has_reached_initial)
