"""What a sweep's file may hold where YAML has only texts and numbers: times, rates, laws, names."""

import re
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from shapes.errors import InvalidValue
from shapes.laws import parse_law
from shapes.quantities import parse_duration_s, parse_rate_rps
from verdict.checks import parse_check

MOST_RATES = 1000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
NAME_LENGTH = 24


def _duration_s(given: object) -> float:
    """Seconds of "500ms", "12m", or of a number of seconds."""
    return parse_duration_s(_text(given))


def _some_duration_s(given: object) -> float:
    seconds = _duration_s(given)
    if seconds == 0:
        raise InvalidValue(f"duration is {given!r}")
    return seconds


def _rate_rps(given: object) -> float:
    return parse_rate_rps(_text(given))


def _law(given: object) -> str:
    return parse_law(_text(given)).text


def _check(given: object) -> str:
    parse_check(_text(given))
    return str(given)


def _name(given: object) -> str:
    if not isinstance(given, str) or len(given) > NAME_LENGTH or not _NAME.fullmatch(given):
        raise InvalidValue(f"name is {given!r}")
    return given


def _rates_rps(given: object) -> object:
    """A list, or the steps from one rate to another, both of them included."""
    if not isinstance(given, dict):
        return given
    if sorted(given) != ["from", "step", "to"]:
        raise InvalidValue("a range has the keys from, to and step")
    low, high, step = (_rate_rps(given[key]) for key in ("from", "to", "step"))
    count = round((high - low) / step) + 1
    if not 1 <= count <= MOST_RATES or abs(low + (count - 1) * step - high) > step * 1e-9:
        raise InvalidValue(f"no whole number of steps of {step:g} from {low:g} to {high:g}")
    return [round(low + n * step, 9) for n in range(count)]


def _text(given: object) -> str:
    """What was typed; a number as YAML reads it is a number still, yes and no are none."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise InvalidValue(f"{given!r} is neither text nor number")
    return given if isinstance(given, str) else f"{given:.10f}".rstrip("0").rstrip(".")


DurationS = Annotated[float, BeforeValidator(_duration_s)]
SomeDurationS = Annotated[float, BeforeValidator(_some_duration_s)]
RateRps = Annotated[float, BeforeValidator(_rate_rps)]
RatesRps = Annotated[tuple[RateRps, ...], BeforeValidator(_rates_rps)]
LawText = Annotated[str, BeforeValidator(_law)]
InitialText = Annotated[str, StringConstraints(pattern=r"^(zero|[1-9]\d{0,3} ready|new-revision)$")]
CheckText = Annotated[str, BeforeValidator(_check)]
Name = Annotated[str, BeforeValidator(_name)]
