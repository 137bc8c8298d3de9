"""The pictures of one run, each from the tables it shows."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.dataset import RunData
from analysis.figures.arrivals import arrival_check
from analysis.figures.bars import calls_by_instance, failures_by_class, latency_parts
from analysis.figures.lag import lag_distribution
from analysis.figures.latency import latency_distribution
from analysis.figures.pods_over_time import PodPanel
from analysis.figures.style import Caption
from analysis.figures.timeline import run_over_time
from analysis.metrics import failures, instances
from analysis.metrics.arrivals import behind_plan, gap_cv, gap_quantiles, operational_gaps
from analysis.metrics.calls import sent_latencies_s
from analysis.metrics.decomposition import PARTS, mean_parts_by_band, split_latency
from analysis.metrics.latency import distribution, percentiles
from analysis.metrics.timeline import scatter_sample, timeline, window_width_s
from analysis.report.autoscaler_part import AUTOSCALER
from analysis.report.cold_part import COLD, cold_latency_picture, pod_starts_picture
from analysis.report.model_part import MODEL
from analysis.report.picture import Picture
from analysis.report.pod_panel import panel_tables, pod_panel
from analysis.report.wording import say_censored, say_sample, titled
from shapes.laws import TRACE
from verdict.limits import LIMITS
from verdict.pods_wording import BLOCK
from verdict.wording import say_count, say_many, say_number, say_share, say_time

LATENCY, OVER_TIME, LOAD = "Latency", "Over time", "Was the load as planned?"
WHERE, FAILURES = "Where the time went", "What did not come back well"
ORDER = (LATENCY, OVER_TIME, MODEL, AUTOSCALER, COLD, LOAD, WHERE, FAILURES)
"""Of the headings."""
_FEWEST_GAPS = 2
_PART_NAMES = {
    "lag_s": "the generator's lag",
    "network_and_queue_s": "network and queues",
    "contention_s": "contention",
    "cpu_s": "CPU time",
    "unsplit_s": "service the target did not split",
}


def pictures_of(run: RunData) -> list[Picture]:
    """All pictures the run's records can fill, in the order of the page."""
    makers: Sequence[Callable[[RunData], Picture | None]] = (
        latency_picture,
        timeline_picture,
        cold_latency_picture,
        pod_starts_picture,
        arrival_picture,
        lag_picture,
        parts_picture,
        instances_picture,
        failures_picture,
    )
    pictures = (make(run) for make in makers)
    return [picture for picture in pictures if picture is not None]


def latency_picture(run: RunData) -> Picture | None:
    """Latency CDF with median and p99, and its tail; None when no call was answered."""
    latencies_s = sent_latencies_s(run.measured)
    if not np.isfinite(latencies_s).any():
        return None
    latency = distribution(latencies_s)
    service = distribution(run.measured["service_latency_s"].dropna().to_numpy(dtype=float))
    modelled = distribution(sent_latencies_s(run.model.measured)) if run.model else None
    marks = percentiles(latencies_s, (0.5, 0.99))
    p50, p99 = marks["latency_s"]
    finding = f"median {say_time(p50)}, p99 {say_time(p99)}"
    caption = Caption(
        titled(run, "Latency from the intended time", finding),
        f"{say_sample(run)}{say_censored(run)} The curves end at the share that was answered."
        f" Grey: the same calls from the moment they were sent.{_say_modelled(run, '.')}",
    )
    tables = {"": latency, "service": service}
    tables |= {} if modelled is None else {"model": modelled}
    if run.usable:
        tables["percentiles"] = percentiles(latencies_s)
    shown = marks if run.usable else marks.head(0)
    figure = latency_distribution(latency, service, shown, caption, modelled=modelled)
    return Picture("latency_cdf", LATENCY, caption, figure, tables)


