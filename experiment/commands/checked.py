"""Parsers of ours as argparse takes them."""

import argparse
from collections.abc import Callable
from typing import TypeVar

from shapes.errors import InvalidValue

Value = TypeVar("Value")


def checked(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """A parser for `type=` of argparse, whose refusals show in one line."""

    def parsed(text: str) -> Value:
        try:
            return parse(text)
        except InvalidValue as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return parsed


def checked_text(check: Callable[[str], object]) -> Callable[[str], str]:
    """The text itself for `type=` of argparse, once it is known to be valid."""

    def taken(text: str) -> str:
        check(text)
        return text

    return checked(taken)
