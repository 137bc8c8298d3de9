"""What stands under a heading of the page beside its pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.report.page import Cell, Table


@dataclass(frozen=True)
class Beside:
    """Words and a table under one heading.

    Attributes:
        heading: Of the section.
        texts: Paragraphs.
        tables: Tables of the page.
        files: Tables that are written beside the page, by file name without its ending.
    """

    heading: str
    texts: Sequence[str] = ()
    tables: Sequence[Table] = ()
    files: dict[str, pd.DataFrame] = field(default_factory=dict)


def head_of(names: Sequence[str], numbers: Sequence[str] = ()) -> list[Cell]:
    """The head of a table; `numbers` are the columns that stand to the right."""
    return [Cell(name, "number" if name in numbers else "") for name in names]
