"""What is kept of the times of the sends, to judge their law: bounded, mergeable.

Two views are kept. The gaps in operational time, each turned into its probability under the law
and counted in 1000 bins (so a Kolmogorov-Smirnov distance is known to 0.001). And the arrivals in
bins of 0.1 s, planned and sent, for rates at which no machine paces single gaps truly.

The gap between k and k' is one of the law's when nobody else's arrival lies between them: always
when one member sends alone, and when k' = k + 1 otherwise (who owns an arrival is drawn apart from
its time, so those gaps are a fair sample). Equidistant arrivals need no such choice: a gap is
compared with k' - k. Nor do those of a trace: a gap is compared with the planned one.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapes.laws import TRACE, Law, parse_law
from shapes.rate_log import RateLog
from verdict.arrival_law import (
    gap_cdf,
    kolmogorov_p,
    ks_distance_binned,
    ks_distance_of_two,
)
from verdict.count_bins import CountBins
from verdict.facts import LawFit

FINEST_JUDGED_GAP_S = 0.001
SMALLEST_SAMPLE = 2
_BINS = 1000
_BUFFERED = 256


class SentGaps:
    """Collects sends in the order they were made.

    Args:
        law: The plan's law, as text.
        from_s: Sends planned before it (the warm-up) are left out.
    """

    def __init__(self, law: str, from_s: float = 0.0) -> None:
        self.law: Law = parse_law(law)
        self.from_s = from_s
        self.n = 0
        self.probability_bins: NDArray[np.int64] = np.zeros(_BINS, np.int64)
        self.deviation_sum = 0.0
        self.deviation_squares = 0.0
        self.bins = CountBins()
        self._buffer: list[tuple[int, float, float]] = []
        self._last: tuple[float, float] | None = None

    @property
    def equidistant(self) -> bool:
        """Whether each gap is known: judged by the CV of the gaps around the planned ones."""
        return self.law.cv == 0

    def add(self, k: int, intended_s: float, sent_s: float) -> bool:
        """Note a send; True when enough are buffered that `fold` should be called."""
        if intended_s >= self.from_s:
            self._buffer.append((k, intended_s, sent_s))
        return len(self._buffer) >= _BUFFERED

    def add_many(
        self,
        k: NDArray[np.float64],
        intended_s: NDArray[np.float64],
        sent_s: NDArray[np.float64],
        rates: RateLog,
        *,
        alone: bool,
    ) -> None:
        """Count many sends at once, in their order; what is buffered comes before them."""
        self.fold(rates, alone=alone)
        measured = intended_s >= self.from_s
        if measured.any():
            self.add_ordered(
                k[measured], intended_s[measured], sent_s[measured], rates, alone=alone
            )

    def fold(self, rates: RateLog, *, alone: bool) -> None:
        """Count what is buffered; about 0.1 ms for 256 sends.

        Args:
            rates: The rate log that rules these sends.
            alone: Whether no other member sent in between.
        """
        if not self._buffer:
            return
        rows = np.array(self._buffer, dtype=np.float64).reshape(-1, 3)
        self._buffer.clear()
        self.add_ordered(rows[:, 0], rows[:, 1], rows[:, 2], rates, alone=alone)

    def add_ordered(
        self,
        k: NDArray[np.float64],
        intended_s: NDArray[np.float64],
        sent_s: NDArray[np.float64],
        rates: RateLog,
        *,
        alone: bool,
    ) -> None:
        """Count many sends at once, already in the order they were made."""
        operational = np.asarray(rates.integral(sent_s), dtype=np.float64)
        planned = rates.integral(intended_s) if self.law.name == TRACE else k
        before = (self._last,) if self._last is not None else ()
        all_planned = np.concatenate([[row[0] for row in before], planned])
        all_operational = np.concatenate([[row[1] for row in before], operational])
        self._count_gaps(np.diff(all_planned), np.diff(all_operational), alone=alone)
        self._last = (float(planned[-1]), float(operational[-1]))
        self.bins.add(intended_s, sent_s, rates)

    def _count_gaps(
        self, steps: NDArray[np.float64], gaps: NDArray[np.float64], *, alone: bool
    ) -> None:
        if self.equidistant:
            deviations = gaps - steps
            self.n += len(gaps)
            self.deviation_sum += float(deviations.sum())
            self.deviation_squares += float((deviations**2).sum())
            return
        kept = gaps if alone else gaps[steps == 1]
        places = np.minimum((gap_cdf(self.law, kept) * _BINS).astype(np.int64), _BINS - 1)
        self.n += len(kept)
        self.probability_bins += np.bincount(places, minlength=_BINS)

    def finish(self, rates: RateLog, *, alone: bool) -> None:
        """Count what is buffered and the bins that are still open."""
        self.fold(rates, alone=alone)
        self.bins.finish(rates)

    def merge(self, other: "SentGaps") -> None:
        """Pool another member's sends."""
        self.n += other.n
        self.probability_bins += other.probability_bins
        self.deviation_sum += other.deviation_sum
        self.deviation_squares += other.deviation_squares
        self.bins.merge(other.bins)

    def fit(self, mean_gap_s: float) -> LawFit | None:
        """The distance to the law, on gaps or, below a mean gap of 1 ms, on 0.1-s counts.

        None when there are fewer than two gaps or counts.
        """
        if mean_gap_s < FINEST_JUDGED_GAP_S:
            return self._fit_counts()
        if self.n < SMALLEST_SAMPLE:
            return None
        if self.equidistant:
            mean = self.deviation_sum / self.n
            variance = max(self.deviation_squares / self.n - mean**2, 0.0)
            return LawFit(self._text, "gaps", "CV", math.sqrt(variance), None, self.n)
        distance = ks_distance_binned(self.probability_bins)
        return LawFit(self._text, "gaps", "D", distance, kolmogorov_p(distance, self.n), self.n)

    def _fit_counts(self) -> LawFit | None:
        bins = self.bins
        if bins.n < SMALLEST_SAMPLE:
            return None
        if self.equidistant:
            return LawFit(self._text, "0.1-s counts", "CV", bins.dispersion, None, bins.n)
        distance = ks_distance_of_two(bins.planned, bins.sent)
        p_value = kolmogorov_p(distance, bins.n)
        return LawFit(self._text, "0.1-s counts", "D", distance, p_value, bins.n)

    @property
    def _text(self) -> str:
        return self.law.text

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a message; call `finish` before."""
        return {
            "law": self._text,
            "from_s": self.from_s,
            "n": self.n,
            "probability_bins": self.probability_bins.tolist() if not self.equidistant else [],
            "deviation_sum": self.deviation_sum,
            "deviation_squares": self.deviation_squares,
            "bins": self.bins.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "SentGaps":
        """The counts that `to_dict` described."""
        gaps = cls(values["law"], values["from_s"])
        gaps.n = values["n"]
        if values["probability_bins"]:
            gaps.probability_bins = np.array(values["probability_bins"], dtype=np.int64)
        gaps.deviation_sum = values["deviation_sum"]
        gaps.deviation_squares = values["deviation_squares"]
        gaps.bins = CountBins.from_dict(values["bins"])
        return gaps
