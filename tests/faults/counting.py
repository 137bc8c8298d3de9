"""The usual locustfile, which says how many greenlets there are when a run has ended."""

import gc
import logging

from gevent import Greenlet
from locust import events

from locustfile import PoissonShape, SpinUser, UniformShape

__all__ = ["PoissonShape", "SpinUser", "UniformShape"]


@events.test_stop.add_listener
def count_greenlets(**_):
    gc.collect()
    alive = sum(isinstance(one, Greenlet) and not one.dead for one in gc.get_objects())
    logging.getLogger(__name__).info("greenlets alive: %d", alive)
