"""Which commands there are: one module each, in the order of the help."""

import argparse
from types import ModuleType
from typing import NoReturn

from experiment.commands import doctor, fetch, observe, run
from verdict.exit_codes import BAD_CONFIGURATION

COMMANDS: tuple[ModuleType, ...] = (run, fetch, doctor, observe)
"""Each has `add_parser(subparsers)`; it sets `handler=`, a function of options to exit code."""


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; `--help` shows the rest."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        hint = "--help shows what is valid"
        if message.startswith("unrecognized"):
            hint += ", and Locust's options come after --"
        self.exit(BAD_CONFIGURATION, f"{self.prog}: {message}; {hint}\n")


def make_parser(commands: tuple[ModuleType, ...] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of `python -m experiment` with these commands."""
    parser = OneLineParser(
        prog="python -m experiment",
        description="Runs against a Knative Service. Exit code 2 and one line for bad input.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in commands:
        command.add_parser(subparsers)
    return parser
