"""Where the packages around the engine take part in a run.

The engine knows no protocol: what speaks one listens here.
"""

from collections.abc import Callable, Mapping
from typing import Any

Request = Mapping[str, Any]
"""The plan's request spec: option name (argparse dest) to its text, and `host`."""


class Hook:
    """An ordered list of listeners; unlike Locust's events, an exception reaches the caller."""

    def __init__(self) -> None:
        self._listeners: list[Callable[..., None]] = []

    def listen(self, listener: Callable[..., None]) -> Callable[..., None]:
        """Add a listener (usable as a decorator); adding it twice has no effect."""
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def fire(self, **kwargs: Any) -> None:
        """Call every listener, in the order they were added."""
        for listener in self._listeners:
            listener(**kwargs)


CHECK_OPTIONS = Hook()
"""(environment, request): on the local process or the master, at start-up and before each run.
A listener raises InvalidValue or StartRefused for options that do not go together."""

BEFORE_EPOCH = Hook()
"""(environment, request): on every member, before the epoch: connect, start targets.
A listener raises StartRefused when the run cannot go on."""

AFTER_RUN = Hook()
"""(environment): on every member, when nothing of the run is in flight any more."""
