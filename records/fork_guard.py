"""A forked child must not hold a parent's pipe open: its reader would never see the end."""

import os
import weakref
from typing import Protocol


class Abandonable(Protocol):
    """What owns descriptors that a forked child has no use for."""

    def abandon(self) -> None:
        """Close the descriptors without a word to the other end."""
        ...


class _Guard:
    """What to abandon after a fork; one for the process, for hooks cannot be taken back."""

    def __init__(self) -> None:
        self._guarded: weakref.WeakSet[Abandonable] = weakref.WeakSet()
        self._hooked = False

    def add(self, owner: Abandonable) -> None:
        if not self._hooked:
            os.register_at_fork(after_in_child=self._abandon_all)
            self._hooked = True
        self._guarded.add(owner)

    def _abandon_all(self) -> None:
        for owner in list(self._guarded):
            owner.abandon()
        self._guarded.clear()


_GUARD = _Guard()


def abandon_after_fork(owner: Abandonable) -> None:
    """Have `owner.abandon()` called in every child that this process forks from now on."""
    _GUARD.add(owner)
