"""Numbers as a person reads them."""

import math

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))
_LEAST_S = 1e-9
"""Clocks tell nanoseconds: less is what is left of a difference of floating-point numbers."""


def say_time(seconds: float | None) -> str:
    """Three significant digits and a unit: "104 ms", "1.05 s"; "not known" for None or NaN."""
    if seconds is None or math.isnan(seconds):
        return "not known"
    if math.isinf(seconds):
        return "not reached"
    if abs(seconds) < _LEAST_S:
        return "0 ms"
    size = abs(seconds)
    scale, unit = next((row for row in _UNITS if size >= 0.9995 * row[0]), _UNITS[-1])
    return f"{say_number(seconds / scale)} {unit}"


def say_number(value: float) -> str:
    """Three significant digits, whole numbers in full: "1.04", "0.0317", "12 345"."""
    if not math.isfinite(value):
        return "not reached" if value > 0 else "not known"
    if abs(value) >= 100:  # noqa: PLR2004 - from three digits on, no decimals are left
        return say_count(round(value))
    return f"{value:.3g}"


def say_count(count: int) -> str:
    """A whole number, in groups from five digits on: "9999", "12 345"."""
    return f"{count:,}".replace(",", " ") if abs(count) >= 10_000 else str(count)  # noqa: PLR2004


def say_share(share: float) -> str:
    """A share as per cent: "100 %", "99.94 %", "0.3 %"; never rounded up to 100 nor down to 0."""
    percent = 100 * share
    if percent in {0.0, 100.0}:
        return f"{percent:.0f} %"
    for digits in range(2 if percent < 10 else 3, 9):  # noqa: PLR2004 - one decimal below 10 %
        text = f"{percent:.{digits}g}"
        if float(text) != 100.0:  # noqa: PLR2004 - all is said of all only
            return f"{float(text):.12g} %"
    return f"{percent} %"


def say_many(count: int, noun: str) -> str:
    """A count with its noun: "1 call", "12 calls"."""
    return f"{say_count(count)} {noun}{'' if count == 1 else 's'}"
