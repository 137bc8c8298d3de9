"""Run folders as the engine leaves them, from a small model of a target instead of a network."""

import heapq
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from records.manifest import Manifest, write_manifest
from records.run_folder import new_run_folder
from records.schema import CallRecord
from records.segments import Ending, write_segment
from records.summary_file import write_summary
from shapes.plan import MemberChange, Plan
from shapes.quantities import format_duration, parse_duration_s
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Schedule
from verdict.conclude import conclude
from verdict.member_summary import MemberSummary
from verdict.run_context import RunContext


@dataclass(frozen=True)
class Target:
    """A first-come-first-served target.

    Attributes:
        cores: Calls it serves at once.
        instances: Names its replies carry, in turn.
        lag_s: Typical lateness of the generator.
        network_s: Typical time on the way.
        contention: Share of the CPU time that is added on average while serving.
        fails_from_s, fails_until_s: Calls intended in between are refused.
        detail: Text of those failures.
        unsent_every: Every so many arrivals one is not sent; 0 for none.
        silent: Its replies say nothing of themselves.
    """

    cores: int = 8
    instances: tuple[str, ...] = ("9f2c1a77", "b0d4e6f8")
    lag_s: float = 0.0002
    network_s: float = 0.0012
    contention: float = 0.01
    fails_from_s: float = math.inf
    fails_until_s: float = math.inf
    detail: str = "connection refused"
    unsent_every: int = 0
    silent: bool = False


HOSTILE = Target(
    instances=("<script>alert('instance')</script>", "$\\frac{", "=cmd()", "実例🔥"),
    fails_from_s=30.0,
    fails_until_s=35.0,
    detail="<script>alert('detail')</script>",
)


def make_plan(
    run_id: str = "run-1",
    *,
    rate_rps: float = 20.0,
    duration_s: float = 60.0,
    warm_up_s: float = 20.0,
    law: str = "poisson",
    spin: str = "100ms",
    seed: int = 7,
    rates: RateLog | None = None,
    members: tuple[str, ...] = ("m0",),
    timeout: str = "5s",
    host: str = "spin.default.example:80",
) -> Plan:
    return Plan(
        run_id=run_id,
        version=1,
        seed=seed,
        law=law,
        epoch_s=0.0,
        rates=rates or RateLog((RateSegment(0.0, rate_rps),)),
        members=(MemberChange(0.0, members),),
        duration_s=duration_s,
        warm_up_s=warm_up_s,
        request={"spin": spin, "grpc_timeout": timeout, "host": host},
    )


def simulate(plan: Plan, target: Target = Target()) -> list[CallRecord]:
    """One record per arrival of the plan, in the order of the arrivals."""
    schedule = Schedule(plan)
    arrivals = schedule.arrivals(0, schedule.planned_before(plan.end_s))
    owners = schedule.owners(arrivals).tolist()
    calls = _Calls(plan, target)
    rows = zip(arrivals.k.tolist(), arrivals.intended_s.tolist(), owners, strict=True)
    return [calls.record(*row) for row in rows]


