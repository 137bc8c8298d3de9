"""`python -m simulator COMMAND ...`: predict before you measure."""

import sys
from collections.abc import Sequence

from records.command_line import BAD_CONFIGURATION, OneLineParser
from records.run_folder import RunFolderError
from shapes.errors import InvalidValue
from simulator.command_line import say_error
from simulator.commands import run, speed
from simulator.errors import SimulatorError

PROGRAM = "python -m simulator"
COMMANDS = (run, speed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code, or 2 and one line when it cannot be run as asked."""
    parser = OneLineParser(
        prog=PROGRAM,
        description="A model of a Knative Service under load: its autoscaler, pods and cores.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help(sys.stderr)
        return BAD_CONFIGURATION
    try:
        return int(options.handler(options))
    except (InvalidValue, RunFolderError, SimulatorError, OSError) as error:
        return say_error(f"{PROGRAM} {options.command}", error)


if __name__ == "__main__":
    sys.exit(main())
