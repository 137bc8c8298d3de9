"""Calls one at a time, in rounds over all kinds, so that a drift of the machine is in all alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WARM_UPS = 3
"""Calls of each kind that are made first and not counted: connection, caches, a cold instance."""
MOST_COLD = 10


@dataclass(frozen=True)
class Answer:
    """One call that came back well.

    Attributes:
        latency_s: From sending to the last message.
        instance_id: Who answered; "" where the target does not say.
        is_first: Whether it was that instance's first call ever.
        under_way: Calls under way there when it was accepted, itself included; 0 where unknown.
        contention_s: Of the latency, what its work waited for a CPU; 0 where unknown.
    """

    latency_s: float
    instance_id: str = ""
    is_first: bool = False
    under_way: int = 0
    contention_s: float = 0.0


Kind = Callable[[], Answer]
"""Makes one call and waits for its end; raises NotCalibrated when it fails."""


def isolated_calls(kinds: Sequence[Kind], calls: int) -> list[list[Answer]]:
    """So many answers of each kind, one call at a time.

    Args:
        kinds: What to call.
        calls: Counted answers of each kind. Answers of an instance's first call are not counted.

    Raises:
        NotCalibrated: when a call fails.
    """
    for _ in range(WARM_UPS):
        for kind in kinds:
            kind()
    answers: list[list[Answer]] = [[] for _ in kinds]
    for _ in range(calls):
        for kind, mine in zip(kinds, answers, strict=True):
            mine.append(_warm(kind))
    return answers


def _warm(kind: Kind) -> Answer:
    """An answer of an instance that had answered before, or the last of several that had not."""
    answer = kind()
    for _ in range(MOST_COLD):
        if not answer.is_first:
            return answer
        answer = kind()
    return answer
