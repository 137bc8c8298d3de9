"""The tables of a sweep's page."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.report.beside import head_of
from analysis.report.page import Cell, Table
from analysis.sweep.answers import Answers
from analysis.sweep.claims import Claim
from analysis.sweep.screen import say_estimate, say_price
from verdict.wording import say_count, say_number, say_share, say_time

_NUMBER = "number"
_KINDS = {
    "CONFIRMED": "level valid",
    "REFUTED": "level invalid",
    "BOUNDED": "level suspect",
    "stable": "level valid",
    "marginal": "level suspect",
    "overload": "level invalid",
    "censored": "level invalid",
    "invalid": "level invalid",
    "generator-limited": "level suspect",
}


def claims_table(claims: list[Claim]) -> Table:
    """The original's claims: finding, effect with interval, conditions."""
    rows = [
        [
            Cell(claim.text),
            Cell(claim.finding, _KINDS.get(claim.finding, "level")),
            Cell(claim.effect),
            Cell(claim.conditions),
        ]
        for claim in claims
    ]
    head = head_of(("claim", "finding", "effect (95 % interval)", "conditions"))
    return Table(rows, head, file="claims.csv")


def claims_frame(claims: list[Claim]) -> pd.DataFrame:
    """The same as a table of values."""
    return pd.DataFrame([vars(claim) for claim in claims])


def runs_table(answers: Answers) -> Table:
    """Every planned run: its class and the reasons for it."""
    numbers = ("rate (1/s)", "rho", "sent", "ok", "p99")
    heads = ("run", "class", "verdict", *numbers, "reasons")
    rows = [_run(row) for row in answers.study.runs.to_dict("records")]
    return Table(rows, head_of(heads, numbers), kind="tall", file="runs.csv")


def _run(row: Mapping[Any, Any]) -> list[Cell]:
    sent, ok, p99_s, rho = (_float(row.get(name)) for name in ("sent", "ok", "p99_s", "rho"))
    used = bool(row["usable"])
    verdict = row.get("verdict")
    return [
        Cell(str(row["run_id"])),
        Cell(str(row["class"]), _KINDS.get(str(row["class"]), "level")),
        Cell(verdict if isinstance(verdict, str) else "-"),
        Cell(f"{row['rate_rps']:g}", _NUMBER),
        Cell("-" if math.isnan(rho) else say_number(rho), _NUMBER),
        Cell(say_count(int(sent)) if sent else "-", _NUMBER),
        Cell(say_share(ok / sent) if sent else "-", _NUMBER),
        Cell(say_p99(p99_s, _float(row.get("deadline_s"))) if used else "-", _NUMBER),
        Cell(str(row["said"] or ""), "reason"),
    ]


def say_p99(p99_s: float, deadline_s: float) -> str:
    """A p99; one that was not reached is at least the deadline."""
    if math.isinf(p99_s):
        least = "not reached" if math.isnan(deadline_s) else f"≥ {say_time(deadline_s)}"
        return f"{least}, censored"
    return say_time(p99_s)


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def cells_table(answers: Answers) -> Table:
    """Every cell: its class and numbers over the repetitions."""
    numbers = ("rate (1/s)", "rho", "runs", "average", "p99", "slowdown", "ok")
    heads = ("arm", "law", "spin", "class", *numbers)
    rows = [_cell(row) for row in answers.cells.to_dict("records")]
    return Table(rows, head_of(heads, numbers), kind="tall", file="cells.csv")


def _cell(row: Mapping[Any, Any]) -> list[Cell]:
    value = {name: _float(row[name]) for name in _CELL_NUMBERS}
    there = bool(row["repetitions"])
    least = "≥ " if row["bound"] else ""
    runs = f"{row['repetitions']} of {row['planned_runs']}"
    rho, slowdown = value["rho"], value["slowdown_mean"]
    texts = (
        f"{value['rate_rps']:g}",
        "-" if math.isnan(rho) else say_number(rho),
        runs,
        f"{least}{say_time(value['mean_s'])}" if there else "-",
        say_p99(value["p99_s"], value["deadline_s"]) if there else "-",
        "-" if math.isnan(slowdown) else f"{least}{say_number(slowdown)}",
        say_share(value["success"]) if there and row["sent"] else "-",
    )
    name = str(row["class"])
    return [
        *(Cell(str(row[key])) for key in ("arm", "law", "spin")),
        Cell(name, _KINDS.get(name, "level")),
        *(Cell(text, _NUMBER) for text in texts),
    ]


_CELL_NUMBERS = (
    "rate_rps",
    "rho",
    "mean_s",
    "p99_s",
    "deadline_s",
    "slowdown_mean",
    "success",
)


def arms_table(answers: Answers) -> Table:
    """Every arm: where it meets the checks and what it costs."""
    heads = ("arm", "meets the checks in", "price", "slowdown", "p99", "success")
    rows = [
        [
            Cell(arm.name),
            Cell(f"{arm.met} of {arm.cells} cells" if answers.study.checks else "no checks"),
            Cell(say_price(arm)),
            Cell(say_estimate(arm.slowdown, arm.slowdown_interval)),
            Cell("-" if math.isnan(arm.p99_s) else say_time(arm.p99_s)),
            Cell("-" if math.isnan(arm.success) else say_share(arm.success)),
        ]
        for arm in answers.arms.arms
    ]
    return Table(rows, head_of(heads), file="arms.csv")
