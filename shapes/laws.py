"""The laws of arrival: how requests of a unit-rate process are spaced.

`uniform` means equidistant here: the gaps are all equal. Gaps drawn from a uniform distribution
are another law, `uniform-gap`.
"""

import math
from dataclasses import dataclass

from shapes.errors import InvalidValue
from shapes.quantities import parse_number

UNIFORM = "uniform"
POISSON = "poisson"
UNIFORM_GAP = "uniform-gap"
BURSTY = "bursty"
TRACE = "trace"
"""Not a law that can be asked for: the arrivals of a plan that has a trace."""
LAW_NAMES: tuple[str, ...] = (UNIFORM, POISSON, UNIFORM_GAP, BURSTY)

MAX_CV = 100.0
VALID_LAW = (
    "valid: uniform (equidistant), poisson, uniform-gap (gaps drawn from U(0, 2)), "
    f"bursty:CV (gaps with that coefficient of variation, 1 < CV <= {MAX_CV:g})"
)
_FIXED_CV = {UNIFORM: 0.0, POISSON: 1.0, UNIFORM_GAP: 1 / math.sqrt(3), TRACE: 0.0}


@dataclass(frozen=True)
class Law:
    """A law of arrival.

    Attributes:
        name: One of `LAW_NAMES`, or `TRACE`.
        cv: Coefficient of variation of its gaps (standard deviation / mean); of a trace, of what is
            sent around what is planned.
    """

    name: str
    cv: float

    @property
    def text(self) -> str:
        """What `parse_law` reads back as this law: "poisson", "bursty:3"."""
        return self.name if self.name != BURSTY else f"{BURSTY}:{repr(self.cv).removesuffix('.0')}"

    @property
    def is_random(self) -> bool:
        """False for `uniform` alone, whose arrivals no seed changes."""
        return self.name != UNIFORM

    @property
    def has_gap_law(self) -> bool:
        """Whether its gaps are drawn, each from one distribution."""
        return self.name not in {UNIFORM, TRACE}


def parse_law(text: str) -> Law:
    """The law named by `text`: "uniform", "poisson", "uniform-gap", "bursty:CV", or "trace".

    Raises:
        InvalidValue: for any other text, and for a CV outside (1, `MAX_CV`].
    """
    name, colon, cv_text = text.strip().partition(":")
    if not colon and name in _FIXED_CV:
        return Law(name, _FIXED_CV[name])
    cv = parse_number(cv_text)
    if name != BURSTY or cv is None or not 1 < cv <= MAX_CV:
        raise InvalidValue(f"law is {text!r}; {VALID_LAW}")
    return Law(BURSTY, cv)