class _Calls:
    """The target at work: what each arrival becomes, in turn."""

    def __init__(self, plan: Plan, target: Target) -> None:
        self.plan = plan
        self.target = target
        self.rng = np.random.default_rng(plan.seed)
        self.timeout_s = parse_duration_s(str(plan.request["grpc_timeout"]))
        self.spin_s = parse_duration_s(str(plan.request["spin"]))
        self.free_s = [0.0] * target.cores
        self.seen: Counter[str] = Counter()

    def record(self, k: int, intended_s: float, member: str) -> CallRecord:
        target = self.target
        phase = "warm-up" if intended_s < self.plan.warm_up_s else "measured"
        common = (k, phase, "/spin.v1.Spinner/Spin", member, intended_s)
        if target.unsent_every and (k + 1) % target.unsent_every == 0:
            return CallRecord(*common, None, None, "unsent", failure_class="max-in-flight")
        sent_s = intended_s + target.lag_s * self.rng.lognormal(0, 0.5)
        if target.fails_from_s <= intended_s < target.fails_until_s:
            ending = ("failed", "UNAVAILABLE", "refused", target.detail)
            return CallRecord(*common, sent_s, sent_s + 0.003, *ending, spin_s=self.spin_s)
        return self._served(common, k, sent_s)

    def _served(self, common: tuple[object, ...], k: int, sent_s: float) -> CallRecord:
        way_s = self.target.network_s * self.rng.lognormal(0, 0.6)
        starts_s = max(heapq.heappop(self.free_s), sent_s + way_s / 2)
        wall_s = self.spin_s * (1 + self.target.contention * self.rng.exponential())
        heapq.heappush(self.free_s, starts_s + wall_s)
        received_s = starts_s + wall_s + way_s / 2
        if received_s - sent_s > self.timeout_s:
            ending = ("failed", "DEADLINE_EXCEEDED", "deadline", "Deadline Exceeded")
            late_s = sent_s + self.timeout_s
            return CallRecord(*common, sent_s, late_s, *ending, spin_s=self.spin_s)
        told = {} if self.target.silent else self._told(k, starts_s - sent_s - way_s / 2, wall_s)
        return CallRecord(*common, sent_s, received_s, "ok", "OK", spin_s=self.spin_s, **told)

    def _told(self, k: int, queue_s: float, wall_s: float) -> dict[str, object]:
        name = self.target.instances[k % len(self.target.instances)]
        self.seen[name] += 1
        return {
            "instance_id": name,
            "instance_seq": self.seen[name],
            "pod": f"spin-00001-{name[:5]}",
            "worker_queue_s": queue_s,
            "worker_wall_s": wall_s,
            "worker_cpu_s": self.spin_s,
            "throttled_s": 0.0,
        }


def write_run(
    root: Path,
    plan: Plan,
    records: Sequence[CallRecord],
    *,
    finished: bool = True,
    context: RunContext | None = None,
    calibration: dict[str, object] | None = None,
) -> Path:
    """A run folder as the engine leaves it; without its end when `finished` is false."""
    folder = new_run_folder(root, plan.run_id)
    manifest = Manifest(
        run_id=plan.run_id,
        started_unix_s=1_700_000_000.0,
        versions={"locust": "2.47.0"},
        seed=plan.seed,
        plans=[plan.to_dict()],
        members=[{"id": name} for name in plan.members[0].ids],
        host={"cores": 2, "system": "Linux"},
        calibration=calibration,
        finished=finished,
    )
    write_manifest(folder, manifest)
    for name in plan.members[0].ids:
        _write_member(folder, name, [row for row in records if row.member == name], finished)
    if finished:
        write_summary(folder, _summary(folder, plan, records, context or _context(plan)))
    return folder


def _write_member(folder: Path, name: str, rows: Sequence[CallRecord], finished: bool) -> None:
    by_end = sorted(rows, key=lambda row: row.received_s or row.intended_s)
    half = len(by_end) // 2
    write_segment(folder, name, 0, by_end[:half])
    ending = Ending(True, len(by_end), len(by_end)) if finished else None
    write_segment(folder, name, 1, by_end[half:], ending)


def _context(plan: Plan) -> RunContext:
    return RunContext(
        run_id=plan.run_id,
        what={
            "target": plan.request["host"],
            "rate": f"{plan.rates.rate_at(0.0):g} rps",
            "law": plan.law,
            "duration": format_duration(plan.duration_s or 0.0),
            "warm_up": format_duration(plan.warm_up_s),
            "spin": plan.request["spin"],
        },
        generator_cpu=0.2,
        members=len(plan.members[0].ids),
    )


def _summary(
    folder: Path, plan: Plan, records: Sequence[CallRecord], context: RunContext
) -> dict[str, object]:
    members = {name: MemberSummary(plan, name) for name in plan.members[0].ids}
    for row in sorted(records, key=lambda row: row.sent_s or math.inf):
        if row.sent_s is not None:
            members[row.member].add_sent(row.k, row.intended_s, row.sent_s)
    for row in sorted(records, key=lambda row: row.received_s or row.intended_s):
        members[row.member].add(row)
    return conclude(plan, list(members.values()), context, [], folder).summary
