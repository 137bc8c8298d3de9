"""Facts of a clean run and the summary of one, to be changed by a test in one place."""

import copy
from dataclasses import replace
from typing import Any

from verdict.facts import Counts, InstanceShare, LawFit, Overload, RunFacts, Steadiness
from verdict.run_context import RunContext

CLEAN_COUNTS = Counts(planned=10_000, sent=10_000, unsent=0, ok=10_000, failed=0, unfinished=0)
POISSON_FIT = LawFit("poisson", "gaps", "D", 0.01, 0.6, 9_999)
EQUIDISTANT_FIT = LawFit("uniform", "gaps", "CV", 0.01, None, 9_999)

CLEAN_FACTS = RunFacts(
    context=RunContext("run-1", generator_cpu=0.2, ideal_s=0.1, ideal_source="the requested spin"),
    whole=CLEAN_COUNTS,
    measured=CLEAN_COUNTS,
    unsent_by_reason={},
    repeated=0,
    lag_p99_s=0.0005,
    lag_limit_s=0.005,
    stall_s=0.1,
    stalled_share=0.0,
    mean_gap_s=0.02,
    law=POISSON_FIT,
    littles_residual=0.0,
    steadiness=Steadiness(),
    overload=Overload("stable", "", 0.0),
    instances=InstanceShare(1, 1.0, 0.0),
)


def facts(**changes: Any) -> RunFacts:
    """A clean run's facts but for what is named."""
    return replace(CLEAN_FACTS, **changes)


def facts_in(**changes: Any) -> RunFacts:
    """A clean run's facts but for its context."""
    return replace(CLEAN_FACTS, context=replace(CLEAN_FACTS.context, **changes))


def unsent(count: int, planned: int = 10_000) -> Counts:
    """A phase in which some of the planned arrivals were not sent."""
    sent = planned - count
    return Counts(planned, sent, count, ok=sent, failed=0, unfinished=0)


_LATENCY = {
    "p50": 0.1012, "p90": 0.102, "p95": 0.1025, "p99": 0.104, "p999": 0.11, "mean": 0.1013,
    "max": 0.11,
}  # fmt: skip
_COUNTS = {"planned": 600, "sent": 600, "unsent": 0, "ok": 600, "failed": 0, "unfinished": 0}
_SUMMARY: dict[str, Any] = {
    "summary_version": 1,
    "run_id": "run-1",
    "what": {
        "target": "localhost:50052", "rate": "10 rps", "law": "poisson", "duration": "1m",
        "spin": "100ms",
    },
    "context": {"stopped_by": None, "pods": None, "members": 1, "clock_error_s": 0.0},
    "verdict": {"level": "VALID", "findings": []},
    "checks": [],
    "counts": {"all": _COUNTS, "measured": _COUNTS},
    "unsent_by_reason": {},
    "failures": {"by_class": {}, "by_code": {}},
    "success": 1.0,
    "cold": {"first_on_instance": 1, "share": 1 / 600},
    "instances": {"count": 1, "top_share": 1.0, "replies": {"i": 600}},
    "latency_s": _LATENCY,
    "service_s": _LATENCY,
    "lag_s": {**dict.fromkeys(_LATENCY, 0.0002), "p99": 0.0004},
    "lag_limit_s": 0.005,
    "slowdown": {
        **{key: value / 0.1 for key, value in _LATENCY.items()},
        "ideal_s": 0.1, "ideal_source": "the requested spin",
    },
    "parts_s": {
        "lag": 0.0002, "network_and_queue": 0.0008, "contention": 0.0003, "cpu": 0.1,
        "worker_queue": 0.0002, "calls": 600,
    },
    "sent_rps": 10.0,
    "ok_rps": 10.0,
    "law": {
        "law": "poisson", "judged_on": "gaps", "measure": "D", "distance": 0.02, "p_value": 0.9,
        "n": 599,
    },
    "overload": {"level": "stable", "why": "", "backlog_rps": 0.0},
    "steadiness": {"change": 0.0, "settled_s": None, "why_not_judged": None},
}  # fmt: skip

LAG_FINDING = {
    "reason": "lag", "level": "SUSPECT", "said": "lag p99 9 ms, limit 5 ms",
    "remedy": "give the generator a core of its own", "value": 1.8,
}  # fmt: skip


def summary(**changes: Any) -> dict[str, Any]:
    """The summary of a clean run but for what is named (whole blocks)."""
    return {**copy.deepcopy(_SUMMARY), **changes}


def summary_of_failing(share: float) -> dict[str, Any]:
    """The summary of a run in which that share of the calls failed, more than 1 %."""
    failed = round(600 * share)
    counts = {**_COUNTS, "ok": 600 - failed, "failed": failed}
    latency: dict[str, float | None] = {**_LATENCY, "p99": None, "p999": None, "mean": None}
    if share > 0.5:
        latency = dict.fromkeys(_LATENCY)
    return summary(
        counts={"all": counts, "measured": counts},
        success=1 - share,
        latency_s=latency,
        slowdown={**latency, "ideal_s": 0.1, "ideal_source": "the requested spin"},
        failures={"by_class": {"refused": failed}, "by_code": {"UNAVAILABLE": failed}},
        overload={"level": "censored", "why": "calls failed", "backlog_rps": 0.0},
    )
