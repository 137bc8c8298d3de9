"""Numbers, durations and sizes as people type them."""

import re

from worker.errors import BadValue

US_PER_UNIT = {"us": 1, "ms": 1_000, "s": 1_000_000, "m": 60_000_000}
BYTES_PER_UNIT = {"": 1, "B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
NUMBER_AND_UNIT = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?)([A-Za-z]*)", re.ASCII)
INTEGER = re.compile(r"[0-9]{1,18}", re.ASCII)


def parse_integer(text: str, least: int, most: int) -> int:
    """A whole number.

    Raises:
        BadValue: for any other text, or outside `least` to `most`.
    """
    if INTEGER.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise BadValue(f"{text!r} is not valid; valid: a whole number, {least} to {most}")


def parse_duration_us(text: str, most_us: int) -> int:
    """Microseconds from "250us", "100ms", "10s" or "1.5m".

    Raises:
        BadValue: for any other text, or more than `most_us`.
    """
    us = _scaled(text, US_PER_UNIT)
    if us is not None and us <= most_us:
        return us
    most_s = most_us // US_PER_UNIT["s"]
    raise BadValue(f"{text!r} is not valid; valid: a time in us, ms, s or m, as 10s, to {most_s}s")


def parse_bytes(text: str, most_bytes: int) -> int:
    """Bytes from "4096", "64KiB" or "4MiB".

    Raises:
        BadValue: for any other text, or more than `most_bytes`.
    """
    size = _scaled(text, BYTES_PER_UNIT)
    if size is not None and size <= most_bytes:
        return size
    valid = f"bytes, or a number with KiB, MiB or GiB, to {most_bytes} bytes"
    raise BadValue(f"{text!r} is not valid; valid: {valid}")


def _scaled(text: str, factors: dict[str, int]) -> int | None:
    match = NUMBER_AND_UNIT.fullmatch(text)
    if match is None or match[2] not in factors:
        return None
    return round(float(match[1]) * factors[match[2]])
