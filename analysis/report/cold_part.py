"""Cold starts of a run: which calls waited for pods, and where the pods spent their start."""

import numpy as np
import pandas as pd

from analysis.dataset import RunData
from analysis.figures.cold import MOST_PODS, latency_by_kind, pod_starts_by_phase
from analysis.figures.style import Caption
from analysis.metrics.cold import by_kind, kinds_of
from analysis.metrics.latency import distribution
from analysis.metrics.pod_starts import API, by_phase, pod_starts
from analysis.report.beside import Beside, head_of
from analysis.report.page import Cell, Table
from analysis.report.picture import Picture
from analysis.report.wording import say_sample, titled
from verdict.wording import say_count, say_many, say_share, say_time

COLD = "Cold starts"
_WARM, _COLD, _UNKNOWN, _FIRST = "warm", "cold-affected", "unknown", "first on an instance"
_WHAT_IS_COLD = (
    "A call is cold-affected when it was held while pods were missing; the queue that is left once"
    " they are ready is no longer that. From zero many wait for one pod, and a pod that was started"
    " ahead of need answers its first call without delay: the first call on an instance is another"
    " fact."
)
_MEANINGS = {
    _WARM: "not held for pods that were missing",
    _COLD: "held for 50 ms or more while pods were missing",
    _UNKNOWN: "no good answer in a scale-up, or held while nobody saw the pods",
    _FIRST: "the first request on a process; also in one of the lines above",
}


def cold_part(run: RunData) -> Beside | None:
    """The words and tables on cold starts; None where there were none and nobody watched."""
    kinds = by_kind(run.measured)
    first = int(kinds.loc[kinds["kind"].eq(_FIRST), "sent"].iloc[0])
    if run.replicas is None and not first:
        return None
    starts = _starts(run)
    tables = [_kinds_table(run, kinds)] if run.usable else []
    tables += [_phases_table(starts)] if starts["total_s"].notna().any() else []
    files = {"cold": kinds} if run.usable else {}
    return Beside(COLD, _texts(run), tables, files)


def _texts(run: RunData) -> list[str]:
    if run.replicas is None:
        return ["Nobody watched the pods: which calls waited for them is not known."]
    return [_WHAT_IS_COLD]


def _kinds_table(run: RunData, kinds: pd.DataFrame) -> Table:
    names = ("calls", "sent", "share", "p50", "p95", "p99", "")
    shown = kinds[kinds["sent"].gt(0)] if run.replicas else kinds[kinds["kind"].eq(_FIRST)]
    rows = [
        [
            Cell(row["kind"]),
            Cell(say_count(row["sent"]), "number"),
            Cell(say_share(row["share"]), "number"),
            *(Cell(say_time(row[name]), "number") for name in ("p50_s", "p95_s", "p99_s")),
            Cell(_MEANINGS[row["kind"]], "reason"),
        ]
        for row in shown.to_dict("records")
    ]
    return Table(rows, head_of(names, names[1:-1]), file="cold.csv")


def _phases_table(starts: pd.DataFrame) -> Table:
    names = ("phase of a pod's start", "pods", "median", "p95", "longest")
    rows = [
        [
            Cell(row["phase"]),
            Cell(say_count(row["n"]), "number"),
            *(Cell(say_time(row[name]), "number") for name in ("p50_s", "p95_s", "max_s")),
        ]
        for row in by_phase(starts).to_dict("records")
    ]
    return Table(rows, head_of(names, names[1:]), file="pod_starts-phases.csv")


def cold_latency_picture(run: RunData) -> Picture | None:
    """Latency of cold-affected calls beside that of the others; None without an answered one."""
    kinds = kinds_of(run.measured)
    curves = {
        kind: distribution(kinds[kind]["latency_s"].to_numpy(dtype=float))
        for kind in (_WARM, _COLD, _UNKNOWN)
    }
    drawn = {kind: curve for kind, curve in curves.items() if len(curve)}
    if _COLD not in drawn:
        return None
    table = by_kind(run.measured)
    caption = Caption(
        titled(run, "Cold starts", _say_cost(table)),
        f"{say_sample(run)} {_say_kinds(table)}. Curves end at the share that was answered.",
    )
    first_s = kinds[_FIRST]["latency_s"].to_numpy(dtype=float)
    tables = {"": pd.concat([c.assign(kind=kind) for kind, c in drawn.items()], ignore_index=True)}
    return Picture("cold_latency", COLD, caption, latency_by_kind(drawn, first_s, caption), tables)


def _say_cost(table: pd.DataFrame) -> str:
    kinds = {row["kind"]: row for row in table.to_dict("records")}
    cold, warm = kinds[_COLD], kinds[_WARM]
    said = f"{say_share(cold['share'])} of the calls waited for pods, median"
    beside = f" against {say_time(warm['p50_s'])} warm" if warm["sent"] else ""
    return f"{said} {say_time(cold['p50_s'])}{beside}"


def _say_kinds(table: pd.DataFrame) -> str:
    counts = zip(table["kind"], table["sent"], strict=True)
    return ", ".join(f"{say_count(n)} {kind}" for kind, n in counts if n)


def pod_starts_picture(run: RunData) -> Picture | None:
    """Each pod's start by phases; None where none started while somebody watched."""
    starts = _starts(run)
    if not len(starts):
        return None
    starts = starts.assign(first_answer_s=_first_answers_s(run, starts))
    note = (
        f"{say_many(len(starts), 'pod')} that started in the run{_say_left_out(starts)}; each phase"
        f" from the one before, by the {_say_clock(starts)}. first answer: its first call that came"
        f" back well. n = {say_count(len(run.calls))} calls in all."
    )
    caption = Caption(_say_starts(starts), note)
    figure = pod_starts_by_phase(starts, caption)
    tables = {"": starts, "phases": by_phase(starts)}
    return Picture("pod_starts", COLD, caption, figure, tables)


def _starts(run: RunData) -> pd.DataFrame:
    lives = run.replicas.pods if run.replicas else ()
    to_s = run.end_s if run.replicas is None else min(run.end_s, run.replicas.watched_s[1])
    return pod_starts(lives, 0.0, to_s)


def _first_answers_s(run: RunData, starts: pd.DataFrame) -> np.ndarray:
    answered = run.calls[run.calls["status"].eq("ok")]
    first_s = answered.groupby(answered["pod"].astype(object))["received_s"].min()
    return np.asarray(starts["pod"].map(first_s).astype(float) - starts["created_s"])


def _say_starts(starts: pd.DataFrame) -> str:
    ready = starts[starts["total_s"].notna()]
    never = len(starts) - len(ready)
    lost = f", {say_many(never, 'pod')} not ready" if never else ""
    if not len(ready):
        return f"Start of the pods: none of {len(starts)} got ready"
    phases = by_phase(starts)
    whole_s = phases["p50_s"].iloc[-1]
    longest = phases.iloc[:-1].sort_values("p50_s").iloc[-1]
    return (
        f"Start of the pods: {say_time(whole_s)} in the median, most of it from"
        f" {longest['phase']} ({say_time(longest['p50_s'])}){lost}"
    )


def _say_left_out(starts: pd.DataFrame) -> str:
    return f", the first {MOST_PODS} drawn" if len(starts) > MOST_PODS else ""


def _say_clock(starts: pd.DataFrame) -> str:
    late = int(starts["stamps"].eq(API).sum())
    if not late:
        return "observer's clock"
    if late == len(starts):
        return "API's stamps, whole seconds"
    return f"observer's clock, {say_many(late, 'pod')} by the API's stamps, whole seconds"
