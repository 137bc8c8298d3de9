"""The report of a sweep on disk."""

from pathlib import Path

import pandas as pd

from analysis.report.beside import Beside
from analysis.report.build import sections_of
from analysis.report.files import (
    PAGE_NAME,
    Shown,
    make_folder,
    write_pictures,
    write_tables,
    write_text,
)
from analysis.report.page import Cell, Page, Section, Table, render_page
from analysis.sweep.answers import Answers
from analysis.sweep.method import method_of
from analysis.sweep.pictures import pictures_of
from analysis.sweep.screen import first_screen, tone_of
from analysis.sweep.sections import ARMS, ORDER
from analysis.sweep.study import read_study
from analysis.sweep.tables import (
    arms_table,
    cells_table,
    claims_frame,
    claims_table,
    runs_table,
)
from records.sweeps.on_disk import REPORT

FOOTER = (
    "Made from the sweep's records alone. latency = received - intended; calls that failed or did"
    " not finish count as infinitely late. This page loads nothing and runs nothing."
)
_CLAIMS = (
    "What the project that this one grew from claimed, judged by this sweep. Its own definition of"
    " slowdown is shown on the same records for comparison; it is wrong: it divides calls of all"
    " lengths by the shortest call of all."
)


def write_sweep_report(folder: Path, out: Path | None = None) -> Path:
    """Write the report of a sweep, finished or not; returns the page's path.

    Args:
        folder: Of the sweep.
        out: Where to write; `FOLDER/report` unless said.

    Raises:
        AnalysisError: when it is no sweep, or the report cannot be written.
    """
    target = out or folder / REPORT
    make_folder(target)
    answers = Answers(read_study(folder, target))
    shown: list[Shown] = []
    for picture in pictures_of(answers):
        shown += write_pictures(target, [picture])
    _write_tables(target, answers)
    write_text(target / PAGE_NAME, render_page(page_of(answers, shown)))
    return target / PAGE_NAME


def _write_tables(folder: Path, answers: Answers) -> None:
    write_tables(folder, "claims", {"": claims_frame(answers.claims)})
    write_tables(folder, "cells", {"": answers.cells})
    write_tables(folder, "runs", {"": answers.study.runs})
    arms = [vars(arm) for arm in answers.arms.arms]
    write_tables(folder, "arms", {"": pd.json_normalize([_flat(arm) for arm in arms])})


def _flat(values: dict[str, object]) -> dict[str, object]:
    """An arm's values with the bounds of its intervals beside them."""
    plain: dict[str, object] = {}
    for name, value in values.items():
        if hasattr(value, "low"):
            plain |= {f"{name}_low": value.low, f"{name}_high": value.high}  # type: ignore[attr-defined]
        else:
            plain[name] = value
    return plain


def page_of(answers: Answers, shown: list[Shown]) -> Page:
    """All that the page says."""
    sweep = answers.study.sweep
    arms = [Beside(ARMS, tables=[arms_table(answers)])] if answers.arms.arms else []
    claims = claims_table(answers.claims)
    return Page(
        title=f"{'Simulated sweep' if answers.study.simulated else 'Sweep'} {sweep.sweep_id}",
        screen=first_screen(answers),
        tone=tone_of(answers),
        sections=[
            Section("claims", "The original's claims", texts=[_CLAIMS], tables=[claims]),
            *sections_of(shown, arms, ORDER),
            Section("cells", "All cells", tables=[cells_table(answers)]),
            Section("runs", "All runs", tables=[runs_table(answers)]),
            Section("sweep", "What was swept", tables=[_facts(answers)]),
            Section("method", "How to read this", texts=method_of(answers)),
        ],
        footer=FOOTER,
    )


def _facts(answers: Answers) -> Table:
    sweep = answers.study.sweep
    facts = {"sweep": sweep.sweep_id, "ground": sweep.ground, "seed": sweep.seed}
    facts |= {f"spec: {key}": value for key, value in sweep.spec.items()}
    facts |= {f"arm {arm.name}": dict(arm.settings) or "as it is" for arm in sweep.arms}
    facts |= {f"host: {key}": value for key, value in sweep.host.items()}
    return Table([[Cell(str(key)), Cell(str(value))] for key, value in facts.items()])
