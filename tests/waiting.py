"""Waiting for what comes in its own time, with a bound."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait_for(what: str, look: Callable[[], Found], within_s: float, every_s: float = 0.25) -> Found:
    """The first true answer of `look`; AssertionError naming `what` and the last answer else."""
    end_s = time.monotonic() + within_s
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end_s, f"not within {within_s:g} s: {what}; last: {found!r}"
        time.sleep(every_s)
