"""How often something was true, beside how often it should be."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.statistics.effect import Effect
from analysis.statistics.interval import Interval


@dataclass(frozen=True)
class Counted:
    """Hits among trials; `given` says in what share of all trials there was something to judge."""

    hits: int
    trials: int
    given: float = 1.0

    @property
    def share(self) -> float:
        """Share of hits; NaN without trials."""
        return self.hits / self.trials if self.trials else float("nan")

    @property
    def bounds(self) -> tuple[float, float]:
        """Exact 95 % interval of the share (Clopper and Pearson 1934)."""
        if not self.trials:
            return 0.0, 1.0
        found = stats.binomtest(self.hits, self.trials).proportion_ci(0.95, "exact")
        return float(found.low), float(found.high)

    def could_be(self, low: float, high: float) -> bool:
        """Whether a true share from `low` to `high` goes with what was counted."""
        return self.bounds[0] <= high and self.bounds[1] >= low

    def __str__(self) -> str:
        if not self.trials:
            return "never given"
        low, high = self.bounds
        printed = "" if self.given == 1 else f", given in {self.given:.0%}"
        return f"{self.share:.1%} ({low:.1%} to {high:.1%}{printed})"


def covered(intervals: Iterable[Interval | Effect], truth: float) -> Counted:
    """How many of the intervals that are given hold the truth."""
    everything = list(intervals)
    given = [found for found in everything if not found.suppressed]
    hits = sum(found.low <= truth <= found.high for found in given)
    return Counted(hits, len(given), len(given) / len(everything))


def found_more(effects: Iterable[Effect], no_effect: float) -> Counted:
    """How many intervals lie wholly above what stands for no effect."""
    everything = list(effects)
    return Counted(sum(effect.low > no_effect for effect in everything), len(everything))


def in_groups(values: np.ndarray, size: int) -> np.ndarray:
    """The values in rows of `size`; what is left over is left out."""
    return np.asarray(values[: len(values) // size * size].reshape(-1, size))
