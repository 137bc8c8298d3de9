"""The figures that the README has, each with all clients in it, the best first."""

from collections.abc import Iterable, Iterator, Sequence

from bench.peers.rows import Results, Row, middle
from bench.peers.stalled import stalls_of, truth_ms
from bench.peers.tables import NONE, Table, by_client, number, pacing_rows, rates, saturated

BEGIN, END = "<!-- made by make bench: begin -->", "<!-- made by make bench: end -->"
_VALID = "VALID"


class NoPlace(Exception):
    """A text has no place for the figures."""


def in_short(results: Results) -> Table:
    """What was measured, and what each client showed."""
    return ("what", "seen"), [row for row in _rows(results) if row[1]]


def placed(text: str, lines: Sequence[str]) -> str:
    """The text with these lines between its two marks.

    Raises:
        NoPlace: where it has not both, in their order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoPlace(f"the lines {BEGIN!r} and {END!r} are not there")
    return "\n".join([f"{before}{BEGIN}", "", *lines, "", f"{END}{after}"])


def _rows(results: Results) -> Iterator[tuple[str, str]]:
    for rate_rps in rates(results):
        rows = results.of("fidelity", rate_rps=rate_rps, law="uniform")
        what = (
            f"equidistant {rate_rps:g} rps: CV of the gaps as the server sees them (0 is perfect)"
        )
        yield what, _ranked(rows, "cv")
    yield from _stall(results)
    yield _COST, _cost(results)
    yield _HELD, _held(results)


def _stall(results: Results) -> Iterator[tuple[str, str]]:
    seconds = float(str(results.about["seconds"]))
    stalls, p95_ms = stalls_of(seconds), truth_ms(seconds)["p95"]
    what = (
        f"a server that stalls {stalls.for_s:g} s in every {stalls.every_s:g} s, all at once on it"
    )
    seen = _ranked(results.of("stall"), "latency_p95_ms", p95_ms)
    yield f"{what}: p95 in ms, nearest to the {p95_ms:g} of arithmetic first", seen


_COST = "CPU a call against ghz's, as fast as each can; ours whole where it is not alone"
_HELD = "one process on one core: the highest rate tried whose Poisson runs were all VALID, rps"


def _ranked(rows: Iterable[Row], value: str, best: float = 0.0) -> str:
    """Each client with its median, nearest to the best first."""
    known = [(middle(of_it, value), name) for name, of_it in by_client(rows)]
    found = sorted(
        (abs(figure - best), name, figure) for figure, name in known if figure is not None
    )
    return "; ".join(f"{name} {number(figure)}" for _, name, figure in found)


def _cost(results: Results) -> str:
    known = [(name, of_ghz) for name, _, _, of_ghz, *_ in saturated(results)[1] if of_ghz != NONE]
    return "; ".join(f"{name} {of_ghz}" for name, of_ghz in known)


def _held(results: Results) -> str:
    return "; ".join(f"{name} {_most(rows)}" for name, rows in by_client(pacing_rows(results)))


def _most(rows: Sequence[Row]) -> str:
    tried = {row.rate_rps for row in rows if row.rate_rps}
    held = [
        rate_rps
        for rate_rps in tried
        if {row.level for row in rows if row.rate_rps == rate_rps} == {_VALID}
    ]
    return f"{max(held):g}" if held else f"none from {min(tried):g} on"
