"""The dispatcher's waiting, by the engine's own loop."""

import time

from grpc_user.engine.loop import Loop
from openloop.wake_lead import WakeLead

MOST_WITHOUT_TURN = 2
"""Waits for a moment that is past; after each the dispatcher sends up to `MOST_A_TURN` calls."""


class LoopPacer:
    """Turns the loop until the moment has come (`openloop.pacer.Pacer`).

    At each turn all that was sent since the last one leaves, with one write for each connection,
    and replies are read. While calls are overdue not each wait has a turn: writes are what costs.

    Args:
        loop: What to turn.
    """

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._lead = WakeLead()
        self._interrupted = False
        self._without_turn = 0

    def wait_until(self, monotonic_s: float) -> bool:
        """Wait for the moment; False when `interrupt` ended the wait before it."""
        if self._without_turn < MOST_WITHOUT_TURN and time.monotonic() >= monotonic_s:
            self._without_turn += 1
        else:
            self._without_turn = 0
            self._turn_until(monotonic_s)
        reached, self._interrupted = not self._interrupted, False
        return reached

    def interrupt(self) -> None:
        """End the present wait, or the next one at once."""
        self._interrupted = True

    def give_way(self) -> None:
        """What was just begun leaves before the next real wait, with others that are due now."""

    def close(self) -> None:
        """Nothing to give back."""

    def _turn_until(self, monotonic_s: float) -> None:
        wake_s = self._lead.wake_s(monotonic_s)
        while not self._interrupted:
            # Past it a turn does not wait: replies are read while the clock is watched.
            self._loop.turn(wake_s)
            if time.monotonic() >= monotonic_s:
                return
