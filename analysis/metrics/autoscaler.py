"""What an autoscaler did with its pods, in numbers: each from the steps that an observer saw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from verdict.steps import Steps

RatesBetween = Callable[[np.ndarray], np.ndarray]
Needed = Callable[[np.ndarray], np.ndarray]
_GRID_S = 0.1
_RATE_DIGITS = 6


def times_to_ready(ready: Steps, from_s: float, to_s: float) -> pd.DataFrame:
    """When the n-th pod was ready for the first time: so many were ready at once.

    Returns:
        Columns `n` (from 1 to the most there were) and `after_s`, seconds from `from_s`; 0 where
        they were ready before.
    """
    lengths_s, values = ready.cut(from_s, to_s)
    starts_s = np.cumsum(lengths_s) - lengths_s
    most = int(np.nanmax(values, initial=0))
    after_s = [float(starts_s[np.argmax(values >= n)]) for n in range(1, most + 1)]
    return pd.DataFrame({"n": range(1, most + 1), "after_s": after_s})


def panic_entries(panics: Sequence[tuple[float, bool]]) -> int:
    """How often panic began; one that lasted when the watch began counts."""
    states = [False, *(on for _, on in panics)]
    return sum(now and not before for before, now in pairwise(states))


@dataclass(frozen=True)
class Oscillation:
    """How often and how far a number of pods went back on itself.

    Attributes:
        turns: Changes of direction: up after down, or down after up.
        pods: Pods that were taken away to be added again or the other way round: half of what all
            changes add up to beyond the change from first to last.
    """

    turns: int
    pods: float


def oscillation(steps: Steps, from_s: float, to_s: float) -> Oscillation:
    """The oscillation of the steps in [from, to)."""
    _, values = steps.cut(from_s, to_s)
    changes = np.diff(values[~np.isnan(values)])
    moves = changes[changes != 0]
    turns = int((np.sign(moves[1:]) != np.sign(moves[:-1])).sum())
    return Oscillation(turns, float(np.abs(moves).sum() - abs(moves.sum())) / 2)


@dataclass(frozen=True)
class Provisioning:
    """Ready pods against needed ones.

    Attributes:
        under_s, over_s: Replica-seconds that were missing and that were more than needed; >= 0.
        short_s: For how long some were missing.
    """

    under_s: float
    over_s: float
    short_s: float


def provisioning(
    ready: Steps, rates_between: RatesBetween, needed: Needed, from_s: float, to_s: float
) -> Provisioning:
    """Ready pods, known throughout, against the pods that the offered rate asks for in [from, to).

    `rates_between` gives the mean offered rate between neighbours of an array of times, `needed`
    the pods that each of an array of rates asks for. A rate that changes is taken as its mean over
    each 0.1 s.
    """
    inside = ready.at_s[(ready.at_s > from_s) & (ready.at_s < to_s)]
    grid = np.linspace(from_s, to_s, max(round((to_s - from_s) / _GRID_S), 1) + 1)
    edges = np.unique(np.concatenate([grid, inside]))
    missing = needed(np.round(rates_between(edges), _RATE_DIGITS)) - ready.at(edges[:-1])
    lengths_s = np.diff(edges)
    return Provisioning(
        under_s=float(missing.clip(min=0) @ lengths_s),
        over_s=float((-missing).clip(min=0) @ lengths_s),
        short_s=float((missing > 0) @ lengths_s),
    )
