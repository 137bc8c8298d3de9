"""A trace's file, opened as rows of text."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from shapes.errors import InvalidValue

Row = tuple[int, list[str]]
_BLOCK = 1 << 20


def csv_rows(path: Path) -> Iterator[Row]:
    """The file's rows that are not empty, each with its number; the first line is 1.

    Raises:
        InvalidValue: when it is no file that can be read as CSV.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.reader(file)
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield reader.line_num, [cell.strip() for cell in row]
    except (OSError, csv.Error) as error:
        raise InvalidValue(f"trace {path} cannot be read: {_words(error)}") from None


def check_is_file(path: Path) -> None:
    """Refuse what is no file: devices and pipes have no end.

    Raises:
        InvalidValue: naming it.
    """
    if not path.is_file():
        raise InvalidValue(f"trace {path} is not there; valid: a CSV file")


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def places_of(header: Sequence[str], names: Sequence[str]) -> list[int] | None:
    """Where these columns are, whatever their case; None when one is missing."""
    lower = [name.lower() for name in header]
    return [lower.index(name) for name in names] if set(names) <= set(lower) else None


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).splitlines()[0]
