"""Repetitions that a set of cells has in common: what is averaged over cells must be of one set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.statistics.repetitions import FEWEST_REPETITIONS


@dataclass(frozen=True)
class Matched:
    """Items that all have the same repetitions.

    Attributes:
        items: Those that are kept.
        repetitions: Those that each of them has.
    """

    items: Sequence[Any]
    repetitions: Sequence[int]

    def values(self, per_item: Mapping[Any, Mapping[int, float]]) -> np.ndarray:
        """One row per item, one column per repetition."""
        rows = [[per_item[item][number] for number in self.repetitions] for item in self.items]
        return np.array(rows, dtype=float).reshape(len(self.items), len(self.repetitions))


def matched(repetitions_of: Mapping[Any, set[int]]) -> Matched:
    """The items and repetitions that use most of the runs.

    A sweep that was interrupted, or lost runs, has not every repetition of every cell. Enough
    repetitions for an interval come before more cells.
    """
    coverage: dict[int, int] = {}
    for numbers in repetitions_of.values():
        for number in numbers:
            coverage[number] = coverage.get(number, 0) + 1
    by_coverage = sorted(coverage, key=lambda number: (-coverage[number], number))
    candidates = [_having(repetitions_of, by_coverage[: n + 1]) for n in range(len(by_coverage))]
    return max(candidates, key=_worth, default=Matched((), ()))


def _having(repetitions_of: Mapping[Any, set[int]], numbers: Sequence[int]) -> Matched:
    wanted = set(numbers)
    kept = [item for item, there in repetitions_of.items() if wanted <= there]
    return Matched(kept, sorted(numbers))


def _worth(candidate: Matched) -> tuple[bool, int]:
    enough = len(candidate.repetitions) >= FEWEST_REPETITIONS and bool(candidate.items)
    return enough, len(candidate.items) * len(candidate.repetitions)
