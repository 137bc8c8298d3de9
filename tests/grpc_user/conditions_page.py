"""`python -m tests.grpc_user.conditions_page`: the tables of docs/transports.md, as tested."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from tests.grpc_user.no_connections import NO_CONNECTIONS
from tests.grpc_user.peer_conditions import ALLOWED, BREACHES, ENDINGS

PAGE = Path(__file__).parents[2] / "docs" / "transports.md"
BEGIN, END = "<!-- tables -->\n", "<!-- end of tables -->\n"


class Row(Protocol):
    """What comes in place of an answer or around it, and what a call ends with."""

    does: str
    grpcio: str
    h2: str


TITLES: dict[str, Iterable[Row]] = {
    "No connection": NO_CONNECTIONS,
    "What HTTP/2 and gRPC allow": ALLOWED,
    "What ends a call": ENDINGS,
    "What they do not allow": BREACHES,
}


def tables() -> str:
    """All of them, in Markdown."""
    return "\n".join(table(title, rows) for title, rows in TITLES.items())


def table(title: str, rows: Iterable[Row]) -> str:
    """One of them."""
    lines = [f"| {row.does} | {row.grpcio} | {over_h2(row)} |" for row in rows]
    head = ["| what comes | grpcio | h2 |", "| --- | --- | --- |"]
    return "\n".join([f"### {title}", "", *head, *lines, ""])


def over_h2(row: Row) -> str:
    """What a call over h2 ends with."""
    return "the same" if row.h2 == row.grpcio else row.h2


def with_tables(page: str) -> str:
    """The page with its tables as they should be."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + tables() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
