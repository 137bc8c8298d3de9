"""Which commands there are: one module each, imported when it is asked for."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from records.command_line import OneLineParser

NAMES = ("forecast", "run", "fetch", "sweep", "search", "calibrate", "doctor", "observe")
"""In the order of the help. Each is a module of `experiment.commands` with
`add_parser(subparsers)`; it sets `handler=`, a function of options to exit code."""


class _Parser(OneLineParser):
    """Says beside what is wrong where to look."""

    def error(self, message: str) -> NoReturn:
        """Say it in one line and end with exit code 2."""
        hint = "--help shows what is valid"
        if message.startswith("unrecognized"):
            hint += ", and Locust's options come after --"
        super().error(f"{message}; {hint}")


def commands_for(arguments: Sequence[str]) -> tuple[ModuleType, ...]:
    """The command that these arguments ask for; all of them where they ask for none that is.

    A command's own imports take up to seconds: no other waits for them.
    """
    asked = arguments[0] if arguments else ""
    names = (asked,) if asked in NAMES else NAMES
    return tuple(import_module(f"experiment.commands.{name}") for name in names)


def make_parser(commands: Sequence[ModuleType]) -> argparse.ArgumentParser:
    """The parser of `python -m experiment` with these commands."""
    parser = _Parser(
        prog="python -m experiment",
        description="Runs against a Knative Service. Exit code 2 and one line for bad input.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in commands:
        command.add_parser(subparsers)
    return parser
