"""Linux: a timer that is armed with an absolute time in nanoseconds and read like a file."""

import contextlib
import ctypes
import os

NANO = 1_000_000_000
CLOCK_MONOTONIC = 1
TFD_TIMER_ABSTIME = 1


class _TimerSpec(ctypes.Structure):
    _fields_ = (
        ("interval_s", ctypes.c_long),
        ("interval_ns", ctypes.c_long),
        ("value_s", ctypes.c_long),
        ("value_ns", ctypes.c_long),
    )


class Timerfd:
    """One timer of the monotonic clock.

    Attributes:
        fd: Readable from the armed moment on.

    Raises:
        OSError: when it cannot be made.
    """

    def __init__(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create failed")
        self._settime = libc.timerfd_settime
        self._spec = _TimerSpec(0, 0, 0, 0)
        self._spec_address = ctypes.byref(self._spec)

    def arm(self, due_ns: int) -> None:
        """Have it become readable at this monotonic time, in place of any other."""
        self._spec.value_s, self._spec.value_ns = divmod(due_ns, NANO)
        self._settime(self.fd, TFD_TIMER_ABSTIME, self._spec_address, None)

    def clear(self) -> None:
        """It is not readable any more until it is due again."""
        with contextlib.suppress(BlockingIOError):  # re-armed between the wake-up and the read
            os.read(self.fd, 8)

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.fd)
