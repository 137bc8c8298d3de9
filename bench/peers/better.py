"""Where another client has the better figure than each of ours: said, not left to be found."""

from collections.abc import Iterable

from bench.peers.prose import ALWAYS, filled
from bench.peers.rows import Results, Row, middle
from bench.peers.tables import by_client, number, rates
from bench.peers.transport_alone import ALONE

_OURS = "ours"


def peers_better(results: Results) -> list[str]:
    """A sentence for each figure in which another beats the best of ours."""
    found = []
    # A transport alone is no load generator: it does not answer for ours.
    flat_out = [row for row in results.of("saturated") if ALONE not in row.client]
    found += _sentence("CPU a request, as fast as each can", "µs", flat_out, "cpu_us")
    for rate_rps in rates(results):
        rows = results.of("fidelity", rate_rps=rate_rps, law="uniform")
        at = f"at {rate_rps:g} rps"
        found += _sentence(f"Nearer to equidistant {at}", "mean gaps off", rows, "off_law")
        found += _sentence(f"CPU a request {at}", "µs", rows, "cpu_us")
        found += _sentence(f"Median latency as told {at}", "ms", rows, "latency_p50_ms")
    return [*found, filled(ALWAYS, "  ")]


def _sentence(what: str, unit: str, rows: Iterable[Row], value: str) -> list[str]:
    known = [(name, middle(of_it, value)) for name, of_it in by_client(rows)]
    figures = {name: figure for name, figure in known if figure is not None}
    mine = [figure for name, figure in figures.items() if name.startswith(_OURS)]
    best = min(mine, default=None)
    if best is None:
        return []
    others = {name: figure for name, figure in figures.items() if figure < best}
    if not others:
        return []
    ordered = sorted((figure, name) for name, figure in others.items())
    named = ", ".join(f"{name} {number(figure)}" for figure, name in ordered)
    return [filled(f"- {what} ({unit}): {named}; the best of ours {number(best)}.", "  ")]
