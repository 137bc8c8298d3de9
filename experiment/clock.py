"""Time as those see it who wait for a cluster, so that tests need not wait."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """What time it is, and how to let some pass.

    Attributes:
        now_s: Monotonic, seconds.
        sleep: Returns so many seconds later.
    """

    now_s: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
