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
        self._listeners: list[Callable[..., Any]] = []

    def listen(self, listener: Callable[..., Any]) -> Callable[..., Any]:
        """Add a listener (usable as a decorator); adding it twice has no effect."""
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def fire(self, **kwargs: Any) -> None:
        """Call every listener, in the order they were added."""
        for listener in self._listeners:
            listener(**kwargs)

    def first(self, **kwargs: Any) -> Any:
        """What the first listener gives that gives anything; None when none does."""
        given = (listener(**kwargs) for listener in self._listeners)
        return next((one for one in given if one is not None), None)


CHECK_OPTIONS = Hook()
"""(environment, request): on the local process or the master, at start-up and before each run.
A listener raises InvalidValue or StartRefused for options that do not go together."""

BEFORE_EPOCH = Hook()
"""(environment, request): on every member, before the epoch: connect, start targets.
A listener raises StartRefused when the run cannot go on."""

AFTER_RUN = Hook()
"""(environment): on every member, when nothing of the run is in flight any more."""

MAKE_SENDING = Hook()
"""(setup: `openloop.sending.SendingSetup`): on every member, before BEFORE_EPOCH.
What a listener gives, a `Sending`, sends in place of this process's hub."""
