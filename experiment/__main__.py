"""`python -m experiment COMMAND ...`: the one entrance to all commands."""

import argparse
import sys
from collections.abc import Sequence

from experiment.command_table import commands_for, make_parser
from experiment.errors import ExperimentError
from verdict.exit_codes import BAD_CONFIGURATION, SIGINT


def main(
    arguments: Sequence[str] | None = None, parser: argparse.ArgumentParser | None = None
) -> int:
    """Run a command; its exit code, or 2 with help or one line when it cannot be run as asked.

    Args:
        arguments: Without the program's name; None for the process's own.
        parser: What reads them; None for that of the commands.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = parser or make_parser(commands_for(given))
    options = parser.parse_args(given)
    if getattr(options, "handler", None) is None:
        parser.print_help(sys.stderr)
        return BAD_CONFIGURATION
    try:
        return int(options.handler(options))
    except ExperimentError as error:
        print(f"experiment: {error}", file=sys.stderr)
        return BAD_CONFIGURATION
    except KeyboardInterrupt:
        print("experiment: stopped by Ctrl-C", file=sys.stderr)
        return SIGINT


if __name__ == "__main__":
    sys.exit(main())
