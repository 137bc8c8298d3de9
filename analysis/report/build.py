"""From runs to a report on disk."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.dataset import RunData
from analysis.report.autoscaler_part import autoscaler_part
from analysis.report.beside import Beside
from analysis.report.cold_part import cold_part
from analysis.report.facts import what_was_run
from analysis.report.files import (
    PAGE_NAME,
    Shown,
    make_folder,
    write_pictures,
    write_tables,
    write_text,
)
from analysis.report.method import paragraphs
from analysis.report.model_part import model_part
from analysis.report.numbers import measured_numbers
from analysis.report.one_run import FAILURES, LATENCY, ORDER, failures_by_example, pictures_of
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
    for beside in _besides(run):
        for name, table in beside.files.items():
            write_tables(folder, name, {"": table})
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
            *sections_of(shown, _besides(run), ORDER),
            Section("run", "What was run", tables=[plain_table(what_was_run(run))]),
            Section("method", "How to read this", texts=paragraphs()),
        ],
        footer=FOOTER,
    )


def _besides(run: RunData) -> list[Beside]:
    """What stands beside the pictures of a run."""
    parts = (model_part(run), autoscaler_part(run), cold_part(run))
    table = failures_table(run)
    failed = [Beside(FAILURES, tables=[table])] if table.rows else []
    return [*(part for part in parts if part is not None), *failed]


def sections_of(
    shown: Sequence[Shown], besides: Sequence[Beside] = (), order: Sequence[str] = ()
) -> list[Section]:
    """The pictures, and what stands beside them, under their headings.

    Args:
        shown: The pictures.
        besides: Words and tables for some headings.
        order: Of headings; others come behind as their pictures do.
    """
    beside = {part.heading: part for part in besides}
    there = [*beside, *(picture.section for picture in shown)]
    headings = [heading for heading in dict.fromkeys([*order, *there]) if heading in there]
    nothing = Beside("")
    return [
        Section(
            key=f"part-{number}",
            heading=heading,
            texts=beside.get(heading, nothing).texts,
            tables=beside.get(heading, nothing).tables,
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
