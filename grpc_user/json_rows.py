"""The requests of a call without generated code: JSON from the command line or from a file."""

import json
from pathlib import Path
from typing import Any

from shapes.errors import InvalidValue
from shapes.hashing import hash64

ROW_STREAM = 201
"""Our stream of `shapes.hashing`: which row arrival k sends."""

VALID_DATA = (
    "valid: a JSON object, a list of objects for a stream of requests, or @FILE of such lines"
)


def check_data_text(text: str) -> None:
    """Refuse `--data` that is not JSON; a file is read when the run starts.

    Raises:
        InvalidValue: quoting it.
    """
    if not text.startswith("@"):
        _parse_row(text, "data")


def read_rows(text: str) -> tuple[Any, ...]:
    """All requests that `--data` holds; one empty object where it is not given.

    Raises:
        InvalidValue: naming the line that is not valid.
    """
    if not text.startswith("@"):
        return (_parse_row(text, "data") if text else {},)
    path = text.removeprefix("@")
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValue(f"--data {text}: {getattr(error, 'strerror', error)}") from None
    rows = tuple(
        _parse_row(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()
    )
    if not rows:
        raise InvalidValue(f"--data {text}: no line in it; {VALID_DATA}")
    return rows


def row_index(seed: int, k: int, rows: int) -> int:
    """Which of so many rows arrival k sends: evenly, and the same in every run with the seed."""
    return hash64(seed, k, ROW_STREAM) % rows


def _parse_row(text: str, where: str) -> Any:
    try:
        row = json.loads(text)
    except ValueError as error:
        raise InvalidValue(f"{where} is {text[:80]!r}: {error}; {VALID_DATA}") from None
    if not isinstance(row, dict | list):
        raise InvalidValue(f"{where} is {text[:80]!r}; {VALID_DATA}")
    return row
