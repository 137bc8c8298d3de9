"""From isolated calls to the ideal: the median, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiment.calibration.errors import NotCalibrated
from experiment.calibration.isolated import Answer

FEWEST_CALLS = 30
MOST_COMPANY = 0.1
"""Of the calls; with more that found others under way they were not isolated."""


@dataclass(frozen=True)
class Spread:
    """What isolated calls of one kind took.

    Attributes:
        median_s: The ideal.
        low_s, high_s: Quartiles.
        instances: How many answered; 0 where the target does not say.
        contention_s: The median time that a call's work waited for a CPU; 0 where unknown.
    """

    median_s: float
    low_s: float
    high_s: float
    instances: int
    contention_s: float = 0.0

    @property
    def share(self) -> float:
        """The distance of the quartiles as a share of the median."""
        return (self.high_s - self.low_s) / self.median_s


def spread_of(answers: Sequence[Answer]) -> Spread:
    """The spread of isolated calls.

    Raises:
        NotCalibrated: when others called at the same time.
    """
    in_company = sum(answer.under_way > 1 for answer in answers)
    if in_company > MOST_COMPANY * len(answers):
        raise NotCalibrated(
            f"{in_company} of {len(answers)} calls found others under way on their instance:"
            " they are not isolated; valid: a target that nobody else calls"
        )
    low_s, median_s, high_s = np.quantile([one.latency_s for one in answers], (0.25, 0.5, 0.75))
    instances = {one.instance_id for one in answers if one.instance_id}
    contention_s = float(np.median([one.contention_s for one in answers]))
    return Spread(float(median_s), float(low_s), float(high_s), len(instances), contention_s)
