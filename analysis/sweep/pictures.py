"""The pictures of a sweep, in the order of its page."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.figures.sweep_keys import UNSTEADY, say_lines
from analysis.figures.sweep_lines import Measure, measures_by_rate
from analysis.figures.sweep_maps import Map, cell_maps
from analysis.figures.sweep_scatter import goodput_by_offered, slowdown_by_load
from analysis.report.picture import Picture
from analysis.sweep.answers import Answers
from analysis.sweep.captions import caption
from analysis.sweep.detail_pictures import (
    arms_picture,
    failures_picture,
    parts_pictures,
    tails_pictures,
)
from analysis.sweep.laws import POISSON, UNIFORM
from analysis.sweep.screen import say_ratio
from analysis.sweep.sections import LATENCY, LAWS, SLOWDOWN, SUCCESS
from verdict.wording import say_many

_BOUNDS = (
    " Triangles: lower bounds, of cells in overload or with failed calls: E[min(latency, deadline)]"
    " for averages, the deadline where a p99 is not reached (censored); those far above all other"
    " cells stand at the upper edge."
)


def pictures_of(answers: Answers) -> Iterator[Picture]:
    """All pictures that the sweep's records can fill, one at a time."""
    if not len(answers.study.usable):
        return
    for make in _MAKERS:
        yield from make(answers)


