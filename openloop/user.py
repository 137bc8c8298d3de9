"""Importing this switches the engine on, as Locust plugins are; the mixin itself is beside."""

from openloop.mixin import OpenLoop
from openloop.plugin import install

__all__ = ["OpenLoop"]

install()
