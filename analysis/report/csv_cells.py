"""Tables as CSV that a spreadsheet cannot mistake for formulas."""

import pandas as pd

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def safe_csv(table: pd.DataFrame) -> str:
    """The table as CSV; texts that a spreadsheet would run get a leading apostrophe.

    Numbers stay as they are, negative ones too; +inf is written `inf`, a missing value empty.
    """
    safe = table.copy()
    for name in table.select_dtypes(exclude="number"):
        safe[name] = table[name].map(_safe_cell)
    return safe.to_csv(index=False)


def _safe_cell(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    # A lone carriage return is not quoted by the writer, but ends a row for most readers.
    line = cell.replace("\r", " ").lstrip(" ")
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line
