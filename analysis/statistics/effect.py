"""How arm B differs from arm A, with a 95 % interval, or the reason why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effect:
    """What pairs of runs say of B beside A.

    Attributes:
        estimate: NaN where the pairs have no finite one.
        low, high: Bounds of the 95 % interval; NaN when suppressed.
        p: Two-sided p-value of "no difference"; NaN when suppressed.
        pairs: How many pairs there are.
        correlation: Of A and B over the pairs: what pairing is worth. NaN below three pairs, or
            where one of them does not vary.
        suppressed: Why no interval is given; '' when one is.
        freedom: Degrees of freedom of the t distribution behind the interval; 0 when suppressed.
    """

    estimate: float
    low: float
    high: float
    p: float
    pairs: int
    correlation: float
    suppressed: str = ""
    freedom: int = 0


class Ratio(Effect):
    """B over A: the geometric mean of the pairs' ratios; its correlation is that of logarithms."""


class Difference(Effect):
    """B minus A: the mean of the pairs' differences."""
