"""The page: one HTML file that loads nothing and runs nothing."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from analysis.report.files import Shown


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: What it says.
        kind: Its style: "number", "reason", a level, or "".
        span: How many columns it fills.
    """

    text: str
    kind: str = ""
    span: int = 1


@dataclass(frozen=True)
class Table:
    """A table of the page.

    Attributes:
        rows: Cells by row.
        head: Cells of the head; empty for a list of facts.
        kind: Style of the whole: "facts" or "runs".
        file: Name of its CSV beside the page; "" for none.
    """

    rows: Sequence[Sequence[Cell]]
    head: Sequence[Cell] = ()
    kind: str = "facts"
    file: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page under one heading."""

    key: str
    heading: str
    texts: Sequence[str] = ()
    tables: Sequence[Table] = ()
    pictures: Sequence[Shown] = ()


@dataclass(frozen=True)
class Page:
    """All the page says.

    Attributes:
        title: Of the window and the page.
        sections: In order.
        screen: The first screen, plain text; "" for several runs.
        tone: Colour of the first screen: "pass", "doubt" or "fail"; "" for several runs.
        missing: Sentences on what the record lacks.
        footer: How it was made.
    """

    title: str
    sections: Sequence[Section]
    screen: str = ""
    tone: str = ""
    missing: Sequence[str] = field(default_factory=tuple)
    footer: str = ""


def render_page(page: Page) -> str:
    """The page as HTML; every text is escaped, whoever wrote it."""
    style = _resource("page.css")
    ours = Markup(style)  # noqa: S704 - our own file; no other text is exempt from escaping
    # `vars`, not `asdict`: the pictures inside are large and need no copy.
    return (
        _template_environment()
        .from_string(_resource("page.html"))
        .render(**vars(page), style=ours, policy=_policy(style))
    )


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _template_environment() -> Environment:
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _resource(name: str) -> str:
    return files("analysis.report").joinpath(name).read_text(encoding="utf-8")
