"""The run in view as plain values for the page: what is drawn, said and listed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from openloop.conclusion import what_is_run
from openloop.live_board import LiveBoard, LiveRun
from openloop.live_replicas import COLUMNS as POD_COLUMNS
from openloop.live_replicas import activator_spans, how_to_observe, pods_at
from openloop.live_series import Window
from openloop.live_state import MemberState
from verdict.first_screen import headline, render, what_was_run
from verdict.histogram import Histogram
from verdict.replica_view import ReplicaView

COLUMNS = (
    "end_s",
    "offered_rps",
    "sent_rps",
    "ok_rps",
    "failed_rps",
    "unsent_rps",
    "in_flight",
    "latency_p50_s",
    "latency_p90_s",
    "latency_p99_s",
    "lag_p50_s",
    "lag_p99_s",
    *POD_COLUMNS,
)
"""Of a row of the series. A time that is not reached, because so many calls failed, is "never"."""
NEVER = "never"
DIGITS = 5


@dataclass(frozen=True)
class Known:
    """What a page has already of which run.

    Attributes:
        run_id: The run it shows.
        width_s: How wide its windows are.
        from_s: It has the windows that ended before this.
    """

    run_id: str = ""
    width_s: float = 0.0
    from_s: float = 0.0


def page_data(board: LiveBoard, known: Known) -> dict[str, Any]:
    """All that the page asks for at once; rows only from `from_s` on, which 0 makes all of them."""
    run = board.run
    if run is None:
        return {"run": None}
    goes_on = (run.run_id, run.series.width) == (known.run_id, known.width_s)
    from_s = known.from_s if goes_on else 0.0
    seen = run.replicas()
    return {
        "run": _run(board, run),
        "from_s": from_s,
        "now": _now(board, run),
        "columns": COLUMNS,
        "rows": _rows(run, seen, from_s),
        "pods": _pods(run, seen, board.now_s),
        "members": members(board),
        "verdict": verdict(board),
        "first_screen": render(board.conclusion.summary) if board.conclusion else None,
    }


def _run(board: LiveBoard, run: LiveRun) -> dict[str, Any]:
    plan, said = run.active.plan, board.conclusion
    summary = said.summary if said else _not_yet_stopped(run)
    return {
        "id": run.run_id,
        "what": what_was_run(summary),
        "state": state(board),
        "now_s": round(min(board.now_s, plan.end_s) if said else board.now_s, 2),
        "end_s": plain(plan.end_s),
        "warm_up_s": plan.warm_up_s,
        "width_s": run.series.width,
        "folder": str(run.folder),
    }


def _not_yet_stopped(run: LiveRun) -> dict[str, Any]:
    return {"what": what_is_run(run.active), "context": {"stopped_by": None}}


def state(board: LiveBoard) -> str:
    """What the run in view is doing."""
    if board.run is None:
        return "no run"
    if not board.is_under_way:
        return "over"
    if board.now_s < 0:
        return "starting"
    return "sending" if board.now_s < board.run.active.plan.end_s else "draining"


def _now(board: LiveBoard, run: LiveRun) -> dict[str, Any]:
    """The figures beside the charts: rates of the last second, the measured phase so far."""
    whole, measured = run.sums.whole, run.sums.measured
    return {
        "offered_rps": plain(board.offered_rps),
        "in_flight": run.in_flight if board.is_under_way else 0,
        "sent": whole.sent,
        "ok": whole.ok,
        "failed": whole.failed,
        "unfinished": whole.unfinished,
        "unsent": dict(whole.unsent),
        "failures": dict(whole.failures),
        "latency_p50_s": quantile(measured.latency, 0.5),
        "latency_p99_s": quantile(measured.latency, 0.99),
        "lag_p50_s": quantile(measured.lag, 0.5),
        "lag_p99_s": quantile(measured.lag, 0.99),
    }


def _rows(run: LiveRun, seen: ReplicaView | None, from_s: float) -> list[list[Any]]:
    windows = list(run.series.windows(from_s))
    pods = pods_at(seen, [window.start_s + window.width_s for window in windows])
    return [[*row(window, run), *values] for window, values in zip(windows, pods, strict=True)]


def _pods(run: LiveRun, seen: ReplicaView | None, now_s: float) -> dict[str, Any]:
    """What is drawn beside the columns of pods, or how to have it."""
    return {
        "how_to": None if seen else how_to_observe(run.folder),
        "activator": [[plain(a), plain(b)] for a, b in activator_spans(seen, now_s)],
        "gaps": [[plain(a), plain(b)] for a, b in (seen.gaps if seen else ())],
    }


def row(window: Window, run: LiveRun) -> list[float | int | str | None]:
    """A window as `COLUMNS` says, without the pods."""
    amounts, plan = window.amounts, run.active.plan
    from_s = window.start_s
    to_s = from_s + window.width_s
    planned = plan.rates.integral(min(to_s, plan.end_s)) - plan.rates.integral(
        min(from_s, plan.end_s)
    )
    rates = (planned, amounts.sent, amounts.ok, amounts.ended - amounts.ok, amounts.not_sent)
    return [
        to_s,
        *(plain(count / window.width_s) for count in rates),
        window.in_flight,
        *(quantile(amounts.latency, q) for q in (0.5, 0.9, 0.99)),
        *(quantile(amounts.lag, q) for q in (0.5, 0.99)),
    ]


def quantile(histogram: Histogram, q: float) -> float | str | None:
    """A quantile in seconds; "never" when it is not reached, None of nothing."""
    value = histogram.quantile(q)
    return NEVER if value == math.inf else plain(value)


def plain(value: float) -> float | None:
    """To some digits; None for what JSON cannot hold."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def members(board: LiveBoard) -> list[dict[str, Any]]:
    """One row a member, by name."""
    run = board.run
    if run is None:
        return []
    arrivals = run.sums.whole.sent + run.sums.whole.not_sent
    return [_member(board, run, name, arrivals) for name in sorted(run.active.members, key=_order)]