def timeline_picture(run: RunData) -> Picture:
    """Rates, calls in flight, latency and failures over the whole run, warm-up shaded."""
    width_s = window_width_s(run.end_s, len(run.calls))
    windows = timeline(run.calls, run.plan.rates.integral, run.end_s, width_s)
    sample = scatter_sample(run.calls).join(run.calls["cold_affected"])
    pods, modelled = pod_panel(run), _modelled_windows(run, width_s)
    lost = failures.over_time(run.calls, windows["t_s"].to_numpy(), width_s)
    caption = Caption(
        titled(run, "The run over time", f"{_say_scaling(run)}{_say_rates(run)}"),
        f"{say_count(len(run.calls))} arrivals, whole run, windows of {width_s:g} s; dots:"
        f" {say_many(len(sample), 'call')}, evenly thinned"
        f"{_say_shading(run)}. A line of percentiles is broken where the percentile is not"
        f" reached.{_say_pods(pods)}{_say_modelled(run, ', its p99 dashed.')}",
    )
    figure = run_over_time(
        windows, sample, lost, run.plan.warm_up_s, caption, pods=pods, modelled=modelled
    )
    tables = {"": windows, "calls": sample, "failures": lost}
    tables |= {} if modelled is None else {"model": modelled}
    tables |= panel_tables(pods) if pods else {}
    return Picture("timeline", OVER_TIME, caption, figure, tables)


def _modelled_windows(run: RunData, width_s: float) -> pd.DataFrame | None:
    """The model's calls in the windows of the run's; None without a model."""
    if run.model is None:
        return None
    model = run.model
    return timeline(model.calls, model.plan.rates.integral, run.end_s, width_s)


def _say_modelled(run: RunData, ending: str) -> str:
    return f" Thin, in ink: the model{ending}" if run.model else ""


def _say_rates(run: RunData) -> str:
    measured = run.measured
    length_s = max(run.end_s - run.plan.warm_up_s, 1e-9)
    sent, answered = measured["sent_s"].notna().sum(), measured["status"].eq("ok").sum()
    return (
        f"sent {say_number(sent / length_s)}, answered {say_number(answered / length_s)} a second"
        f" ({run.law.text})"
    )


def _say_scaling(run: RunData) -> str:
    """The pods and who waited for them, as far as they were seen; '' where nobody watched."""
    seen = run.summary.get(BLOCK)
    if not seen or seen["most"] is None:
        return ""
    start = "" if seen["start"] is None else f"{seen['start']} to "
    said = f"{start}{seen['end']} pods, at most {seen['most']}; "
    cold = seen["cold"]
    share = cold["affected"] / cold["sent"] if cold and cold["sent"] else 0.0
    return said + (f"{say_share(share)} of the calls waited for pods; " if share else "")


def _say_pods(pods: PodPanel | None) -> str:
    if pods is None:
        return ""
    cores = pods.call_cores
    load = "" if cores is None else f" load in cores = rate x {say_time(cores)} of CPU a call;"
    return f" Pods of all revisions, as an observer saw them;{load} cold-affected: held for pods."


def _say_shading(run: RunData) -> str:
    return "; shaded: the warm-up" if run.plan.warm_up_s > 0 else ""


def arrival_picture(run: RunData) -> Picture | None:
    """Gaps as sent against the law, and planned against sent; None for fewer than two sends."""
    sent_s = run.measured["sent_s"].dropna().to_numpy(dtype=float)
    if len(sent_s) <= _FEWEST_GAPS:
        return None
    gaps = operational_gaps(sent_s, run.plan.rates.integral)
    curve = distribution(gaps)
    quantiles = gap_quantiles(gaps, run.law) if run.law.has_gap_law else None
    behind = behind_plan(run.calls, window_width_s(run.end_s), run.end_s)
    caption = Caption(
        titled(run, "Arrivals as sent", _say_law(run, gaps)),
        f"n = {say_count(len(gaps))} gaps of the measured phase, all members merged, in operational"
        f" time (the integral of the offered rate). Right: whole run,"
        f" {say_count(len(run.calls))} planned,"
        f" {say_count(int(run.calls['sent_s'].notna().sum()))} sent.",
    )
    figure = arrival_check(curve, quantiles, behind, run.law, caption)
    tables = {"": curve, "behind": behind}
    tables |= {"quantiles": quantiles} if quantiles is not None else {}
    return Picture("arrivals", LOAD, caption, figure, tables)