def with_ceilings(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with the slowdown at which their deadline cuts calls off."""
    return cells.assign(deadline_slowdown=cells["deadline_s"] / cells["spin_s"])


def _latency(answers: Answers) -> Iterator[Picture]:
    cells = answers.cells
    measures = (
        Measure("mean_s", "deadline_s", "average latency ({unit})"),
        Measure("p99_s", "deadline_s", "p99 of latency ({unit})"),
    )
    about = caption(
        answers,
        "Latency against the offered rate, by spin and law",
        f"{say_lines(cells)}{_say_bounds(cells)}{_say_model(cells)}".strip(),
        bands=True,
    )
    yield Picture("latency", LATENCY, about, measures_by_rate(cells, measures, about), {"": cells})


def _slowdown(answers: Answers) -> Iterator[Picture]:
    cells = with_ceilings(answers.cells)
    measures = (
        Measure("slowdown_mean", "deadline_slowdown", "slowdown (average, times)"),
        Measure("slowdown_p99", "deadline_slowdown", "slowdown (p99, times)"),
    )
    about = caption(
        answers,
        "Slowdown against the offered rate, by spin and law",
        f"Slowdown of each call = latency / ideal; ideal: {_ideals(answers)}."
        f"{say_lines(cells)}{_say_bounds(cells)}{_say_model(cells)}",
        bands=True,
    )
    figure = measures_by_rate(cells, measures, about)
    yield Picture("slowdown", SLOWDOWN, about, figure, {"": cells})


def _slowdown_map(answers: Answers) -> Iterator[Picture]:
    cells = answers.cells
    shown = Map("slowdown_mean", "slowdown (average, times)", "viridis", "log", _short)
    about = caption(
        answers,
        "Average slowdown of every cell",
        "Hatched without a number: in overload or censored, where no average exists. -: no usable"
        f" run.{_say_border(cells)}",
    )
    columns = ["arm", "law", "spin_s", "rate_rps", "rho", "class", "bound", "slowdown_mean"]
    figure = cell_maps(cells, shown, about)
    yield Picture("slowdown_map", SLOWDOWN, about, figure, {"": cells[columns]})


def _collapse(answers: Answers) -> Iterator[Picture]:
    known = answers.cells["rho"].notna().any()
    cells = answers.cells.assign(load_cores=answers.cells["rate_rps"] * answers.cells["spin_s"])
    x = "rho" if known else "load_cores"
    label = "rho (offered load / cores)" if known else "offered load (cores)"
    about = caption(
        answers,
        f"Average slowdown against {'rho' if known else 'the offered load'}",
        "One point per cell; where load alone decides, all spins fall on one curve for each law."
        f"{_say_bounds(cells)}",
        bands=True,
    )
    figure = slowdown_by_load(cells, x, label, about)
    yield Picture("slowdown_by_load", SLOWDOWN, about, figure, {"": cells})


def _ratio(answers: Answers) -> Iterator[Picture]:
    laws = answers.laws
    if laws is None or not len(laws.by_cell):
        return
    classes = _worse_class(answers.cells)
    table = laws.by_cell.assign(
        **{"class": [classes[place] for place in _places(laws.by_cell)]},
        marked=laws.by_cell["significant"],
    )
    shown = Map("ratio", "Poisson / uniform (times)", "RdBu_r", "even", _short)
    finding = f"Poisson takes {say_ratio(laws.mean)} times as long" if laws.cells else "no answer"
    about = caption(
        answers,
        f"Average latency under Poisson over that under uniform: {finding}",
        f"Over {say_many(laws.cells, 'cell')} stable under both laws, paired by repetition. Bold:"
        " differs from 1 with p < 0.05, Holm-adjusted over all cells. -: not stable under both"
        f" laws; hatched: overload or failures under one at least.{_say_border(table)}",
    )
    figure = cell_maps(table, shown, about, by="")
    yield Picture("poisson_over_uniform", LAWS, about, figure, {"": table})


def _places(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(row) for row in table[["arm", "spin_s", "rate_rps"]].itertuples(index=False)]


def _worse_class(cells: pd.DataFrame) -> dict[tuple[object, ...], str]:
    """Of both laws: overload or censored where one of them is, else any that is not stable."""
    found: dict[tuple[object, ...], str] = {}
    own = cells[cells["law"].isin([UNIFORM, POISSON])]
    for place, name in zip(_places(own), own["class"], strict=True):
        there = found.get(place, "stable")
        found[place] = there if there in UNSTEADY or name == "stable" else name
    return found


def _success_map(answers: Answers) -> Iterator[Picture]:
    cells = answers.cells
    shown = Map(
        "success", "success (share of sent calls)", "cividis", "share", _percent, in_unsteady=True
    )
    about = caption(
        answers,
        "Success of every cell",
        "Per cent of the sent calls that came back well, all repetitions together."
        f"{_say_border(cells)}",
    )
    columns = ["arm", "law", "spin_s", "rate_rps", "rho", "class", "sent", "ok", "success"]
    table = cells[[*columns, "success_low", "success_high"]]
    yield Picture("success_map", SUCCESS, about, cell_maps(cells, shown, about), {"": table})


def _goodput(answers: Answers) -> Iterator[Picture]:
    cells = answers.cells
    about = caption(
        answers,
        "Goodput against the offered rate",
        f"Good answers a second by the time of the answer.{say_lines(cells)} Grey: nothing lost.",
    )
    columns = ["arm", "law", "spin_s", "rate_rps", "rho", "class", "sent_rps", "ok_rps"]
    figure = goodput_by_offered(cells, about)
    yield Picture("goodput", SUCCESS, about, figure, {"": cells[columns]})


def _say_bounds(cells: pd.DataFrame) -> str:
    return _BOUNDS if cells["bound"].any() else ""


def _say_model(cells: pd.DataFrame) -> str:
    modelled = "model_mean_s" in cells and cells["model_mean_s"].notna().any()
    return " Thin: the same runs as a model sees them." if modelled else ""


def _say_border(cells: pd.DataFrame) -> str:
    if cells["rho"].isna().all():
        return " Where rho is 1 is not known: the cores are not."
    if not ((cells["rho"] >= 1).any() and (cells["rho"] < 1).any()):
        return ""
    return " Red line: rho = 1, from which on no steady state exists."


def _ideals(answers: Answers) -> str:
    return " and ".join(sorted(set(answers.study.usable["ideal"].dropna())))


def _short(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"  # noqa: PLR2004 - four characters


def _percent(value: float) -> str:
    percent = 100 * value
    shown = np.floor(percent * 10) / 10
    return "100" if percent == 100 else f"{shown:.1f}" if percent > 90 else f"{percent:.0f}"  # noqa: PLR2004


_MAKERS: Sequence[Callable[[Answers], Iterator[Picture]]] = (
    arms_picture,
    _latency,
    _slowdown,
    _slowdown_map,
    _collapse,
    _ratio,
    tails_pictures,
    _success_map,
    failures_picture,
    _goodput,
    parts_pictures,
)
