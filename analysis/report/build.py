"""From runs to a report on disk."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.dataset import RunData
from analysis.report.files import (
    PAGE_NAME,
    Shown,
    make_folder,
    write_pictures,
    write_tables,
    write_text,
)
from analysis.report.method import paragraphs
from analysis.report.numbers import measured_numbers, what_was_run
from analysis.report.one_run import pictures_of
from analysis.report.page import Cell, Page, Section, Table, render_page
from verdict.first_screen import render

FOOTER = (
    "Made from the run's records alone. latency = received - intended; calls that failed or did"
    " not finish count as infinitely late. This page loads nothing and runs nothing."
)


def write_report(run: RunData, folder: Path) -> Path:
    """Write the report of one run into a folder; returns the page's path.

    Raises:
        AnalysisError: when it cannot be written.
    """
    make_folder(folder)
    numbers, facts = measured_numbers(run), what_was_run(run)
    write_tables(folder, "numbers", {"": numbers})
    shown = write_pictures(folder, pictures_of(run))
    page = Page(
        title=f"Run {run.run_id}",
        screen=render(run.summary),
        level=run.level,
        missing=run.missing,
        sections=[
            Section("numbers", "Numbers of the measured phase", tables=[_numbers_table(numbers)]),
            *sections_of(shown),
            Section("run", "What was run", tables=[plain_table(facts)]),
            Section("method", "How to read this", texts=paragraphs()),
        ],
        footer=FOOTER,
    )
    write_text(folder / PAGE_NAME, render_page(page))
    return folder / PAGE_NAME


def sections_of(shown: Sequence[Shown]) -> list[Section]:
    """The pictures under their headings, in the order they came."""
    headings = list(dict.fromkeys(picture.section for picture in shown))
    return [
        Section(
            key=f"part-{number}",
            heading=heading,
            pictures=[picture for picture in shown if picture.section == heading],
        )
        for number, heading in enumerate(headings, start=1)
    ]


def _numbers_table(numbers: pd.DataFrame) -> Table:
    head = [Cell("quantity"), Cell("value"), Cell("how sure")]
    return Table(_text_rows(numbers), head, file="numbers.csv")


def plain_table(table: pd.DataFrame) -> Table:
    """A table of texts without a head."""
    return Table(_text_rows(table))


def _text_rows(table: pd.DataFrame) -> list[list[Cell]]:
    return [[Cell(str(value)) for value in row] for row in table.itertuples(index=False)]
