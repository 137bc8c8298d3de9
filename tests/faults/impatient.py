"""The usual locustfile, under a Locust that forgets a missing worker after some seconds."""

import locust.runners
from locust import events

from locustfile import PoissonShape, SpinUser, UniformShape

__all__ = ["PoissonShape", "SpinUser", "UniformShape"]

FORGETS_AFTER = -3


@events.init.add_listener
def be_impatient(**_):
    locust.runners.HEARTBEAT_DEAD_INTERNAL = FORGETS_AFTER
