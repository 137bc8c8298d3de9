"""Durations and rates as people type them, and back."""

import re
from decimal import Decimal

from shapes.errors import InvalidValue

MAX_RATE_RPS = 1_000_000.0
MAX_SEED = 2**64 - 1
MAX_DURATION_S = 1e9

VALID_DURATION = "valid: a time such as 500ms, 10s, 12m, 1h20m, 1.5s or 90 (seconds)"
VALID_RATE = f"valid: a number of requests per second above 0 and up to {MAX_RATE_RPS:,.0f}"
VALID_SEED = f"valid: a whole number from 0 to {MAX_SEED}"

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_PARTS = re.compile(
    rf"(?:(?P<h>{_NUMBER})h)?(?:(?P<m>{_NUMBER})m)?(?:(?P<s>{_NUMBER})s)?(?:(?P<ms>{_NUMBER})ms)?"
)
_UNIT_S = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "ms": Decimal("0.001")}
_PLAIN_NUMBER = re.compile(_NUMBER)
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def parse_duration_s(text: str) -> float:
    """Seconds of a duration such as "500ms", "12m", "1h20m", "1.5s" or "90" (seconds).

    The double nearest to what was typed, at least 0.

    Raises:
        InvalidValue: for anything else, and beyond `MAX_DURATION_S`.
    """
    seconds = _duration(text.strip())
    if seconds is None or seconds > MAX_DURATION_S:
        raise InvalidValue(f"duration is {text!r}; {VALID_DURATION}")
    return float(seconds)


def _duration(text: str) -> Decimal | None:
    if _PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    parts = _PARTS.fullmatch(text)
    if not text or parts is None:
        return None
    given = {unit: number for unit, number in parts.groupdict().items() if number is not None}
    return sum((Decimal(number) * _UNIT_S[unit] for unit, number in given.items()), Decimal(0))


def format_duration(seconds: float) -> str:
    """The shortest usual text of a duration: "500ms", "12m", "1h20m", "1m1.5s".

    `parse_duration_s(format_duration(x)) == x` for x a whole number of milliseconds;
    anything finer is rounded to the microsecond.

    Raises:
        InvalidValue: when `seconds` is negative, not finite or beyond `MAX_DURATION_S`.
    """
    if not 0 <= seconds <= MAX_DURATION_S:
        raise InvalidValue(f"duration is {seconds!r} s; valid: 0 to {MAX_DURATION_S:,.0f} s")
    exact = round(Decimal(seconds), 6)
    if 0 < exact < 1:
        return f"{_plain(exact * 1000)}ms"
    minutes, rest = divmod(exact, 60)
    hours, minutes = divmod(minutes, 60)
    numbers = {"h": hours, "m": minutes, "s": rest}
    return "".join(f"{_plain(number)}{unit}" for unit, number in numbers.items() if number) or "0s"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_number(text: str) -> float | None:
    """The number that `text` is, or None: no underscores, no "nan", no "inf"."""
    stripped = text.strip()
    return float(stripped) if _FLOAT.fullmatch(stripped) else None


def parse_rate_rps(text: str) -> float:
    """A rate in requests per second: above 0, at most `MAX_RATE_RPS`.

    Raises:
        InvalidValue: for anything else.
    """
    rate = parse_number(text)
    if rate is None or not 0 < rate <= MAX_RATE_RPS:
        raise InvalidValue(f"rate is {text!r}; {VALID_RATE}")
    return rate


def parse_seed(text: str) -> int:
    """A seed: a whole number from 0 to `MAX_SEED`.

    Raises:
        InvalidValue: for anything else.
    """
    stripped = text.strip()
    is_whole = re.fullmatch(r"[0-9]{1,20}", stripped) is not None
    if not is_whole or int(stripped) > MAX_SEED:
        raise InvalidValue(f"seed is {text!r}; {VALID_SEED}")
    return int(stripped)
