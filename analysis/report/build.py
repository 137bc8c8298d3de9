"""From runs to a report on disk."""

from collections.abc import Mapping, Sequence
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
from analysis.report.one_run import FAILURES, LATENCY, failures_by_example, pictures_of
from analysis.report.page import Cell, Page, Section, Table, render_page
from verdict.first_screen import headline, render
from verdict.wording import say_count

_FAILURE_COLUMNS = (
    "status",
    "failure_class",
    "code",
    "calls",
    "first_s",
    "last_s",
    "example",
)
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
    write_tables(folder, "numbers", {"": measured_numbers(run)})
    shown = write_pictures(folder, pictures_of(run))
    write_text(folder / PAGE_NAME, render_page(page_of(run, shown)))
    return folder / PAGE_NAME


def page_of(run: RunData, shown: Sequence[Shown]) -> Page:
    """All that the report of one run says around its pictures."""
    numbers = Section(
        "numbers",
        "Numbers of the measured phase",
        tables=[_numbers_table(measured_numbers(run))],
    )
    return Page(
        title=f"{'Simulated run' if run.simulated else 'Run'} {run.run_id}",
        screen=render(run.summary),
        tone=tone_of(run),
        missing=run.missing,
        sections=[
            numbers,
            *_no_latency(run),
            *sections_of(shown, {FAILURES: failures_table(run)}),
            Section("run", "What was run", tables=[plain_table(what_was_run(run))]),
            Section("method", "How to read this", texts=paragraphs()),
        ],
        footer=FOOTER,
    )


def sections_of(shown: Sequence[Shown], tables: Mapping[str, Table] | None = None) -> list[Section]:
    """The pictures under their headings, in the order they came.

    Args:
        shown: The pictures.
        tables: Tables to show beside the pictures of a heading.
    """
    beside = tables or {}
    headings = list(dict.fromkeys(picture.section for picture in shown))
    return [
        Section(
            key=f"part-{number}",
            heading=heading,
            tables=[beside[heading]] if heading in beside else [],
            pictures=[picture for picture in shown if picture.section == heading],
        )
        for number, heading in enumerate(headings, start=1)
    ]


def _no_latency(run: RunData) -> list[Section]:
    if run.measured["status"].eq("ok").any():
        return []
    said = (
        f"None of the {say_count(len(run.measured))} arrivals of the measured phase was answered"
        " well: there is no latency to show, neither a percentile nor an average."
    )
    return [Section("no-latency", LATENCY, texts=[said])]


def tone_of(run: RunData) -> str:
    """The first screen's colour: "pass", "doubt" or "fail"."""
    if headline(run.summary) != "PASS":
        return "fail"
    return "pass" if run.level == "VALID" and not run.missing else "doubt"


def failures_table(run: RunData) -> Table:
    """What failed, with one example text of each class."""
    table = failures_by_example(run)
    heads = ("status", "class", "code", "arrivals", "first and last (s)", "example")
    rows = [
        [Cell(text) for text in (status, failure_class, code)]
        + [Cell(say_count(calls), "number"), Cell(f"{first_s:.1f} to {last_s:.1f}"), Cell(example)]
        for status, failure_class, code, calls, first_s, last_s, example in zip(
            *(table[name] for name in _FAILURE_COLUMNS), strict=True
        )
    ]
    return Table(rows, [Cell(name, "number" if name == "arrivals" else "") for name in heads])


def _numbers_table(numbers: pd.DataFrame) -> Table:
    head = [Cell("quantity"), Cell("value"), Cell("how sure")]
    return Table(_text_rows(numbers), head, file="numbers.csv")


def plain_table(table: pd.DataFrame) -> Table:
    """A table of texts without a head."""
    return Table(_text_rows(table))


def _text_rows(table: pd.DataFrame) -> list[list[Cell]]:
    return [[Cell(str(value)) for value in row] for row in table.itertuples(index=False)]