def _order(name: str) -> tuple[int, str]:
    """w2 comes before w10."""
    return len(name), name


def _member(board: LiveBoard, run: LiveRun, name: str, arrivals: int) -> dict[str, Any]:
    told = run.states.get(name)
    offset_s, error_s = board.clocks_s.get(name, (math.nan, math.nan))
    mine = told.whole.sent + told.whole.not_sent if told else 0
    return {
        "member": name,
        "state": _member_state(board, run, name),
        "share": plain(mine / arrivals) if arrivals else None,
        "offset_s": plain(offset_s),
        "error_s": plain(error_s),
        **(_told(told, is_under_way=board.is_under_way) if told else {}),
    }


def _told(told: MemberState, *, is_under_way: bool) -> dict[str, Any]:
    return {
        "sent": told.whole.sent,
        "unsent": told.whole.not_sent,
        "in_flight": told.in_flight if is_under_way else 0,
        "lag_p50_s": quantile(told.measured.lag, 0.5),
        "lag_p99_s": quantile(told.measured.lag, 0.99),
    }


def _member_state(board: LiveBoard, run: LiveRun, name: str) -> str:
    if name in run.active.lost:
        return "lost"
    if name not in run.active.plan.members[-1].ids:
        return "left"
    return state(board)


def verdict(board: LiveBoard) -> dict[str, Any] | None:
    """Level and reasons: as far as can be said now, or as the run ended with."""
    if board.run is None:
        return None
    said = board.conclusion
    if said is None:
        level, findings = board.verdict_so_far().level, board.verdict_so_far().findings
        checks: list[dict[str, Any]] = []
    else:
        level, findings = said.verdict.level, said.verdict.findings
        checks = [
            {"said": check["said"], "passed": check["passed"]} for check in said.summary["checks"]
        ]
    return {
        "level": level,
        "is_final": said is not None,
        "headline": headline(said.summary) if said else f"{level} so far",
        "findings": [
            {"level": one.level, "reason": one.reason, "said": one.said, "remedy": one.remedy}
            for one in findings
        ],
        "checks": checks,
    }
