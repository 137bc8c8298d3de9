"""Command lines that answer bad input with one line and exit code 2."""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any

from records.command_line import BAD_CONFIGURATION
from shapes.errors import InvalidValue
from simulator.commands.options import Option


def add_options(parser: argparse.ArgumentParser, title: str, options: Iterable[Option]) -> None:
    """Add a group of options."""
    group = parser.add_argument_group(title)
    for option in options:
        _add(group, option)


def _add(group: Any, option: Option) -> None:
    if option.is_switch:
        group.add_argument(*_flags(option), action="store_true", help=option.help)
        return
    default = f" (default {option.default})" if option.default is not None else ""
    group.add_argument(
        *_flags(option),
        type=_checked(option),
        action="append" if option.repeatable else "store",
        default=[] if option.repeatable else option.default,
        choices=option.choices or None,
        help=(option.help + default).replace("%", "%%"),
        metavar=None if option.choices else option.flag.rsplit("-", 1)[-1].upper(),
    )


def _flags(option: Option) -> tuple[str, ...]:
    """Its own first: argparse names the value by it."""
    return (option.flag, *option.aliases)


def _checked(option: Option) -> Callable[[str], str]:
    """Checks a text and leaves it as it was typed: so the manifest keeps it."""

    def read(text: str) -> str:
        try:
            option.parse(text)
        except InvalidValue as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        return text

    return read


def values_of(options: argparse.Namespace, table: Iterable[Option]) -> argparse.Namespace:
    """The values of the options of a table, in place of their texts."""
    return argparse.Namespace(
        **{option.dest: _value(option, getattr(options, option.dest)) for option in table}
    )


def _value(option: Option, given: Any) -> Any:
    return option.parse(given) if isinstance(given, str) else given


def say_error(program: str, error: Exception) -> int:
    """One line on stderr; the exit code of bad input."""
    sys.stderr.write(f"{program}: {error}\n")
    return BAD_CONFIGURATION
