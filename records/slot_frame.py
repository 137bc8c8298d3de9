"""Many rows at once, as they go through the pipe. Standard library only, as the sink."""

from typing import NamedTuple


class SlotFrame(NamedTuple):
    """Rows as slots (`records.slots`), readable without other frames.

    Attributes:
        rows: How many.
        slots: Their bytes, each an arrival that is over or was not sent.
        texts: What their numbers of texts mean.
        method: What was called.
        warm_up_s: Arrivals intended before this are of the warm-up phase.
    """

    rows: int
    slots: bytes
    texts: list[str]
    method: str
    warm_up_s: float
