"""What the autoscaler did, in numbers: the table of a run whose pods were watched."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from analysis.dataset import RunData
from analysis.metrics.autoscaler import Needed
from analysis.metrics.pod_starts import pod_starts
from analysis.metrics.scaling import Scaling, watched_span
from analysis.metrics.scaling_numbers import scaling_numbers
from analysis.report.beside import Beside, head_of
from analysis.report.page import Cell, Table
from verdict.pods_needed import pod_target
from verdict.replica_view import ReplicaView
from verdict.wording import say_many, say_number, say_share, say_time

AUTOSCALER = "Autoscaler"
_FILE = "autoscaler"
_NO_SETTINGS = "the manifest holds no settings of a Service that Knative's own autoscaler scales"
_NO_TIME = "how long a call takes alone is not known"


def autoscaler_part(run: RunData) -> Beside | None:
    """The section on the autoscaler; None where nobody watched."""
    view = run.replicas
    if view is None:
        return None
    spans = {name: watched_span(view, *edges) for name, edges in _spans(run).items()}
    known = {name: span for name, span in spans.items() if span is not None}
    texts = [*_doubts(run, view), *_troubles(run, view)]
    if not known:
        return Beside(AUTOSCALER, [*texts, "There are no numbers: of the pods nothing was seen."])
    if not run.usable:
        return Beside(AUTOSCALER, [*texts, "The run is INVALID: its pods are not put in numbers."])
    scaling = _scaling(run, view)
    numbers = {name: scaling_numbers(scaling, span) for name, span in known.items()}
    files = {_FILE: _wide(numbers)}
    return Beside(AUTOSCALER, texts, [_table(numbers)], files)


def _spans(run: RunData) -> dict[str, tuple[float, float]]:
    warm_up_s = run.plan.warm_up_s
    if warm_up_s <= 0:
        return {"whole run": (0.0, run.end_s)}
    return {"measured phase": (warm_up_s, run.end_s), "whole run": (0.0, run.end_s)}


def _scaling(run: RunData, view: ReplicaView) -> Scaling:
    intended_s = np.sort(run.calls.loc[run.calls["status"].eq("ok"), "intended_s"].to_numpy())

    def rates_between(edges: np.ndarray) -> np.ndarray:
        return np.asarray(np.diff(run.plan.rates.integral(edges)) / np.diff(edges))

    def ok_between(from_s: float, to_s: float) -> int:
        return int(np.diff(np.searchsorted(intended_s, [from_s, to_s]))[0])

    return Scaling(view, run.end_s, rates_between, _needed(run), ok_between)


def _needed(run: RunData) -> Needed | str:
    target = pod_target(run.manifest.knative)
    if target is None:
        return _NO_SETTINGS
    call_s = float(run.calls["ideal_s"].mean())
    if target.metric == "concurrency" and not call_s > 0:
        return _NO_TIME
    return partial(target.needed, call_s=call_s)


def _doubts(run: RunData, view: ReplicaView) -> list[str]:
    begin_s, last_s = view.watched_s
    texts = []
    if begin_s > 0 or last_s < run.end_s:
        until = "its end" if last_s >= run.end_s else say_time(last_s)
        texts.append(
            f"The pods were watched from {say_time(max(begin_s, 0.0))} to {until} of the run only:"
            " the numbers are of that part."
        )
    gap_s = view.gap_s(max(begin_s, 0.0), min(last_s, run.end_s))
    if gap_s:
        texts.append(
            f"The API could not be read for {say_time(gap_s)}: pods are held at what was last seen,"
            " and numbers that this touches are about right at best."
        )
    return texts


def _troubles(run: RunData, view: ReplicaView) -> list[str]:
    starts = pod_starts(view.pods, 0.0, min(run.end_s, view.watched_s[1]))
    lost = starts[starts["total_s"].isna()]
    texts = [
        f"Revision {revision} was not ready when it was last heard of: {reason}."
        for revision, reason in view.not_ready.items()
    ]
    if len(lost):
        longest_s = float(lost["given_up_s"].max())
        texts.append(
            f"{say_many(len(lost), 'pod')} of {len(starts)} that started did not get ready while"
            f" somebody watched: not within {say_time(longest_s)}."
        )
    revisions = {life.revision for life in view.pods}
    if len(revisions) > 1:
        texts.append(
            f"Pods of {len(revisions)} revisions, added up: {', '.join(sorted(revisions))}."
        )
    return texts


def _wide(numbers: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each number, a column of values for each span."""
    first = next(iter(numbers.values()))
    values = {name.replace(" ", "_"): table["value"] for name, table in numbers.items()}
    return first[["metric", "unit"]].assign(**values, why_none=first["why_none"])


def _table(numbers: dict[str, pd.DataFrame]) -> Table:
    first = next(iter(numbers.values()))
    rows = [
        [
            Cell(first["name"][place]),
            *(Cell(_say(table.iloc[place]), "number") for table in numbers.values()),
            Cell(_meaning(first.iloc[place]), "reason"),
        ]
        for place in first.index
    ]
    head = head_of(("quantity", *numbers, "what it means"), tuple(numbers))
    return Table(rows, head, file=f"{_FILE}.csv")


def _say_pods(count: float) -> str:
    return f"{say_number(count)} pod{'' if count == 1 else 's'}"


def _say_times(count: float) -> str:
    return say_many(int(count), "time") if count else "never"


def _say_pod_seconds(amount: float) -> str:
    return f"{say_number(amount)} pod-s"


_UNITS: dict[str, Callable[[float], str]] = {
    "s": say_time,
    "s after the start": say_time,
    "share of time": say_share,
    "pods": _say_pods,
    "times": _say_times,
    "pod-seconds": _say_pod_seconds,
}


def _say(row: pd.Series) -> str:
    if math.isnan(row["value"]):
        return "not known"
    return f"{_say_doubt(row)}{_UNITS[row['unit']](row['value'])}"


def _say_doubt(row: pd.Series) -> str:
    if not row["doubtful"]:
        return ""
    is_count = row["unit"] in {"times", "pods"}
    return ("at least " if row["value"] else "as seen ") if is_count else "about "


def _meaning(row: pd.Series) -> str:
    return f"{row['meaning']} ({row['why_none']})" if row["why_none"] else str(row["meaning"])
