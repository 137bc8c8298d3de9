"""The report of a comparison on disk."""

import hashlib
from pathlib import Path

from analysis.compare.comparison import Comparison
from analysis.compare.method import METHOD
from analysis.compare.pictures import pictures_of
from analysis.compare.screen import render, tone_of
from analysis.compare.tables import effects_frame, effects_table, pairs_frame
from analysis.report.build import FOOTER, sections_of
from analysis.report.files import PAGE_NAME, make_folder, write_pictures, write_tables, write_text
from analysis.report.method import as_paragraphs, paragraphs
from analysis.report.page import Cell, Page, Section, Table, render_page


def write_page(comparison: Comparison, folder: Path) -> Path:
    """Write page, pictures and tables; returns the page's path.

    Raises:
        AnalysisError: when they cannot be written.
    """
    make_folder(folder)
    shown = write_pictures(folder, pictures_of(comparison))
    write_tables(folder, "effects", {"": effects_frame(comparison)})
    write_tables(folder, "pairs", {"": pairs_frame(comparison)})
    page = Page(
        title=f"{comparison.b.name} beside {comparison.a.name}",
        screen=render(comparison),
        tone=tone_of(comparison),
        sections=[
            *sections_of(shown),
            Section("effects", "All effects", tables=[effects_table(comparison)]),
            *_left_out(comparison),
            Section("method", "How to read this", texts=[*as_paragraphs(METHOD), *paragraphs()]),
        ],
        footer=FOOTER,
    )
    write_text(folder / PAGE_NAME, render_page(page))
    return folder / PAGE_NAME


def _left_out(comparison: Comparison) -> list[Section]:
    if not comparison.left_out:
        return []
    table = Table([[Cell(text)] for text in comparison.left_out])
    return [Section("left-out", "Left out", tables=[table])]


def page_folder(comparison: Comparison) -> Path:
    """Beside what B is, by the names of both: the same two give the same folder."""
    names = f"{comparison.a.name}\n{comparison.b.name}"
    digest = hashlib.sha256(names.encode()).hexdigest()[:8]
    first = next(iter(comparison.b.folders.values())).resolve()
    beside = first.parents[2] if comparison.b.is_sweep else first.parent
    return beside / f"report-comparison-{digest}"
