"""Linux: ask for short time slices, so that the scheduler lets this process run soon.

From Linux 6.12 on a process may say how long a slice of the CPU it wants (EEVDF). One that wants
little at a time comes before one that wants more as soon as it is woken, for the same share of the
CPU in the long run. Where this is not known, nothing is changed.
"""

import ctypes
import platform
import struct
import sys

SHORT_SLICE_NS = 100_000
"""The least that the kernel takes."""

_NUMBERS = {"x86_64": (314, 315), "aarch64": (274, 275)}
"""Of the calls sched_setattr and sched_getattr, which the C library has only since 2.41."""
_ATTRIBUTES = struct.Struct("=IIQiIQQQ")
"""sched_attr(2): size, policy, flags, nice, priority, runtime, deadline, period."""
_FAIR = (0, 3)
"""SCHED_OTHER and SCHED_BATCH."""
_RESET_ON_FORK = 1


def ask_for_short_slices() -> bool:
    """Have this thread, and none that it starts, run soon after it is woken; whether that took."""
    if sys.platform != "linux" or platform.machine() not in _NUMBERS:
        return False
    set_number, get_number = _NUMBERS[platform.machine()]
    system_call = ctypes.CDLL(None).syscall
    attributes = ctypes.create_string_buffer(_ATTRIBUTES.size)
    if system_call(get_number, 0, attributes, _ATTRIBUTES.size, 0) != 0:
        return False
    size, policy, flags, nice, priority, slice_ns, *rest = _ATTRIBUTES.unpack(attributes.raw)
    if policy not in _FAIR or not slice_ns:  # a kernel that tells of none takes none
        return False
    asked = (size, policy, flags | _RESET_ON_FORK, nice, priority, SHORT_SLICE_NS, *rest)
    taken: int = system_call(set_number, 0, _ATTRIBUTES.pack(*asked), 0)
    return taken == 0
