"""Runs on a simulated clock: a plan, its sends with a small lag, its replies, its records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from records.schema import CallRecord
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Schedule
from verdict.conclude import Conclusion, conclude
from verdict.member_summary import MemberSummary
from verdict.run_context import RunContext

Floats = NDArray[np.float64]
SPIN_S = 0.1


def make_plan(  # noqa: PLR0917 - a test reads better with law, rate and duration in order
    law: str = "poisson",
    rate_rps: float = 50.0,
    duration_s: float | None = 60.0,
    seed: int = 1,
    members: tuple[str, ...] = ("a",),
    rates: RateLog | None = None,
    **changes,
) -> Plan:
    log = rates or RateLog((RateSegment(0.0, rate_rps),))
    return Plan("run-1", 1, seed, law, 0.0, log, (MemberChange(0.0, members),), duration_s,
                **changes)  # fmt: skip


def ramp(from_rps: float, to_rps: float, over_s: float) -> RateLog:
    slope = (to_rps - from_rps) / over_s
    return RateLog((RateSegment(0.0, from_rps, slope), RateSegment(over_s, to_rps)))


@dataclass
class SimulatedRun:
    """Arrays over the planned arrivals, to be spoilt before `records` reads them.

    `sent_s` is NaN where an arrival is unsent, `service_s` NaN where a call fails.
    """

    plan: Plan
    k: NDArray[np.int64]
    intended_s: Floats
    sent_s: Floats
    service_s: Floats
    owner: list[str]
    cold: NDArray[np.bool_]
    lost: set[int] = field(default_factory=set)
    """Arrivals of which there is no record at all."""
    failure_class: str = "deadline"

    def sends(self, member: str) -> Iterable[tuple[int, float, float]]:
        for place in np.argsort(self.sent_s, kind="stable"):
            if self.owner[place] == member and not np.isnan(self.sent_s[place]):
                yield int(self.k[place]), float(self.intended_s[place]), float(self.sent_s[place])

    def records(self, member: str | None = None) -> list[CallRecord]:
        places = range(len(self.k))
        rows = [
            self._record(place)
            for place in places
            if place not in self.lost and member in {None, self.owner[place]}
        ]
        return sorted(rows, key=lambda row: row.received_s or 0.0)

    def _record(self, place: int) -> CallRecord:
        intended_s, sent_s = float(self.intended_s[place]), float(self.sent_s[place])
        phase = "warm-up" if intended_s < self.plan.warm_up_s else "measured"
        row = CallRecord(int(self.k[place]), phase, "Spin", self.owner[place], intended_s, None,
                         None, "unsent", failure_class="max-in-flight", spin_s=SPIN_S)  # fmt: skip
        if np.isnan(sent_s):
            return row
        service_s = float(self.service_s[place])
        if np.isnan(service_s):
            row = row._replace(sent_s=sent_s, received_s=sent_s + 1.0)
            return row._replace(
                status="failed", code="DEADLINE_EXCEEDED", failure_class=self.failure_class
            )
        return row._replace(
            sent_s=sent_s, received_s=sent_s + service_s, status="ok", code="OK",
            failure_class=None, instance_id="i", instance_seq=1 if self.cold[place] else 2,
            spin_s=SPIN_S, worker_wall_s=service_s - 0.0008, worker_cpu_s=SPIN_S,
            worker_queue_s=0.0001,
        )  # fmt: skip

    def summaries(self) -> list[MemberSummary]:
        return [self._summary(member) for member in sorted(set(self.owner) | self._members())]

    def _members(self) -> set[str]:
        return {member for change in self.plan.members for member in change.ids}

    def _summary(self, member: str) -> MemberSummary:
        summary = MemberSummary(self.plan, member)
        for send in self.sends(member):
            summary.add_sent(*send)
        for record in self.records(member):
            summary.add(record)
        return summary

    def conclude(self, checks: Sequence = (), folder=None, **context) -> Conclusion:
        facts = replace(RunContext("run-1", members=len(self._members())), **context)
        return conclude(self.plan, self.summaries(), facts, checks, folder)


def simulate(plan: Plan, seed: int = 7, lag_s: float = 0.0003) -> SimulatedRun:
    """A clean run: lags like a quiet machine's (gamma, mean `lag_s`), calls of 101 ms or so."""
    arrivals = Schedule(plan).arrivals(0, 2_000_000)
    random = np.random.default_rng(seed)
    n = len(arrivals.k)
    service_s = SPIN_S + 0.001 + random.exponential(0.0005, n)
    cold = np.zeros(n, np.bool_)
    cold[:1] = True
    return SimulatedRun(
        plan,
        arrivals.k,
        arrivals.intended_s,
        arrivals.intended_s + random.gamma(2.0, lag_s / 2, n),
        service_s,
        [str(owner) for owner in Schedule(plan).owners(arrivals)],
        cold,
    )
