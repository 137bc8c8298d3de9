"""`python -m openloop.login hash USER`: the line that `--web-credentials` wants.

The password is read from standard input: an argument would be seen by everyone on the machine.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

from openloop.credentials import hashed
from verdict.exit_codes import BAD_CONFIGURATION


def main(arguments: Sequence[str] | None = None) -> int:
    """Print `USER:HASH`; without a user the hash alone. 2 for an empty password."""
    options = _parser().parse_args(arguments)
    password = _read_password()
    if not password:
        sys.stderr.write("openloop.login: the password is empty; valid: at least one character\n")
        return BAD_CONFIGURATION
    user = f"{options.user}:" if options.user else ""
    sys.stdout.write(f"{user}{hashed(password)}\n")
    return 0


def _read_password() -> str:
    """From the keyboard without showing it, else the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass()
    return sys.stdin.readline().rstrip("\r\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m openloop.login", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    make = commands.add_parser("hash", help="make a password hash; the password comes from stdin")
    make.add_argument(
        "user", nargs="?", default="", type=_user, help="print a line of --web-credentials for it"
    )
    return parser


def _user(text: str) -> str:
    if ":" in text or not text.isprintable():
        raise argparse.ArgumentTypeError("a user's name holds no colon")
    return text


if __name__ == "__main__":
    sys.exit(main())
