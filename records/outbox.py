"""The write end of a pipe that never blocks: what does not fit waits in bounded memory."""

import contextlib
import fcntl
import os
from collections import deque

from records.descriptors import close_now

PIPE_BYTES = 1 << 20  # what an unprivileged process may ask for on Linux
MOST_BYTES_A_TURN = 1 << 17  # so that catching up after a full pipe never holds the caller long


class Outbox:
    """Frames on their way into a pipe.

    The descriptor is non-blocking. A frame that the pipe has no room for is kept, up to
    `capacity_bytes` in all; one more is refused.

    Attributes:
        given_bytes: All that was ever taken.
        waiting_bytes: Of those, what the pipe had no room for yet.
    """

    def __init__(self, descriptor: int, capacity_bytes: int) -> None:
        os.set_blocking(descriptor, False)
        _enlarge(descriptor)
        self._descriptor = descriptor
        self._capacity_bytes = capacity_bytes
        self._waiting: deque[memoryview] = deque()
        self.given_bytes = self.waiting_bytes = 0
        self.is_open = True

    def put(self, frame: bytes, *, is_bounded: bool = True) -> bool:
        """Take a frame; False when it does not fit, or the pipe is closed.

        Args:
            frame: The bytes.
            is_bounded: False for one that would take up no less memory elsewhere: it always fits.
        """
        fits = not is_bounded or self.waiting_bytes + len(frame) <= self._capacity_bytes
        if fits and self.is_open:
            self._waiting.append(memoryview(frame))
            self.given_bytes += len(frame)
            self.waiting_bytes += len(frame)
        return fits and self.is_open

    def push(self, most_bytes: int = MOST_BYTES_A_TURN) -> None:
        """Write what the pipe takes now, within one turn's bytes; close when nobody reads."""
        room_bytes = most_bytes
        try:
            while self._waiting and room_bytes > 0:
                room_bytes -= self._write_some(room_bytes)
        except BlockingIOError:
            return
        except OSError:  # the reader is gone
            self.close()

    def close(self) -> None:
        """Close the descriptor, so that the reader sees the end; what waits is dropped."""
        if self.is_open:
            self.is_open = False
            self._waiting.clear()
            self.waiting_bytes = 0
            close_now(self._descriptor)

    def _write_some(self, most_bytes: int) -> int:
        first = self._waiting[0]
        written = os.write(self._descriptor, first[:most_bytes])
        self.waiting_bytes -= written
        if written == len(first):
            self._waiting.popleft()
        else:
            self._waiting[0] = first[written:]
        return written


def _enlarge(descriptor: int) -> None:
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        # Refused when the user's pages for pipes are used up: a small pipe works too.
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
