"""A few cells one by one, for a reader who wants to see what the claims are made of."""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.statistics.repetitions import repetitions_interval
from analysis.sweep.laws import POISSON, UNIFORM
from experiment.claims.markdown import table
from experiment.claims.systems import SCALED, System
from verdict.wording import say_share

SHOWN = ((5.0, 0.1), (10.0, 0.1), (20.0, 0.3), (20.0, 0.5), (30.0, 0.5), (50.0, 1.0))
"""Rates and spins: from a load of half a core to fifty."""
_LIKE_IT = 5e-4


def cell_table(runs: pd.DataFrame, systems: Sequence[System]) -> list[str]:
    """One row for each system and cell."""
    rows = []
    for system in systems:
        own = runs[runs["arm"].eq(system.name)]
        for rate_rps, spin_s in SHOWN:
            cell = own[own["rate_rps"].eq(rate_rps) & own["spin_s"].eq(spin_s)]
            if len(cell):
                rows.append(_row(system, cell))
    return table(("system", "rps x spin", "load", "uniform", "Poisson", "pods, Poisson"), rows)


def _row(system: System, cell: pd.DataFrame) -> tuple[str, ...]:
    first = cell.iloc[0]
    sides = [cell[cell["law"].eq(law)] for law in (UNIFORM, POISSON)]
    pods = f"{sides[1]['pods'].mean():.1f}" if system.kind == SCALED else "fixed"
    where = f"{first['rate_rps']:g} x {first['spin']}"
    return (system.words, where, f"{first['load']:g}", *map(_slowdown, sides), pods)


def _slowdown(side: pd.DataFrame) -> str:
    """The mean and its interval over repetitions, or how many calls fail."""
    values = side["slowdown_mean"].to_numpy(dtype=float)
    mean = float(values.mean())
    if not math.isfinite(mean):
        return f"{say_share(1 - side['ok'].sum() / side['sent'].sum())} fail"
    interval = repetitions_interval(values)
    if interval.suppressed or interval.high - interval.low < _LIKE_IT:
        return f"{mean:.3f}"
    return f"{mean:.3f} ({interval.low:.3f} to {interval.high:.3f})"
