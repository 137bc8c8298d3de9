"""The cells of a sweep that is forecast."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from records.sweeps import Arm, Cell

AS_IT_IS = Arm("as-it-is", {})
_HOUR_S = 3600.0


@dataclass(frozen=True)
class Grid:
    """Every rate with every law and spin, under every arm.

    Attributes:
        name: What it is called.
        rates_rps, laws, spins_s: Each in rising or given order, none empty.
        duration_s: Of a run's arrivals.
        warm_up_s: Left out of the results at its begin.
        repetitions: Of each cell, with seeds of their own.
        arms: Settings of the Service; the one that is empty takes it as it is.
    """

    name: str
    rates_rps: tuple[float, ...]
    laws: tuple[str, ...]
    spins_s: tuple[float, ...]
    duration_s: float
    warm_up_s: float
    repetitions: int = 1
    arms: tuple[Arm, ...] = (AS_IT_IS,)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All of them, arms apart."""
        return tuple(
            Cell(rate_rps, law, spin_s)
            for law, spin_s, rate_rps in product(self.laws, self.spins_s, self.rates_rps)
        )

    @property
    def measured_s(self) -> float:
        """Of each run."""
        return self.duration_s - self.warm_up_s

    @property
    def runs(self) -> int:
        """In all."""
        return len(self.cells) * len(self.arms) * self.repetitions

    @property
    def hours(self) -> float:
        """Of load; what passes between two runs is not in it."""
        return self.runs * self.duration_s / _HOUR_S


def settings_of(grid: Grid) -> Mapping[str, Any]:
    """As plain values."""
    return {
        "name": grid.name,
        "rates_rps": list(grid.rates_rps),
        "laws": list(grid.laws),
        "spins_s": list(grid.spins_s),
        "duration_s": grid.duration_s,
        "warm_up_s": grid.warm_up_s,
        "repetitions": grid.repetitions,
        "arms": [arm.name for arm in grid.arms],
        "runs": grid.runs,
        "hours": grid.hours,
    }