def _say_law(run: RunData, gaps: np.ndarray) -> str:
    fit = run.summary["law"]
    if run.law.name == TRACE:
        around = "" if fit is None else f", CV around the planned gaps {fit['distance']:.3g}"
        return f"{run.law.text}{around}, CV of gaps {gap_cv(gaps):.3g}"
    cv = f"CV of gaps {gap_cv(gaps):.3g} (the law's {run.law.cv:.3g})"
    if fit is None or fit["measure"] == "CV":
        return f"{run.law.text}, {cv}"
    judged = "" if fit["judged_on"] == "gaps" else f" on {fit['judged_on']}"
    return f"{run.law.text}, D {fit['distance']:.3f}{judged}, {cv}"


def lag_picture(run: RunData) -> Picture | None:
    """Distribution of send lag; None when nothing was sent."""
    lag_s = run.measured["lag_s"].dropna().to_numpy(dtype=float)
    if not len(lag_s):
        return None
    curve, marks = distribution(lag_s), percentiles(lag_s, (0.5, 0.99, 0.999))
    suspect_s = float(run.summary["lag_limit_s"])
    ratio = LIMITS["lag"].invalid or 1.0
    limits_s = {"SUSPECT": suspect_s, "INVALID": ratio * suspect_s}
    p50, p99, _ = marks["latency_s"]
    caption = Caption(
        f"Send lag of the generator: median {say_time(p50)}, p99 {say_time(p99)}",
        f"{say_sample(run)} Lag is part of latency: a late generator makes the target look slow.",
    )
    figure = lag_distribution(curve, marks, limits_s, caption)
    named = marks.rename(columns={"latency_s": "lag_s"})
    return Picture("send_lag", LOAD, caption, figure, {"": curve, "percentiles": named})


def parts_picture(run: RunData) -> Picture | None:
    """Average parts of latency by band; None when no call was answered."""
    parts = split_latency(run.measured)
    if not len(parts):
        return None
    bands = mean_parts_by_band(parts)
    everything, slowest = bands.iloc[0], bands.iloc[-1]
    caption = Caption(
        titled(run, "Where latency comes from", _say_parts(slowest, everything)),
        f"{say_count(len(parts))} answered calls of the measured phase, averages of each band;"
        f" {say_share(float(parts['unsplit_s'].eq(0).mean()))} of them told their CPU and wall"
        " time. lag = sent - intended; network and queues = received - sent - worker's wall time;"
        " contention = wall - CPU time.",
    )
    return Picture("latency_parts", WHERE, caption, latency_parts(bands, caption), {"": bands})


def _say_parts(slowest: pd.Series, everything: pd.Series) -> str:
    excess = {part: float(slowest[part] - everything[part]) for part in PARTS}
    largest = max(excess, key=lambda part: excess[part])
    return f"slow calls lose most to {_PART_NAMES[largest]}"


def instances_picture(run: RunData) -> Picture | None:
    """Answered calls by instance; None when no answer named one."""
    table = instances.by_instance(run.measured)
    named = table[table["instance_id"].ne(instances.UNNAMED)]
    if not len(named):
        return None
    started = int(named["started_in_run"].sum())
    caption = Caption(
        titled(
            run,
            "Answered calls by instance",
            f"{say_many(len(named), 'instance')}, the busiest with"
            f" {say_share(float(named['share'].max()))}",
        ),
        f"{say_count(int(table['calls'].sum()))} answered calls of the measured phase;"
        f" * = its first call was among them ({started}).",
    )
    figure = calls_by_instance(table, caption)
    return Picture("instances", WHERE, caption, figure, {"": table})


def failures_picture(run: RunData) -> Picture | None:
    """Failures by class; None when all calls came back well."""
    table = failures_by_example(run)
    if not len(table):
        return None
    lost = int(table["calls"].sum())
    caption = Caption(
        titled(
            run,
            "Failed, unfinished and unsent arrivals by class",
            f"{say_share(lost / len(run.measured))} of the planned",
        ),
        f"{say_count(lost)} of {say_count(len(run.measured))} planned arrivals of the measured"
        " phase. One example text of each class is in the table.",
    )
    return Picture("failures", FAILURES, caption, failures_by_class(table, caption), {"": table})


def failures_by_example(run: RunData) -> pd.DataFrame:
    """Failures of the measured phase by class, with one `example` text of each."""
    table = failures.by_class(run.measured)
    keys = zip(table["status"], table["failure_class"], table["code"], strict=True)
    return table.assign(example=[run.details.get(key, "") for key in keys])
