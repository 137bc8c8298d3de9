"""A figure with everything that goes with it into a report."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import Caption


@dataclass(frozen=True)
class Picture:
    """One figure of a report.

    Attributes:
        key: File name without its ending.
        section: Heading under which the report shows it.
        caption: Title and note; the figure carries them too.
        figure: The drawing.
        tables: The tables it was drawn from, by name; the one named "" is the main one.
    """

    key: str
    section: str
    caption: Caption
    figure: Figure
    tables: Mapping[str, pd.DataFrame]
