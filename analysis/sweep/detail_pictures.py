"""Pictures that show what is inside of cells: tails, parts, failures; and the arms."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.figures.sweep_arms import ArmMeasure, arms_beside
from analysis.figures.sweep_bars import failures_by_cell, parts_by_cell
from analysis.figures.sweep_keys import say_lines, some_of
from analysis.figures.sweep_tails import slowdown_tails
from analysis.metrics.decomposition import PARTS
from analysis.report.picture import Picture
from analysis.sweep.answers import Answers
from analysis.sweep.arms import ArmResult
from analysis.sweep.captions import caption
from analysis.sweep.sections import ARMS, SUCCESS, TAILS, WHERE
from analysis.sweep.standing import UNSTEADY
from analysis.sweep.study import CELL
from verdict.wording import say_many

_MOST_SPINS, _MOST_RATES, _MOST_LINES = 3, 6, 30


def arms_picture(answers: Answers) -> Iterator[Picture]:
    """Price, slowdown, p99 and success of each arm, where there are several."""
    arms = answers.arms
    if len(arms.arms) < 2:  # noqa: PLR2004 - nothing beside it
        return
    table = pd.DataFrame([_arm_row(arm) for arm in arms.arms])
    about = caption(
        answers,
        "The arms side by side, on the same arrivals",
        f"Price over {say_many(arms.priced, 'cell')} in which an arm meets the checks (without"
        " checks: stable in all arms); slowdown and p99: geometric means over"
        f" {say_many(arms.stable, 'cell')} stable in all arms; success over all"
        f" {say_many(len(arms.common.items), 'cell')} that they have in common.",
        bands=True,
    )
    measures = (
        ArmMeasure("price", "price (pod-seconds\nper success)"),
        ArmMeasure("slowdown", "slowdown\n(average, times)"),
        ArmMeasure("p99_s", "p99 of latency\n(ms)", 1e3),
        ArmMeasure("success", "success\n(% of sent calls)", 1e2),
    )
    shown = [measure for measure in measures if table[measure.column].notna().any()]
    yield Picture("arms", ARMS, about, arms_beside(table, shown, about), {"": table})


def _arm_row(arm: ArmResult) -> dict[str, object]:
    return {
        "arm": arm.name,
        "price": arm.price,
        "price_low": arm.price_interval.low,
        "price_high": arm.price_interval.high,
        "slowdown": arm.slowdown,
        "slowdown_low": arm.slowdown_interval.low,
        "slowdown_high": arm.slowdown_interval.high,
        "p99_s": arm.p99_s,
        "p99_s_low": arm.p99_interval.low,
        "p99_s_high": arm.p99_interval.high,
        "success": arm.success,
        "success_low": np.nan,
        "success_high": np.nan,
        "cells": arm.cells,
        "cells_that_meet_the_checks": arm.met,
    }


def tails_pictures(answers: Answers) -> Iterator[Picture]:
    """One picture per arm; a few spins and rates where there are many."""
    cells = answers.cells[~answers.cells["class"].isin(UNSTEADY)]
    cells = cells[cells["slowdown_mean"].notna()]
    for arm, own in cells.groupby("arm"):
        spins = some_of(sorted(own["spin_s"].unique()), _MOST_SPINS)
        rates = some_of(sorted(own["rate_rps"].unique()), _MOST_RATES)
        shown = own[own["spin_s"].isin(spins) & own["rate_rps"].isin(rates)]
        curves = _curves(answers, shown)
        if curves.empty:
            continue
        about = caption(
            answers,
            f"Distribution of slowdown{_of_arm(answers, str(arm))}, and its tail",
            f"{say_many(len(shown), 'cell')} of {len(own)} that are not in overload; records of all"
            " repetitions pooled, exact to 1 %. A curve ends at the share that was answered."
            f"{say_lines(shown)}",
        )
        key = f"tails{_suffix(answers, str(arm))}"
        yield Picture(key, TAILS, about, slowdown_tails(curves, about), {"": curves})


def _curves(answers: Answers, cells: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for *key, spin in cells[[*CELL, "spin"]].itertuples(index=False):
        counts = answers.study.slowdowns.get(tuple(key))
        if counts is not None:
            place = dict(zip(CELL, key, strict=True))
            parts.append(counts.distribution().assign(**place, spin=spin))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def parts_pictures(answers: Answers) -> Iterator[Picture]:
    """Average parts of latency in each cell, one picture per arm."""
    columns = [f"part_{name}" for name in PARTS]
    cells = answers.cells.copy()
    cells.loc[cells["class"].isin(UNSTEADY), columns] = np.nan
    for arm, own in cells.groupby("arm"):
        if own[columns].isna().all(axis=None):
            continue
        spins = some_of(sorted(own["spin_s"].unique()))
        shown = own[own["spin_s"].isin(spins)]
        many = f" {len(spins)} of {own['spin_s'].nunique()} spins." if len(shown) < len(own) else ""
        about = caption(
            answers,
            f"Average parts of latency in each cell{_of_arm(answers, str(arm))}",
            "-: in overload, or a call failed: an average of the others would be one of survivors."
            f"{many}",
        )
        key = f"parts{_suffix(answers, str(arm))}"
        table = own[[*CELL, "spin", "class", *columns]]
        yield Picture(key, WHERE, about, parts_by_cell(shown, about), {"": table})


def failures_picture(answers: Answers) -> Iterator[Picture]:
    """Classes of failure in the cells that have any, the worst first."""
    table = failures_table(answers)
    if table.empty:
        return
    several = len(answers.study.sweep.arms) > 1
    names = [
        f"{rate:g} rps, {spin}, {law}{f', {arm}' if several else ''}"
        for arm, law, spin, rate in table[["arm", "law", "spin", "rate_rps"]].itertuples(
            index=False
        )
    ]
    shares = table.drop(columns=[*CELL, "spin", "planned"]).set_axis(names)
    shown = shares.head(_MOST_LINES)
    most = f" The {_MOST_LINES} worst of them." if len(shares) > len(shown) else ""
    about = caption(
        answers,
        "What was not answered well, by class",
        f"{say_many(len(shares), 'cell')} of {len(answers.cells)} with any, as shares of their"
        f" planned calls.{most}",
    )
    yield Picture("failures", SUCCESS, about, failures_by_cell(shown, about), {"": table})


def failures_table(answers: Answers) -> pd.DataFrame:
    """Shares of the planned calls of each cell that any failed in, by class.

    Returns:
        CELL, `spin`, `planned` and a column for each class, most frequent first.
    """
    usable = answers.study.usable
    rows = [
        (*key, name, count)
        for *key, failures in usable[[*CELL, "spin", "failures"]].itertuples(index=False)
        for name, count in (failures if isinstance(failures, list) else [])
    ]
    if not rows:
        return pd.DataFrame()
    keys = [*CELL, "spin"]
    long = pd.DataFrame(rows, columns=[*keys, "name", "count"])
    wide = long.pivot_table(index=keys, columns="name", values="count", aggfunc="sum", fill_value=0)
    planned = usable.groupby(keys)["planned"].sum().reindex(wide.index)
    ordered = wide[wide.sum().sort_values(ascending=False, kind="stable").index]
    shares = ordered.div(planned, axis=0)
    worst_first = shares.sum(axis=1).sort_values(ascending=False, kind="stable").index
    found = shares.loc[worst_first]
    found.insert(0, "planned", planned.loc[worst_first])
    return found.reset_index().rename_axis(columns=None)


def _of_arm(answers: Answers, arm: str) -> str:
    return f", arm {arm}" if len(answers.study.sweep.arms) > 1 else ""


def _suffix(answers: Answers, arm: str) -> str:
    """Part of a file's name: nothing in it may lead out of the report's folder."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", arm)
    return f"-{safe}" if len(answers.study.sweep.arms) > 1 else ""
