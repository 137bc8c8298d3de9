"""The pictures of several runs: those of a sweep over rate, law and spin."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.figures.runs import Quantity, against_rate, latency_by_rate
from analysis.figures.style import Caption
from analysis.metrics.latency import distribution, percentiles
from analysis.metrics.runs import CELL, by_cell, say_repetitions
from analysis.report.picture import Picture
from analysis.report.run_rows import Compared
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s
from verdict.wording import say_count, say_many

DISTRIBUTIONS, AGAINST_RATE = "Latency distributions", "Against the offered rate"
_CURVE_POINTS = 400

LATENCY = Quantity("mean_s", "latency ({unit})", tail="p99_s")
SUCCESS = Quantity("success", "success (% of sent calls)", is_share=True)
SLOWDOWN = Quantity("slowdown_mean", "slowdown (latency / ideal)", tail="slowdown_p99")


def table_of(runs: Sequence[Compared]) -> pd.DataFrame:
    """One row per run, by law, spin and rate."""
    table = pd.DataFrame([run.row for run in runs])
    spin_s = table["spin"].map(_spin_seconds) if "spin" in table else pd.Series(0.0, table.index)
    ordered = table.assign(_spin_s=spin_s)
    keys = [name for name in ("law", "_spin_s", "rate_rps", "run_id") if name in ordered]
    return ordered.sort_values(keys, ignore_index=True).drop(columns="_spin_s")


def _spin_seconds(text: object) -> float:
    try:
        return parse_duration_s(str(text))
    except InvalidValue:
        return float("inf")


def pictures_of(runs: Sequence[Compared], table: pd.DataFrame) -> list[Picture]:
    """Latency CDFs per rate for each law, then averages, success and slowdown against the rate."""
    usable = table[table["left_out"].eq("")]
    cells = _ordered_cells(usable)
    models = modelled_cells(runs)
    sample = _say_sample(table, usable, cells)
    pictures = [_distribution(law, runs, usable, sample) for law in dict.fromkeys(usable["law"])]
    pictures += [_latency(cells, models, sample), _success(cells, sample)]
    if cells["slowdown_mean"].notna().any():
        pictures.append(_slowdown(cells, models, usable, sample))
    return pictures


def modelled_cells(runs: Sequence[Compared]) -> pd.DataFrame | None:
    """The cells of the models that stand beside runs; None where none does."""
    rows = [run.modelled.row for run in runs if run.modelled is not None]
    return _ordered_cells(pd.DataFrame(rows)) if rows else None


def _say_models(models: object) -> str:
    return "" if models is None else " Thin: their models, simulated, not measured."


def _with_models(cells: pd.DataFrame, models: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    return {"": cells} if models is None else {"": cells, "model": models}


def _ordered_cells(usable: pd.DataFrame) -> pd.DataFrame:
    cells = by_cell(usable)
    spin_s = cells["spin"].map(_spin_seconds)
    ordered = cells.assign(_spin_s=spin_s).sort_values(["law", "_spin_s", "rate_rps"])
    return ordered.drop(columns="_spin_s").reset_index(drop=True)


def _say_sample(table: pd.DataFrame, usable: pd.DataFrame, cells: pd.DataFrame) -> str:
    out = table.loc[table["left_out"].ne(""), "left_out"].value_counts()
    reasons = ", ".join(f"{reason}: {count}" for reason, count in out.items())
    left_out = f"; {say_many(int(out.sum()), 'run')} left out ({reasons})" if reasons else ""
    warm_up = " or ".join(f"{seconds:g} s" for seconds in sorted(usable["warm_up_s"].unique()))
    return (
        f"{say_many(len(usable), 'run')}, n = {say_count(int(usable['sent'].sum()))} sent calls"
        f" of the measured phases (warm-up of {warm_up} left out){left_out}."
        f" {say_repetitions(cells)}."
    )


def _distribution(law: str, runs: Sequence[Compared], usable: pd.DataFrame, sample: str) -> Picture:
    own = usable[usable["law"].eq(law)]
    pooled = _pooled(runs, own)
    modelled = _modelled_curves(runs, law)
    curves = _stacked({key: distribution(v, _CURVE_POINTS) for key, v in pooled.items()})
    marks = _stacked({key: percentiles(v, (0.5, 0.99)) for key, v in pooled.items()})
    caption = Caption(
        f"Latency distribution at each offered rate, {law} arrivals",
        f"{sample} Records of one cell are pooled. Dotted: median; dashed: p99, missing where it"
        f" is not reached. A curve ends at the share that was answered.{_say_models(modelled)}",
    )
    name = law.replace(":", "-")
    figure = latency_by_rate(curves, marks, caption, modelled)
    tables = {"": curves, "percentiles": marks}
    tables |= {} if modelled is None else {"model": modelled}
    return Picture(f"latency_cdf_{name}", DISTRIBUTIONS, caption, figure, tables)


def _modelled_curves(runs: Sequence[Compared], law: str) -> pd.DataFrame | None:
    models = [run.modelled for run in runs if run.modelled is not None]
    own = [model for model in models if model.row["law"] == law]
    if not own:
        return None
    pooled = _pooled(own, pd.DataFrame([model.row for model in own]))
    return _stacked({key: distribution(v, _CURVE_POINTS) for key, v in pooled.items()})


def _pooled(runs: Sequence[Compared], own: pd.DataFrame) -> dict[tuple[str, float], np.ndarray]:
    by_id = {run.row["run_id"]: run.latencies_s for run in runs}
    cells: dict[tuple[str, float], list[np.ndarray]] = {}
    for run_id, spin, rate_rps in zip(own["run_id"], own["spin"], own["rate_rps"], strict=True):
        cells.setdefault((spin, rate_rps), []).append(by_id[run_id])
    return {cell: np.concatenate(parts) for cell, parts in cells.items()}


def _stacked(tables: dict[tuple[str, float], pd.DataFrame]) -> pd.DataFrame:
    parts = [table.assign(spin=spin, rate_rps=rate) for (spin, rate), table in tables.items()]
    return pd.concat(parts, ignore_index=True)


def _latency(cells: pd.DataFrame, models: pd.DataFrame | None, sample: str) -> Picture:
    caption = Caption(
        "Average latency and p99 against the offered rate",
        f"{sample} Latency from the intended time; dashed: p99, missing where it is not reached."
        f"{_say_bounds(cells)}{_say_models(models)}",
    )
    figure = against_rate(cells, LATENCY, caption, models)
    tables = _with_models(cells, models)
    return Picture("average_latency", AGAINST_RATE, caption, figure, tables)


def _say_bounds(cells: pd.DataFrame) -> str:
    if not cells["censored"].any():
        return ""
    return (
        " Triangles: some calls failed; E[min(latency, deadline)] is shown, a lower bound of the"
        " average (the deadline is in the table of runs as mean_bound_s)."
    )


def _success(cells: pd.DataFrame, sample: str) -> Picture:
    caption = Caption(
        "Success rate against the offered rate",
        f"{sample} Share of sent calls that came back well; bars: 95 % Wilson intervals on the"
        " effective number of calls.",
    )
    columns = [*CELL, "repetitions", "sent", "success", "success_low", "success_high"]
    figure = against_rate(cells, SUCCESS, caption)
    return Picture("success_rate", AGAINST_RATE, caption, figure, {"": cells[columns]})


def _slowdown(
    cells: pd.DataFrame, models: pd.DataFrame | None, usable: pd.DataFrame, sample: str
) -> Picture:
    ideals = " and ".join(dict.fromkeys(usable["ideal"]))
    caption = Caption(
        "Slowdown against the offered rate",
        f"{sample} Slowdown of each call = latency / ideal; ideal: {ideals}. Dashed: p99."
        f"{_say_bounds(cells)}{_say_models(models)}",
    )
    figure = against_rate(cells, SLOWDOWN, caption, models)
    return Picture("slowdown", AGAINST_RATE, caption, figure, _with_models(cells, models))
