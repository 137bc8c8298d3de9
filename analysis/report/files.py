"""Writes a report's files: pictures as PNG, SVG and CSV, then the page."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import AnalysisError
from analysis.report.csv_cells import safe_csv
from analysis.report.picture import Picture
from analysis.report.svg import svg_text, themed

PAGE_NAME = "index.html"


@dataclass(frozen=True)
class Shown:
    """A picture as the page shows it.

    Attributes:
        key, section, title, note: As of the picture.
        image: The themed SVG as a data URI: nothing inside an image can run or load anything.
        files: Names of its files beside the page.
    """

    key: str
    section: str
    title: str
    note: str
    image: str
    files: Sequence[str]


def make_folder(folder: Path) -> None:
    """Make the report's folder.

    Raises:
        AnalysisError: when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AnalysisError(f"cannot write the report to {folder}: {error.strerror}") from None


def write_pictures(folder: Path, pictures: Sequence[Picture]) -> list[Shown]:
    """Write every picture's PNG, SVG and CSV.

    Raises:
        AnalysisError: when a file cannot be written.
    """
    return [_write_picture(folder, picture) for picture in pictures]


def _write_picture(folder: Path, picture: Picture) -> Shown:
    svg = svg_text(picture.figure)
    write_text(folder / f"{picture.key}.svg", svg)
    _write_png(folder / f"{picture.key}.png", picture)
    tables = write_tables(folder, picture.key, picture.tables)
    image = base64.b64encode(themed(svg).encode()).decode()
    return Shown(
        key=picture.key,
        section=picture.section,
        title=picture.caption.title,
        note=picture.caption.note,
        image=f"data:image/svg+xml;base64,{image}",
        files=[f"{picture.key}.png", f"{picture.key}.svg", *tables],
    )


def write_tables(folder: Path, key: str, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Write tables as CSV files named after the key; returns the names."""
    named = {f"{key}-{name}.csv" if name else f"{key}.csv": table for name, table in tables.items()}
    for name, table in named.items():
        write_text(folder / name, safe_csv(table))
    return list(named)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises:
        AnalysisError: when it cannot be written.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        raise AnalysisError(f"cannot write {path}: {error.strerror}") from None


def _write_png(path: Path, picture: Picture) -> None:
    try:
        picture.figure.savefig(path, format="png", metadata={"Software": None})
    except OSError as error:
        raise AnalysisError(f"cannot write {path}: {error.strerror}") from None
