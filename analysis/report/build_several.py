"""The report of several runs on disk."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.errors import AnalysisError
from analysis.report.build import FOOTER, sections_of
from analysis.report.files import PAGE_NAME, make_folder, write_pictures, write_tables, write_text
from analysis.report.method import paragraphs
from analysis.report.page import Cell, Page, Section, Table, render_page
from analysis.report.run_rows import VARYING_RATE, Compared
from analysis.report.several_runs import pictures_of, table_of
from verdict.wording import say_count, say_number, say_share, say_time

_NUMBER = "number"


def write_comparison(runs: Sequence[Compared], folder: Path) -> Path:
    """Write the report of several runs into a folder; returns the page's path.

    Raises:
        AnalysisError: when no run can be used, or it cannot be written.
    """
    table = table_of(runs)
    if "verdict" not in table:
        raise AnalysisError(f"none of the {len(table)} runs measured anything: nothing to report")
    make_folder(folder)
    write_tables(folder, "runs", {"": table})
    usable = table["left_out"].eq("").any()
    shown = write_pictures(folder, pictures_of(runs, table)) if usable else []
    page = Page(
        title=f"{len(table)} runs compared",
        sections=[
            Section("runs", "All runs", texts=[_say_verdicts(table)], tables=[_runs_table(table)]),
            *sections_of(shown),
            Section("method", "How to read this", texts=paragraphs()),
        ],
        footer=FOOTER,
    )
    write_text(folder / PAGE_NAME, render_page(page))
    return folder / PAGE_NAME


def _say_verdicts(table: pd.DataFrame) -> str:
    counts = table["verdict"].value_counts()
    levels = ", ".join(f"{count} {level}" for level, count in counts.items())
    left_out = int(table["left_out"].ne("").sum())
    return f"{levels}; {left_out} of {len(table)} runs are in no figure, each with its reason."


def _runs_table(table: pd.DataFrame) -> Table:
    numbers = ("rate (1/s)", "sent", "ok", "mean", "p50", "p99", "slowdown")
    heads = ("run", "verdict", "target", "law", "spin", *numbers)
    head = [Cell(name, _NUMBER if name in numbers else "") for name in heads]
    rows = [cells for _, row in table.iterrows() for cells in _rows(row, len(heads))]
    return Table(rows, head, kind="runs", file="runs.csv")


def _rows(row: pd.Series, columns: int) -> list[list[Cell]]:
    """The run's row and, where there is something to say, a second one below it."""
    left_out = f"in no figure ({row['left_out']})" if row["left_out"] else ""
    said = ": ".join(text for text in (left_out, row["reasons"]) if text)
    first = [_row(row)] if pd.notna(row["verdict"]) else [[Cell(str(row["run_id"]), span=columns)]]
    return first + ([[Cell(said, "reason", span=columns)]] if said else [])


def _row(row: pd.Series) -> list[Cell]:
    rate = "varies" if row["left_out"] == VARYING_RATE else f"{row['rate_rps']:g}"
    return [
        Cell(str(row["run_id"])),
        Cell(str(row["verdict"]), f"level {row['verdict'].lower()}"),
        Cell(str(row["overload"])),
        Cell(str(row["law"])),
        Cell(str(row["spin"])),
        Cell(rate, _NUMBER),
        Cell(say_count(int(row["sent"])), _NUMBER),
        Cell("-" if pd.isna(row["success"]) else say_share(row["success"]), _NUMBER),
        *_latency_cells(row),
    ]


def _latency_cells(row: pd.Series) -> list[Cell]:
    if pd.isna(row.get("p50_s")):
        return [Cell("-", _NUMBER)] * 4
    least = "" if pd.isna(row["mean_bound_s"]) else "≥ "
    slowdown = "-" if pd.isna(row["slowdown_mean"]) else least + say_number(row["slowdown_mean"])
    return [
        Cell(least + say_time(row["mean_s"]), _NUMBER),
        Cell(say_time(row["p50_s"]), _NUMBER),
        Cell(say_time(row["p99_s"]), _NUMBER),
        Cell(slowdown, _NUMBER),
    ]
