"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table."""
    return [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]


def _line(row: Sequence[str]) -> str:
    return f"| {' | '.join(row)} |"
