"""Figures as SVG text: one for publication, one that follows the reader's light or dark scheme."""

import io
import re
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from analysis.figures.style import GRID, INK, NOTE, PAPER

# Light and dark values of the four neutral colours. The figures' backgrounds go: the page shows.
_SCHEMES = {
    INK: ("ink", "#1b1f24", "#e6edf3"),
    NOTE: ("note", "#57606a", "#9aa4ae"),
    GRID: ("grid", "#d8dee4", "#30363d"),
    PAPER: ("paper", "transparent", "transparent"),
}
_NEUTRAL = re.compile(rf"(?<=: )({'|'.join(_SCHEMES)})(?=[;\"'])")


def svg_text(figure: Figure) -> str:
    """The figure as SVG, the same bytes for the same figure, texts as outlines."""
    buffer = io.StringIO()
    settings: dict[Any, Any] = {"svg.hashsalt": "report", "svg.fonttype": "path"}
    with mpl.rc_context(settings):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def themed(svg: str) -> str:
    """The same drawing with neutral colours that follow `prefers-color-scheme`."""
    colored = _NEUTRAL.sub(lambda match: f"var(--{_SCHEMES[match[1]][0]})", svg)
    return re.sub(r"(<svg[^>]*>)", rf"\1<style>{_style()}</style>", colored, count=1)


def _style() -> str:
    light = ";".join(f"--{name}:{value}" for name, value, _ in _SCHEMES.values())
    dark = ";".join(f"--{name}:{value}" for name, _, value in _SCHEMES.values())
    return f":root{{{light}}}@media (prefers-color-scheme: dark){{:root{{{dark}}}}}"
