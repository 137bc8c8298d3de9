"""What `calibrate` is asked for, from text."""

from experiment.calibration.spread import FEWEST_CALLS
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s

MOST_CALLS = 1000


def parse_spins_s(text: str) -> tuple[float, ...]:
    """Spins between commas, each once, the shortest first.

    Raises:
        InvalidValue: for what is no time, or no time at all.
    """
    spins_s = tuple(sorted({parse_duration_s(part.strip()) for part in text.split(",")}))
    if spins_s[0] == 0:
        raise InvalidValue(f"{text!r} has a spin of nothing; valid: above 0, as 100ms,500ms,1s")
    return spins_s


def parse_calls(text: str) -> int:
    """How many isolated calls of each kind.

    Raises:
        InvalidValue: for too few to take a median of, or too many.
    """
    if not text.isdecimal() or not FEWEST_CALLS <= int(text) <= MOST_CALLS:
        raise InvalidValue(f"{text!r}; valid: a whole number from {FEWEST_CALLS} to {MOST_CALLS}")
    return int(text)
