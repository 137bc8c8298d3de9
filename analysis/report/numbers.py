"""The numbers of one run as tables: what was measured, how sure that is."""

import numpy as np
import pandas as pd

from analysis.dataset import RunData
from analysis.metrics.calls import by_intended_time, count_by_status, sent_latencies_s
from analysis.metrics.latency import HEADLINE_QUANTILES, Mean, mean_latency, percentiles
from analysis.metrics.slo import WINDOW_S, is_windowed, slo_violation
from analysis.metrics.slowdown import mean_slowdown, sent_slowdowns
from analysis.statistics.batches import (
    BATCHES,
    NEAR_SATURATION,
    is_near_saturation,
    mean_latency_interval,
)
from analysis.statistics.interval import Interval, no_interval
from analysis.statistics.shares import success_interval
from analysis.statistics.warm_up import warm_up_of
from verdict.checks import Check, parse_check
from verdict.wording import say_count, say_many, say_number, say_share, say_time

Rows = list[tuple[str, str, str]]
_NO_LATENCY = ("latency", "none", "no call was answered well")
_ROUNDING = 1e-9
_SATURATED = {"marginal", "overload", "censored"}


def measured_numbers(run: RunData) -> pd.DataFrame:
    """The run's numbers of the measured phase in words.

    Returns:
        Columns `quantity`, `value`, `how_sure`. No latency for an INVALID run.
    """
    rows = _success(run)
    if run.usable:
        answered = run.measured["status"].eq("ok").any()
        rows += [*_latency(run), *_slowdown(run), *_warm_up(run)] if answered else [_NO_LATENCY]
        rows += _promises(run)
    return pd.DataFrame(rows, columns=["quantity", "value", "how_sure"])


def _success(run: RunData) -> Rows:
    counts = count_by_status(run.measured)
    if not counts["sent"]:
        return [("success", "nothing was sent", "")]
    ordered = by_intended_time(run.measured)
    interval = success_interval(
        ordered.loc[ordered["status"].ne("unsent"), "status"].eq("ok").to_numpy()
    )
    share = say_share(counts["ok"] / counts["sent"])
    value = f"{share} ({say_count(counts['ok'])} of {say_count(counts['sent'])} sent)"
    if _is_saturated(run):
        return [("success", value, f"no interval: {NEAR_SATURATION}")]
    return [("success", value, _say_success(interval))]


def _is_saturated(run: RunData) -> bool:
    """Failures of a queue near saturation come in bursts that one run sees too few of."""
    latencies_s = sent_latencies_s(run.measured)
    return is_near_saturation(latencies_s, run.end_s - run.plan.warm_up_s)


def _say_success(interval: Interval) -> str:
    if interval.high == 1.0 and interval.low > 0.0:
        return f"no failure: 95 % sure of {say_share(interval.low)} or more (rule of three)"
    return (
        f"95 % Wilson interval {say_share(interval.low)} to {say_share(interval.high)},"
        f" worth {say_count(round(interval.effective_n))} independent calls"
    )


def _latency(run: RunData) -> Rows:
    latencies_s = sent_latencies_s(run.measured)
    table = percentiles(latencies_s, HEADLINE_QUANTILES)
    return [
        _mean_row(run, latencies_s),
        *(
            (f"latency p{q * 100:g}", say_time(value_s), _say_tail(q, value_s, len(latencies_s)))
            for q, value_s in zip(table["quantile"], table["latency_s"], strict=True)
        ),
    ]


def _say_tail(quantile: float, value_s: float, n: int) -> str:
    if np.isinf(value_s):
        return "so many calls failed or did not finish"
    beyond = int(np.floor(n * (1 - quantile) + 1e-9))
    calls = f"{say_many(beyond, 'call')} beyond it"
    return f"{calls}; no interval from one run" if beyond >= 10 else f"{calls}: too few to trust"  # noqa: PLR2004 - rule of thumb


def _mean_row(run: RunData, latencies_s: np.ndarray) -> tuple[str, str, str]:
    mean = mean_latency(latencies_s, run.deadline_s)
    if mean.bound_s is not None:
        return (
            _say_restricted("latency", mean),
            f"at least {say_time(mean.value)}",
            f"{say_count(mean.censored)} calls never came back well: no mean exists",
        )
    return "latency mean", say_time(mean.value), say_interval(mean_interval(run, latencies_s))


def _say_restricted(what: str, mean: Mean) -> str:
    return f"{what} restricted mean, each call counted up to {say_time(mean.bound_s)}"


def mean_interval(run: RunData, latencies_s: np.ndarray) -> Interval:
    """The interval of one run's mean latency; suppressed where the target was near saturation."""
    overload = run.summary["overload"]["level"]
    if overload in _SATURATED:
        return no_interval(f"the target was {overload}: one run's interval would be far too narrow")
    return mean_latency_interval(latencies_s, run.end_s - run.plan.warm_up_s)


def say_interval(interval: Interval) -> str:
    """A 95 % interval of a latency, or why there is none."""
    if interval.suppressed:
        return f"no interval: {interval.suppressed}"
    return (
        f"95 % interval {say_time(interval.low)} to {say_time(interval.high)}"
        f" ({BATCHES} batch means, worth {say_number(interval.effective_n)} independent calls)"
    )


def _slowdown(run: RunData) -> Rows:
    slowdowns = sent_slowdowns(run.measured)
    if not len(slowdowns):
        return [("slowdown", "not known", run.ideal.source)]
    mean = mean_slowdown(run.measured, run.deadline_s)
    table = percentiles(slowdowns, (0.5, 0.99))
    p50, p99 = table["latency_s"]
    name = "slowdown mean" if mean.bound_s is None else _say_restricted("slowdown", mean)
    least = "" if mean.bound_s is None else "at least "
    source = f"latency / ideal of each call; ideal: {run.ideal.source}"
    return [
        (name, f"{least}{say_number(mean.value)}", source),
        ("slowdown p50, p99", f"{say_number(p50)}, {say_number(p99)}", _say_below_one(slowdowns)),
    ]


def _say_below_one(slowdowns: np.ndarray) -> str:
    below = float((slowdowns < 1 - _ROUNDING).mean())
    return f"{say_share(below)} of the calls below 1: look at the ideal" if below else ""


def _promises(run: RunData) -> Rows:
    """For how long each check was missed, of those that can be judged window by window."""
    checks = [parse_check(check["text"]) for check in run.summary["checks"]]
    return [_broken(run, check) for check in checks if is_windowed(check)]


def _broken(run: RunData, check: Check) -> tuple[str, str, str]:
    found = slo_violation(run.measured, check, run.plan.warm_up_s, run.end_s)
    value = f"{say_number(found.minutes)} of {say_number(found.of_minutes)} min"
    how = f"windows of {WINDOW_S:g} s by intended time, each judged by itself"
    return (f"time in which {check.text} was missed", value, how)


def _warm_up(run: RunData) -> Rows:
    everything = by_intended_time(run.calls)[["intended_s", "latency_s"]]
    sent = everything[everything["latency_s"].notna()]
    times_s, latencies_s = (
        sent[name].to_numpy(dtype=float) for name in ("intended_s", "latency_s")
    )
    found = warm_up_of(run.plan.warm_up_s, times_s, latencies_s)
    planned = f"{run.plan.warm_up_s:g} s were left out"
    if found.mser5_s is None:
        return [("warm-up", planned, found.warning)]
    longer = "; longer than what was left out" if found.warning else ""
    return [("warm-up", planned, f"MSER-5 would leave out the first {found.mser5_s:.3g} s{longer}")]
