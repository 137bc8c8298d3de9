"""Which commands there are: one module each, in the order of the help."""

import argparse
from types import ModuleType

COMMANDS: tuple[ModuleType, ...] = ()
"""Each has `add_parser(subparsers)`; it sets `handler=`, a function of options to exit code."""


def make_parser(commands: tuple[ModuleType, ...] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of `python -m experiment` with these commands."""
    parser = argparse.ArgumentParser(
        prog="python -m experiment",
        description="Runs against a Knative Service. Exit code 2 and one line for bad input.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in commands:
        command.add_parser(subparsers)
    return parser
