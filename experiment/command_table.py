"""Which commands there are: one module each, in the order of the help."""

import argparse
from types import ModuleType
from typing import NoReturn

from experiment.commands import calibrate, doctor, fetch, forecast, observe, run, search, sweep
from records.command_line import OneLineParser

COMMANDS: tuple[ModuleType, ...] = (forecast, run, fetch, sweep, search, calibrate, doctor, observe)
"""Each has `add_parser(subparsers)`; it sets `handler=`, a function of options to exit code."""


class _Parser(OneLineParser):
    """Says beside what is wrong where to look."""

    def error(self, message: str) -> NoReturn:
        """Say it in one line and end with exit code 2."""
        hint = "--help shows what is valid"
        if message.startswith("unrecognized"):
            hint += ", and Locust's options come after --"
        super().error(f"{message}; {hint}")


def make_parser(commands: tuple[ModuleType, ...] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of `python -m experiment` with these commands."""
    parser = _Parser(
        prog="python -m experiment",
        description="Runs against a Knative Service. Exit code 2 and one line for bad input.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in commands:
        command.add_parser(subparsers)
    return parser
