"""A locustfile that listens to every request, and says at the end what it heard."""

import sys

from locust import events

from grpc_user.spin_user import SpinUser

__all__ = ["SpinUser"]

heard = []


@events.request.add_listener
def note(context, response, **_):
    heard.append((context["k"], response))


@events.quit.add_listener
def say(**_):
    without_reply = all(response is None for _, response in heard)
    sys.stderr.write(f"heard {len({k for k, _ in heard})} arrivals, no reply: {without_reply}\n")
