"""Rows (tuples in the order of `CallRecord`) into Arrow tables, and what to do with misfits."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from records.arrow_schema import ARROW_SCHEMA
from records.schema import COLUMNS

Row = Sequence[Any]

# pyarrow raises its own errors for wrong types, Python's for texts and numbers it cannot hold.
_MISFIT = (pa.ArrowException, UnicodeEncodeError, OverflowError, TypeError, ValueError)


class InvalidRow(ValueError):
    """A row does not fit the schema; the text names the column and what was given."""


def rows_to_table(rows: Sequence[Row]) -> pa.Table:
    """All rows as a table of ARROW_SCHEMA.

    Raises:
        InvalidRow: when any value does not fit its column.
    """
    try:
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
        fields = zip(columns, ARROW_SCHEMA, strict=True)
        arrays = [_column(values, field) for values, field in fields]
    except ValueError as error:
        raise InvalidRow(str(error)) from None
    return pa.Table.from_arrays(arrays, schema=ARROW_SCHEMA)


def fitting_rows(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The rows that fit the schema, and one sentence for each that does not.

    Texts that UTF-8 cannot hold (lone surrogates) are repaired, not refused.
    """
    fitting: list[Row] = []
    sentences: list[str] = []
    for row in rows:
        repaired = tuple(encodable(value) for value in row)
        try:
            rows_to_table([repaired])
        except InvalidRow as error:
            sentences.append(f"row {row[:1]!r}: {error}")
        else:
            fitting.append(repaired)
    return fitting, sentences


def _column(values: Sequence[Any], field: pa.Field) -> pa.Array:
    try:
        array = _array(values, field)
    except _MISFIT:
        culprit = next(value for value in values if not _fits(value, field))
        raise _misfit(culprit, field) from None
    if array.null_count and not field.nullable:
        raise _misfit(None, field)
    return array


def _array(values: Sequence[Any], field: pa.Field) -> pa.Array:
    if pa.types.is_integer(field.type) and float in map(type, values):
        raise TypeError("pyarrow would cut the fraction off without a word")
    return pa.array(values, type=field.type)


def _fits(value: object, field: pa.Field) -> bool:
    try:
        _array([value], field)
    except _MISFIT:
        return False
    return True


def _misfit(value: object, field: pa.Field) -> InvalidRow:
    given = f"{type(value).__name__} {value!r:.80}"
    return InvalidRow(f"{field.name} must be a plain {field.type}, not {given}")


def encodable(value: object) -> object:
    """A text without what UTF-8 cannot hold (lone surrogates); all else as it is."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
