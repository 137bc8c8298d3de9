"""What clocks that disagree do to one arrival process dealt to several members: by simulation.

The plan's arrivals are dealt to its members by a rule, each member's clock is off by a draw from
the normal law, and what the server would see is all members' sendings in order. Nothing is sent.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from bench.peers import gaps
from bench.peers.plan import Trial
from bench.peers.rows import Row
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog
from shapes.schedule import Arrivals, Schedule

MODE = "skew"
MEMBERS = tuple(f"member-{number}" for number in range(4))
RATES_RPS = (50.0, 500.0, 2000.0)
IN_TURN, IN_BLOCKS = "k mod W", "blocks of 1 s"
SKEWS_MS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_ARRIVALS_AT_LEAST, _LASTS_AT_LEAST_S = 4000, 8.0
_DRAWS = 20
_BLOCK_S = 1.0
_MS_PER_S = 1e3
_LASTS_S = 3.0

Deal = Callable[[Schedule, Arrivals], np.ndarray]
"""The number of the member that sends each arrival."""


def skew_trial() -> Trial:
    """All rates, laws, rules and skews; seconds of CPU."""
    return Trial(MODE, "dealing to members", 1, None, "", _LASTS_S, lambda: list(_rows()))


def _rows() -> Iterator[Row]:
    for rate_rps in RATES_RPS:
        for law in ("uniform", "poisson"):
            schedule = planned(rate_rps, law)
            arrivals = schedule.arrivals(0, schedule.planned_before(math.inf))
            for rule, deal in RULES[law].items():
                members = deal(schedule, arrivals)
                for skew_ms in SKEWS_MS:
                    values = seen(arrivals.intended_s, members, skew_ms / _MS_PER_S, rate_rps)
                    about = (MODE, rule, 1, rate_rps, law)
                    yield Row(*about, {"skew_ms": skew_ms, **values})


def planned(rate_rps: float, law: str) -> Schedule:
    """The schedule of a plan at one rate with its members."""
    return Schedule(
        Plan(
            run_id="skew",
            version=0,
            seed=1,
            law=law,
            epoch_s=0.0,
            rates=RateLog.from_list([[0.0, rate_rps, 0.0]]),
            members=(MemberChange(0.0, MEMBERS),),
            duration_s=max(_LASTS_AT_LEAST_S, _ARRIVALS_AT_LEAST / rate_rps),
        )
    )


def seen(
    intended_s: np.ndarray, members: np.ndarray, skew_s: float, rate_rps: float
) -> Mapping[str, float]:
    """CV of the merged gaps, and their distance to the exponential law: means over draws.

    Args:
        intended_s: When each arrival is due.
        members: The number of the member that sends it.
        skew_s: Standard deviation of the members' clocks.
        rate_rps: Of all.
    """
    found = []
    for seed in range(_DRAWS):
        offsets_s = np.random.default_rng(seed).normal(0.0, skew_s, len(MEMBERS))
        between_s = np.diff(np.sort(intended_s + offsets_s[members]))
        distance = gaps.exponential_distance(between_s, rate_rps)
        found.append((gaps.variation(between_s), distance))
    cv, ks = np.mean(found, axis=0)
    return {"cv": float(cv), "ks": float(ks)}


def as_here(schedule: Schedule, arrivals: Arrivals) -> np.ndarray:
    """The project's own rule: equidistant arrivals in turn, random ones by a hash of k."""
    numbers = {name: number for number, name in enumerate(MEMBERS)}
    owners: Sequence[str] = schedule.owners(arrivals).tolist()
    return np.array([numbers[owner] for owner in owners])


def in_turn(_schedule: Schedule, arrivals: Arrivals) -> np.ndarray:
    """Arrival k to member k mod W, whatever the law."""
    return arrivals.k % len(MEMBERS)


def in_blocks(_schedule: Schedule, arrivals: Arrivals) -> np.ndarray:
    """Seconds in turn: only the edges of a block feel that clocks disagree."""
    return (arrivals.intended_s // _BLOCK_S).astype(np.int64) % len(MEMBERS)


RULES: Mapping[str, Mapping[str, Deal]] = {
    "uniform": {"k mod W (as here)": as_here, IN_BLOCKS: in_blocks},
    "poisson": {
        "hash of k mod W (as here)": as_here,
        IN_TURN: in_turn,
        IN_BLOCKS: in_blocks,
    },
}
