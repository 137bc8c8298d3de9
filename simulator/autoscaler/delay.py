"""Scale-down delay: the largest number of pods asked for in the last so many seconds."""

import math

from simulator.compiled import Wholes, compiled, same_wholes

DECISION_S = 2
"""The autoscaler decides every so many seconds, and the delay is counted in these."""


def delay_slots(delay_s: float) -> Wholes:
    """Room for the decisions within a delay; one that is never looked at for no delay."""
    return same_wholes(0, max(1, math.ceil(delay_s / DECISION_S)))


@compiled
def remember(slots: Wholes, last: int, decision: int, pods: int) -> Wholes:
    """The slots with a decision's pods; the larger where there are two of one number.

    Args:
        slots: Pods by number of the decision, modulo their length.
        last: The decision remembered last.
        decision: This one.
        pods: What it asks for.
    """
    kept = slots.copy()
    length = len(kept)
    for gone in range(max(last + 1, decision - length + 1), decision + 1):
        kept[gone % length] = 0
    kept[decision % length] = max(kept[decision % length], pods)
    return kept
