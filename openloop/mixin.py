"""The mixin that makes any Locust user open-loop."""

import contextlib
from typing import Any

import gevent
from gevent.event import Event
from locust.user.task import LOCUST_STATE_WAITING


class OpenLoop:
    """Put before a Locust user class: `class MyUser(OpenLoop, FastHttpUser)`.

    A spawned user of such a class is a token: it stands for one request per second of offered
    rate (`--rps-per-user`) and only waits. Its tasks run when arrivals fall due, each on a pooled
    instance of the class that no other arrival uses meanwhile, so a slow answer delays nobody.
    """

    marks_sent = False
    """Whether the class's client says itself when a call left (`Arrival.mark_sent`)."""

    environment: Any
    _state: str | None

    def run(self) -> None:
        """Wait until Locust takes the token away."""
        # Locust ends a waiting user at once, whatever --stop-timeout says.
        self._state = LOCUST_STATE_WAITING
        with contextlib.suppress(gevent.GreenletExit):
            Event().wait()
