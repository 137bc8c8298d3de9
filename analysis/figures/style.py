"""One look for every figure: colours, text and axes, without touching pyplot's global state."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, Locator, LogLocator, MaxNLocator, NullLocator

P = ParamSpec("P")

# The report's SVG copies swap these four for the reader's light or dark scheme.
INK, NOTE, GRID, PAPER = "#1b1f24", "#57606a", "#d8dee4", "#ffffff"

# Okabe and Ito's palette: told apart with any kind of colour blindness, on white and on black.
BLUE, ORANGE, GREEN, RED = "#0072b2", "#e69f00", "#009e73", "#d55e00"
SKY, PINK, GREY, YELLOW = "#56b4e9", "#cc79a7", "#8c959f", "#f0e442"
SERIES = (BLUE, ORANGE, GREEN, PINK, SKY, RED, YELLOW, GREY)

WIDTH_IN = 8.0
_LONGEST_LABEL = 48
_MANY_ENTRIES = 5
_FEW_COLORS = 4
_LAST_DRAWABLE = 0x24F
_SECONDS_FROM_S = 2.0
_NARROWEST, _NARROW, _WIDE = 2.0, 10.0, 500.0

_RC = {
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": NOTE,
    "ytick.color": NOTE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.edgecolor": NOTE,
    "grid.color": GRID,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "legend.frameon": False,
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "patch.linewidth": 0.0,
}


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw inside our settings and leave matplotlib's as they were."""

    @wraps(draw)
    def in_our_style(*args: P.args, **kwargs: P.kwargs) -> Figure:
        settings: dict[Any, Any] = {**sns.axes_style("whitegrid"), **_RC}
        with mpl.rc_context(settings):
            return draw(*args, **kwargs)

    return in_our_style


def new_figure(height_in: float) -> Figure:
    """An empty figure of the common width."""
    return Figure(figsize=(WIDTH_IN, height_in), dpi=160, layout="constrained")


@dataclass(frozen=True)
class Caption:
    """What a figure says about itself.

    Attributes:
        title: What it shows.
        note: The sample: n, what was left out, how it was counted.
    """

    title: str
    note: str


def framed(figure: Figure, caption: Caption) -> Figure:
    """Put the title above and the note below, both from the left edge."""
    title = _balanced(plain(caption.title, 400), 76)
    figure.suptitle(title, x=0.008, ha="left", weight="bold", size=11.5)
    note = textwrap.fill(plain(caption.note, 1000), 128)
    figure.supxlabel(note, x=0.008, ha="left", size=8, color=NOTE)
    # Laid out once, here and in our style: each file that is written would do it again.
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure


def _balanced(text: str, widest: int) -> str:
    """The text in as few lines as fit, of lengths as equal as they get."""
    lines = textwrap.wrap(text, widest)
    for width in range(max(len(text) // max(len(lines), 1), 1), widest):
        narrower = textwrap.wrap(text, width)
        if len(narrower) == len(lines):
            return "\n".join(narrower)
    return "\n".join(lines)


def plain(text: object, longest: int = _LONGEST_LABEL) -> str:
    """Foreign text as a label: one line, cut, no formulas, nothing the font cannot draw."""
    line = " ".join(str(text).split())
    drawable = "".join(c if c.isprintable() and ord(c) <= _LAST_DRAWABLE else "?" for c in line)
    cut = drawable if len(drawable) <= longest else drawable[: longest - 3] + "..."
    return cut.replace("$", r"\$")


@dataclass(frozen=True)
class DurationUnit:
    """The unit that makes durations of a figure readable: `seconds * scale` is in `name`."""

    name: str
    scale: float


def duration_unit(longest_s: float) -> DurationUnit:
    """Milliseconds below two seconds, seconds above."""
    return DurationUnit("ms", 1e3) if longest_s < _SECONDS_FROM_S else DurationUnit("s", 1.0)


def ordered_colors(values: Sequence[float]) -> dict[float, str]:
    """A colour for each of some values in ascending order."""
    if len(values) <= _FEW_COLORS:
        return dict(zip(values, SERIES, strict=False))
    # Ordered values get ordered colours; viridis without its two ends is seen on white and black.
    ramp = sns.color_palette("viridis", len(values) + 2).as_hex()[1:-1]
    return dict(zip(values, ramp, strict=True))


def label_axes(axes: Axes, x: str, y: str, title: str = "") -> None:
    """Name both axes, with their units in parentheses."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title)


def legend_above(axes: Axes, columns: int) -> None:
    """A legend in the line of the panel's title, where it hides nothing; none for nothing."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    crowded = len(handles) > _MANY_ENTRIES
    axes.legend(
        handles,
        labels,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=columns,
        borderaxespad=0.1,
        columnspacing=0.8 if crowded else 1.2,
        handlelength=1.0 if crowded else 1.6,
        handletextpad=0.5 if crowded else 0.8,
    )


def legend_right(axes: Axes) -> None:
    """A legend to the right of the panel."""
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))


def log_axis(axes: Axes, which: str) -> None:
    """Make the "x" or "y" axis logarithmic, its ticks plain numbers; call it after drawing."""
    getattr(axes, f"set_{which}scale")("log")
    low, high = getattr(axes, f"get_{which}lim")()
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(_log_ticks(high / low))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())


def _log_ticks(ratio: float) -> Locator:
    if ratio < _NARROWEST:
        return MaxNLocator(5)
    if ratio < _NARROW:
        return LogLocator(subs=(1.0, 1.5, 2.0, 3.0, 5.0, 7.0), numticks=12)
    return LogLocator(subs=(1.0, 2.0, 5.0) if ratio < _WIDE else (1.0,), numticks=12)
