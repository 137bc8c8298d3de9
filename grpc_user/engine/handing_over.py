"""What an engine may forget: slots whose rows have wholly gone to the writer of the records."""

from __future__ import annotations

from collections import deque


class HandingOver:
    """The batches that were read from an engine's ring and are not safe yet.

    A row is safe from the hub's death when the writer's pipe holds all of its frame. How far the
    pipe has come is known in bytes, how far the ring was read in slots: here they are matched.
    """

    def __init__(self) -> None:
        self._batches: deque[tuple[int, int]] = deque()

    def note(self, upto: int, given_bytes: int) -> None:
        """A batch was read and its rows were given away.

        Args:
            upto: The ring's position behind the batch's last slot.
            given_bytes: All bytes that were given away up to and with this batch.
        """
        if self._batches and self._batches[-1][1] == given_bytes:
            self._batches.pop()  # it had no rows: it is safe when the batch before it is
        self._batches.append((upto, given_bytes))

    def take_safe(self, passed_bytes: int) -> int | None:
        """The position up to which all is safe; None when nothing more is than before.

        Args:
            passed_bytes: Of the bytes given away, how many the pipe has taken.
        """
        upto = None
        while self._batches and self._batches[0][1] <= passed_bytes:
            upto, _ = self._batches.popleft()
        return upto

    def take_all(self) -> int | None:
        """The position up to which all was read; None when all of it was safe."""
        upto = self._batches[-1][0] if self._batches else None
        self._batches.clear()
        return upto
