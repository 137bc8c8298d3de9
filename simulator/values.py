"""Settings as people type them: each returns the value, or raises with what is valid."""

import re
from collections.abc import Callable

from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s, parse_number

MOST = 1_000_000
_WHOLE = re.compile(r"-?[0-9]{1,9}")


def whole_from(least: int, most: int = MOST) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text.strip()) or not least <= int(text) <= most:
            raise InvalidValue(f"{text!r} is not valid: a whole number from {least} to {most:,}")
        return int(text)

    return read


def number_above(least: float) -> Callable[[str], float]:
    """A reader of numbers above `least`."""

    def read(text: str) -> float:
        value = parse_number(text)
        if value is None or not least < value <= MOST:
            raise InvalidValue(f"{text!r} is not valid: a number above {least:g}, up to {MOST:,}")
        return value

    return read


def share(text: str) -> float:
    """A percentage, as 70 or 70%; values up to 1 are a share already, as Knative reads them."""
    value = parse_number(text.strip().removesuffix("%"))
    if value is None or not 0 < value <= 100:  # noqa: PLR2004 - per cent
        raise InvalidValue(f"{text!r} is not valid: a percentage above 0, up to 100")
    return value if value <= 1 else value / 100


def times_from_percentage(text: str) -> float:
    """A percentage above 100, as 200, as a factor."""
    value = parse_number(text.strip().removesuffix("%"))
    if value is None or not 110 <= value <= 1000:  # noqa: PLR2004 - Knative's bounds
        raise InvalidValue(f"{text!r} is not valid: a percentage from 110 to 1000")
    return value / 100


def burst_capacity(text: str) -> float:
    """A target burst capacity: -1, 0 or more.

    Raises:
        InvalidValue: for anything else.
    """
    value = parse_number(text)
    if value is None or (value < 0 and value != -1) or value > MOST:
        raise InvalidValue(f"{text!r} is not valid: -1 (always), 0 (never) or a number of calls")
    return value


def cores(text: str) -> float:
    """A number of cores; `unlimited` for as many as are asked for."""
    if text.strip() == "unlimited":
        return float("inf")
    value = parse_number(text)
    if value is None or not 0 < value <= MOST:
        raise InvalidValue(f"{text!r} is not valid: a number of cores above 0, or unlimited")
    return value


def longer_than_nothing_s(text: str) -> float:
    """A duration above 0."""
    seconds = parse_duration_s(text)
    if seconds == 0:
        raise InvalidValue(f"{text!r} is no time at all; valid: more than 0, as 500ms, 10s, 12m")
    return seconds
