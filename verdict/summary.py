"""The content of `summary.json`: everything the first screen, a report or a test file needs.

Times are in seconds. In `latency_s`, `service_s` and `slowdown` null means +inf: so many calls
failed or did not finish that the quantile (or the mean) is not reached. The blocks themselves are
null when nothing was sent.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from records.summary_file import SUMMARY_VERSION, VERSION_KEY
from shapes.plan import Plan
from verdict.checks import QUANTILES, Check, evaluate
from verdict.facts import RunFacts
from verdict.gather import ideal_of
from verdict.histogram import Histogram
from verdict.judge import Verdict
from verdict.limits import LIMITS
from verdict.phase import measured_bounds_s, whole_windows
from verdict.run_summary import RunSummary
from verdict.tally import Tally
from verdict.windows import Windows

INSTANCES_SHOWN = 20


def build_summary(
    plan: Plan,
    totals: RunSummary,
    facts: RunFacts,
    verdict: Verdict,
    checks: Sequence[Check],
) -> dict[str, Any]:
    """Plain values that JSON holds."""
    summary = {
        VERSION_KEY: SUMMARY_VERSION,
        "run_id": facts.context.run_id,
        "what": dict(facts.context.what),
        "plan": {"version": plan.version, "law": plan.law, "seed": plan.seed},
        "context": _context(facts),
        "verdict": _verdict(verdict),
        **_outcomes(totals, facts),
        **_latencies(totals, facts),
        **_rates(plan, totals, facts),
        "law": asdict(facts.law) if facts.law else None,
        "overload": asdict(facts.overload),
        "steadiness": asdict(facts.steadiness),
        "littles_residual": facts.littles_residual,
        "series": series(totals.windows),
        "histograms": {
            "latency": totals.measured.latency.to_dict(),
            "lag": totals.measured.lag.to_dict(),
        },
    }
    summary["checks"] = [
        {**asdict(result), "measured": finite_or_none(result.measured)}
        for result in evaluate(checks, summary)
    ]
    return summary


def _context(facts: RunFacts) -> dict[str, Any]:
    values = asdict(facts.context)
    return {key: value for key, value in values.items() if key not in {"run_id", "what"}}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "level": verdict.level,
        "findings": [
            {
                **asdict(finding),
                "value": finite_or_none(finding.value),
                "suspect_limit": LIMITS[finding.reason].suspect,
                "invalid_limit": LIMITS[finding.reason].invalid,
            }
            for finding in verdict.findings
        ],
    }


def _outcomes(totals: RunSummary, facts: RunFacts) -> dict[str, Any]:
    measured = totals.measured
    ok = facts.measured.ok
    instances = sorted(measured.instances.seen.items(), key=lambda item: -item[1][0])
    return {
        "counts": {"all": asdict(facts.whole), "measured": asdict(facts.measured)},
        "repeated": facts.repeated,
        "unsent_by_reason": facts.unsent_by_reason,
        "failures": {
            "by_class": dict(measured.failure_classes),
            "by_code": dict(measured.failure_codes),
        },
        "success": ok / facts.measured.sent if facts.measured.sent else None,
        "cold": {
            "first_on_instance": measured.first_on_instance,
            "share": measured.first_on_instance / ok if ok else 0.0,
        },
        "instances": {
            "count": facts.instances.instances,
            "top_share": facts.instances.top_share,
            "replies": {name: int(row[0]) for name, row in instances[:INSTANCES_SHOWN]},
        },
    }


def _latencies(totals: RunSummary, facts: RunFacts) -> dict[str, Any]:
    measured = totals.measured
    ideal_s, source = ideal_of(totals, facts.context)
    latency = quantiles(measured.latency)
    slowdown: dict[str, Any] | None = None
    if ideal_s and latency is not None:
        slowdown = {key: None if v is None else v / ideal_s for key, v in latency.items()}
        slowdown |= {"ideal_s": ideal_s, "ideal_source": source}
    return {
        "latency_s": latency,
        "service_s": quantiles(measured.service),
        "lag_s": quantiles(measured.lag),
        "lag_limit_s": facts.lag_limit_s,
        "slowdown": slowdown,
        "parts_s": parts(measured),
    }


def _rates(plan: Plan, totals: RunSummary, facts: RunFacts) -> dict[str, Any]:
    from_s, to_s = measured_bounds_s(plan, totals.windows)
    length_s = to_s - from_s
    return {
        "measured_s": [from_s, to_s],
        "sent_rps": facts.measured.sent / length_s if length_s > 0 else 0.0,
        "ok_rps": _ok_rps(totals.windows, whole_windows(totals.windows, from_s, to_s)),
    }


def _ok_rps(windows: Windows, measured: slice) -> float | None:
    """Successful replies a second, by the time of the reply: what the target got done meanwhile."""
    ok_ends = windows.column("ok_ends")[measured]
    return float(ok_ends.mean() / windows.width_s) if len(ok_ends) else None


def quantiles(histogram: Histogram) -> dict[str, float | None] | None:
    """Quantiles, mean and maximum; null for +inf; None when the histogram is empty."""
    if not histogram.total:
        return None
    values = {name: histogram.quantile(q) for name, q in QUANTILES.items()}
    values["mean"] = histogram.mean_s
    values["max"] = histogram.quantile(1.0)
    return {name: finite_or_none(value) for name, value in values.items()}


def parts(tally: Tally) -> dict[str, float] | None:
    """Mean time a successful call spent in each part; None when no worker said."""
    calls = tally.parts.calls
    if not calls:
        return None
    sums = tally.parts.to_dict()
    means = {name.removesuffix("_s"): sums[name] / calls for name in sums if name != "calls"}
    return {**means, "calls": calls}


def series(windows: Windows) -> dict[str, Any]:
    """The run over time; by intended time but for `in_flight`, which is at a window's end."""
    in_flight = (windows.column("sends") - windows.column("ends")).cumsum()
    return {
        "width_s": windows.width_s,
        "sent": windows.column("planned_sent").astype(int).tolist(),
        "not_ok": windows.column("not_ok").astype(int).tolist(),
        "ended": windows.column("waited").astype(int).tolist(),
        "ended_latency_sum_s": windows.column("waited_s").tolist(),
        "in_flight": in_flight.astype(int).tolist(),
    }


def finite_or_none(value: float | None) -> float | None:
    """JSON has no infinity."""
    return value if value is not None and math.isfinite(value) else None
