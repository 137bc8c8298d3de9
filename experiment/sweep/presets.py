"""Sweeps that are ready to be taken: as their files would be."""

from collections.abc import Mapping
from typing import Any

SEED: Mapping[str, Any] = {
    "name": "seed",
    "rates_rps": {"from": 5, "to": 50, "step": 5},
    "laws": ["uniform", "poisson"],
    "spins": [f"{n}00ms" for n in range(1, 11)],
    "duration": "12m",
    "warm_up": "4m",
    "repetitions": 1,
}
"""The grid of the load generator in Go that this project starts from: 200 cells, 40 hours."""

QUICK: Mapping[str, Any] = {
    "name": "quick",
    "rates_rps": [3, 6, 12],
    "laws": ["uniform", "poisson"],
    "spins": ["50ms", "100ms"],
    "duration": "10s",
    "warm_up": "1s",
    "repetitions": 5,
    "cores": 1,
    "pin": "apart",
    "timeout": "5s",
    "overload": "run",
    "checks": ["p99<500ms"],
}
"""Minutes on two cores: from idle to overload on the one core that the worker has.

A run is long enough for its verdict to see a backlog grow, and not longer; five repetitions are
the fewest that have intervals.
"""

PRESETS: Mapping[str, Mapping[str, Any]] = {"seed": SEED, "quick": QUICK}
