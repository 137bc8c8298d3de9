"""`python -m openloop.parsed_options LOCUST-OPTIONS`: what Locust makes of them; runs nothing.

Read from the command line, the environment and configuration files as `locust` itself does, the
locustfile's own options included. On standard output one JSON object:

    {"values": {dest: value}, "given": [argument, ...]}

`given` are the arguments that set all that is not as by default. What Locust refuses, it refuses
here too: with its words, and exit code 2.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from locust.argument_parser import (
    get_locustfiles_locally,
    get_parser,
    parse_locustfile_option,
)
from locust.main import merge_locustfiles_content


def arguments_of(parser: argparse.ArgumentParser, values: argparse.Namespace) -> list[str]:
    """Arguments that give the parser these values, options before positional words."""
    options: list[str] = []
    words: list[str] = []
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other list
        value = getattr(values, action.dest, action.default)
        if value is None or str(value) == str(action.default):
            continue
        (options if action.option_strings else words).extend(_arguments(action, value))
    return [*options, *words]


def _arguments(action: argparse.Action, value: Any) -> Iterator[str]:
    flag = max(action.option_strings, key=len, default="")
    if not flag:
        yield from (str(one) for one in value)
    elif action.nargs == 0:
        yield flag
    else:
        for one in value if isinstance(value, list) else [value]:
            yield f"{flag}={one}"


def main() -> None:
    """Read the process's own arguments."""
    files = get_locustfiles_locally(parse_locustfile_option())  # type: ignore[no-untyped-call]  # as Locust has it
    merge_locustfiles_content(files)
    parser = get_parser()
    values = parser.parse_args()
    told = {"values": vars(values), "given": arguments_of(parser, values)}
    json.dump(told, sys.stdout, default=str)


if __name__ == "__main__":
    main()
