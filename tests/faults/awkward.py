"""A locustfile with an option of its own that Locust cannot send to its workers."""

from pathlib import Path

from locust import events

from locustfile import SpinUser

__all__ = ["SpinUser"]


@events.init_command_line_parser.add_listener
def add_option(parser, **_):
    parser.add_argument("--scenario", type=Path, default=Path("scenario.yaml"))
