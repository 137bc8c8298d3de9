"""A locustfile whose own work keeps Locust's hub from everything else for 20 ms of every 70 ms."""

import time

import gevent
from locust import events

from grpc_user.spin_user import SpinUser

BUSY_S, FREE_S = 0.02, 0.05

__all__ = ["SpinUser"]


@events.test_start.add_listener
def keep_busy(**_):
    gevent.spawn(work_for_ever)


def work_for_ever():
    while True:
        ends_s = time.monotonic() + BUSY_S
        while time.monotonic() < ends_s:
            pass
        gevent.sleep(FREE_S)
