"""`python -m worker --port=50052`: the spin worker's command line."""

import asyncio
import logging
import os
import sys

from worker.errors import CannotServe
from worker.lifecycle import serve
from worker.options import parse_options


def announce(line: str) -> None:
    """The one line on standard output: a reader of it knows that the worker serves."""
    print(line, flush=True)


def main() -> int:
    """Serve; the exit code."""
    options = parse_options(sys.argv[1:], os.environ)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        asyncio.run(serve(options, announce))
    except CannotServe as error:
        print(f"spin worker: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
