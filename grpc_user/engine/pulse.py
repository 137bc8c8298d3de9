"""Whether an engine still turns, judged by its heartbeat."""

from __future__ import annotations

import math

MOST_A_LOOK_S = 0.1


class Pulse:
    """How long a heartbeat has stood still, as seen by somebody who looks at it now and then.

    A look counts for `MOST_A_LOOK_S` at most, however long ago the one before it was: somebody who
    was held up, or stood still together with the whole machine, has not watched meanwhile.
    """

    def __init__(self) -> None:
        self._beat = math.nan  # equal to nothing
        self._looked_s = 0.0
        self._still_s = 0.0

    def look(self, beat: float, now_s: float) -> float:
        """For how long it has not moved, in seconds of watching.

        Args:
            beat: The heartbeat: any number that changes while its owner is well.
            now_s: Monotonic time.
        """
        if beat == self._beat:
            self._still_s += min(now_s - self._looked_s, MOST_A_LOOK_S)
        else:
            self._beat, self._still_s = beat, 0.0
        self._looked_s = now_s
        return self._still_s
