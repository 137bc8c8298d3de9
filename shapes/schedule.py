"""The arrivals of a plan: when each comes and whose it is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shapes.errors import InvalidValue
from shapes.hashing import OWNER_STREAM, hash64
from shapes.laws import parse_law
from shapes.operational_time import MAX_NANO, NANO
from shapes.traces.process import TraceProcess, trace_process
from shapes.unit_process import UnitProcess, unit_process

if TYPE_CHECKING:
    from shapes.plan import Plan

_BEYOND_ALL_K = 2 * MAX_NANO // NANO
_CHUNK = 65_536


@dataclass(frozen=True)
class Arrivals:
    """A run of consecutive arrivals.

    Attributes:
        k: Which they are, int64.
        intended_s: When each is to be sent, float64 seconds from the epoch, never decreasing.
    """

    k: NDArray[np.int64]
    intended_s: NDArray[np.float64]


class Schedule:
    """What a plan says of any stretch of its arrivals, without computing the ones before it.

    All answers are functions of the plan alone. A schedule of a plan's next version has the same
    arrivals before the edit that made it, and finds the unit process where this one left it.
    """

    def __init__(self, plan: "Plan") -> None:
        self.plan = plan
        self._law = parse_law(plan.law)
        self._trace = None if plan.trace is None else trace_process(plan.trace, plan.seed)
        self._process: UnitProcess | TraceProcess = self._trace or unit_process(
            self._law, plan.seed
        )
        self._end_nano = plan.rates.nano_at(plan.end_s)
        self._changes_s = np.array([change.at_s for change in plan.members])

    def arrivals(self, first_k: int, count: int) -> Arrivals:
        """Arrivals first_k .. first_k + count - 1, without those at or after the plan's end.

        Raises:
            ValueError: when `first_k` or `count` is negative.
            InvalidValue: where a plan without an end has run out of countable arrivals.
        """
        if first_k < 0 or count < 0:
            raise ValueError(f"arrivals {first_k} and {count} on; valid: both at least 0")
        nano = self._nano_before_end(first_k, count)
        k = np.arange(first_k, first_k + nano.size, dtype=np.int64)
        return Arrivals(k, self.plan.rates.times_s(nano))

    def spins_s(self, first_k: int, count: int) -> NDArray[np.float64] | None:
        """Seconds of work of these arrivals, NaN where a trace does not say; None without one."""
        return None if self._trace is None else self._trace.spins_s(first_k, count)

    def first_k_at(self, t_s: float) -> int:
        """The first k with intended >= t_s; the number of planned arrivals when there is none."""
        return self.planned_before(t_s)

    def planned_before(self, t_s: float) -> int:
        """The number of arrivals with intended < t_s and before the plan's end.

        Raises:
            ValueError: for t_s = inf when the plan has no end.
        """
        nano = min(self.plan.rates.nano_at(t_s), self._end_nano)
        if nano >= MAX_NANO:
            raise ValueError(
                f"arrivals before {t_s} s cannot be counted; valid: a time, or a plan with an end"
            )
        return self._process.count_before(nano)

    def owners(self, arrivals: Arrivals) -> NDArray[np.object_]:
        """The id of the member that owns each arrival; None where there is no member."""
        owners = np.full(arrivals.k.size, None, dtype=np.object_)
        for here, ids in self._stretches(arrivals):
            owners[here] = np.array(ids, dtype=np.object_)[self._index(arrivals.k[here], len(ids))]
        return owners

    def owned(self, arrivals: Arrivals, member: str) -> NDArray[np.bool_]:
        """Which of the arrivals the member owns."""
        owned = np.zeros(arrivals.k.size, dtype=np.bool_)
        for here, ids in self._stretches(arrivals):
            if member in ids:
                owned[here] = self._index(arrivals.k[here], len(ids)) == ids.index(member)
        return owned

    def _nano_before_end(self, first_k: int, count: int) -> NDArray[np.int64]:
        """Operational times of the arrivals asked for that come before the end."""
        stop_k = min(first_k + count, _BEYOND_ALL_K)
        found = []
        for k in range(first_k, stop_k, _CHUNK):
            wanted = min(_CHUNK, stop_k - k)
            nano = self._process.slice(k, wanted)
            found.append(nano[: np.searchsorted(nano, self._end_nano)])
            if found[-1].size < nano.size:
                self._check_countable()
            if found[-1].size < wanted:
                break
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def _check_countable(self) -> None:
        """Refuse to end where numbers end and the plan does not."""
        if self._end_nano >= MAX_NANO:
            raise InvalidValue(f"plan goes on; valid: at most {MAX_NANO / NANO:.3g} arrivals")

    def _stretches(self, arrivals: Arrivals) -> list[tuple[slice, tuple[str, ...]]]:
        """Slices of the arrivals over which the members stay the same, where there are any."""
        cuts = np.searchsorted(arrivals.intended_s, self._changes_s, side="left").tolist()
        ends = [*cuts[1:], arrivals.k.size]
        return [
            (slice(start, end), change.ids)
            for start, end, change in zip(cuts, ends, self.plan.members, strict=True)
            if start < end and change.ids
        ]

    def _index(self, k: NDArray[np.int64], members: int) -> NDArray[np.int64]:
        """Which of so many members owns k.

        Random laws deal by hash: each member's stream is then a thinned one, and small errors of
        the members' clocks do not show. Equidistant arrivals are dealt in turn: equal shares.
        """
        if not self._law.is_random:
            return k % members
        return (hash64(self.plan.seed, k, OWNER_STREAM) % np.uint64(members)).astype(np.int64)
