"""Open-loop load for any Locust user: `class MyUser(OpenLoop, FastHttpUser)`."""

from openloop.plugin import install
from openloop.user import OpenLoop

__all__ = ["OpenLoop"]

install()
