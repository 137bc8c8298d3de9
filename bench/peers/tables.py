"""Figures as tables: a median over repetitions, and its ratio to ghz in the same run."""

from collections.abc import Iterable, Sequence

from bench.peers.rows import Results, Row, middle
from grpc_user.transport import GRPCIO, H2

GHZ = "ghz"
NONE = "-"
Table = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Heads, and cells by row."""


def ratio_lines(results: Results) -> list[str]:
    """Every ratio to ghz in a line each."""
    flat_out = [
        f"saturated: {name}: {cpu_us} us of CPU a request, {to_ghz} of ghz's"
        for name, cpu_us, _, to_ghz, *_ in saturated(results)[1]
    ]
    paced = [
        f"{rate_rps:g} rps: {name}, {law}: {off} mean gaps off the law, {to_ghz} of ghz's; CV {cv}"
        for rate_rps in rates(results)
        for name, law, cv, off, to_ghz, *_ in fidelity(results, rate_rps)[1]
    ]
    return flat_out + paced


def transport_lines(results: Results) -> list[str]:
    """What a call over h2 costs of one over grpcio, both alone."""
    found = {name: middle(rows, "cpu_us") for name, rows in by_client(results.of("saturated"))}
    of_h2, of_grpcio = (found.get(f"ours, {name}: the transport alone") for name in (H2, GRPCIO))
    if of_h2 is None or not of_grpcio:
        return []
    return [f"the transport alone: h2 costs {of_h2 / of_grpcio:.3f} of grpcio's CPU a call"]


def stall_lines(results: Results) -> list[str]:
    """What each says of the stalls in a line each."""
    return [
        f"stall: {name}: sent {sent} of what was asked, p95 {p95} ms, p99 {p99} ms"
        for name, sent, _, _, p95, p99, _ in stall(results)[1]
    ]


def rates(results: Results) -> list[float]:
    """The rates of fidelity, in the order in which they were measured."""
    return [rate for rate in dict.fromkeys(row.rate_rps for row in results.of("fidelity")) if rate]


def saturated(results: Results) -> Table:
    """As fast as each can, cheapest first."""
    rows = results.of("saturated")
    base = _base(rows, "cpu_us")
    heads = (
        *("client", "CPU µs a request", "of it the engine", "of ghz's"),
        *("requests/s seen", "failed", "unsent"),
    )
    made = []
    for name, of_it in by_client(rows):
        cpu_us = middle(of_it, "cpu_us")
        made.append(
            (
                cpu_us or 0.0,
                (
                    *(name, number(cpu_us), number(middle(of_it, "part_cpu_us"))),
                    ratio(cpu_us, base),
                    *(number(middle(of_it, value)) for value in ("seen_rps", "failed", "unsent")),
                ),
            )
        )
    return heads, [cells for _, cells in sorted(made)]


def fidelity(results: Results, rate_rps: float) -> Table:
    """Arrivals at the server at one rate, nearest to their law first."""
    rows = results.of("fidelity", rate_rps=rate_rps)
    base = _base([row for row in rows if row.law == "uniform"], "off_law")
    heads = (
        *("client", "law", "CV", "off the law, mean gaps", "of ghz's", "KS D"),
        *("variance / mean of 0.1 s", "CPU µs a request"),
        *("lag p50 / p99 ms", "latency p50 / p99 ms"),
    )
    made = []
    for law in ("uniform", "poisson"):
        for name, of_it in by_client(row for row in rows if row.law == law):
            off = middle(of_it, "off_law")
            made.append(
                (
                    off or 0.0,
                    (
                        *(name, law, number(middle(of_it, "cv")), number(off), ratio(off, base)),
                        *(number(middle(of_it, value)) for value in ("ks", "dispersion", "cpu_us")),
                        *(_pair(of_it, "lag"), _pair(of_it, "latency")),
                    ),
                )
            )
    return heads, [cells for _, cells in sorted(made)]


def pacing_rows(results: Results) -> list[Row]:
    """All of our Poisson arrivals at a rate, also those measured beside the others."""
    beside = [row for row in results.of("fidelity", law="poisson") if row.level]
    return [*beside, *results.of("pacing")]


def pacing(results: Results) -> Table:
    """Lateness of our own sendings by rate."""
    heads = (
        *("client", "rps", "sent", "lag p50 / p99 ms"),
        *("CPU µs a request", "of it the engine", "verdict"),
    )
    made = []
    for name, of_client in by_client(pacing_rows(results)):
        for rate_rps in sorted({row.rate_rps for row in of_client if row.rate_rps}):
            of_it = [row for row in of_client if row.rate_rps == rate_rps]
            levels = "/".join(dict.fromkeys(row.level for row in of_it))
            cpu_us = (number(middle(of_it, value)) for value in ("cpu_us", "part_cpu_us"))
            lag = _pair(of_it, "lag")
            made.append((name, f"{rate_rps:g}", _sent(of_it), lag, *cpu_us, levels))
    return heads, made


def stall(results: Results) -> Table:
    """What each says of the same stalls."""
    heads = ("client", "sent of asked", "p50 ms", "p90 ms", "p95 ms", "p99 ms", "max ms")
    made = []
    for name, of_it in by_client(results.of("stall")):
        calls, asked = middle(of_it, "calls"), middle(of_it, "asked")
        sent = f"{calls / asked:.1%}" if calls is not None and asked else NONE
        latencies = (middle(of_it, f"latency_{q}_ms") for q in ("p50", "p90", "p95", "p99", "max"))
        made.append((name, sent, *map(number, latencies)))
    return heads, made


def markdown(table: Table) -> list[str]:
    """Lines of a Markdown table."""
    heads, rows = table
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def number(value: float | None) -> str:
    """Three digits that count, and no more."""
    if value is None:
        return NONE
    if value == 0 or value >= 999.5:  # noqa: PLR2004 - whole numbers from here on
        return f"{value:.0f}"
    return f"{value:.3g}"


def ratio(value: float | None, base: float | None) -> str:
    """A multiple of ghz's."""
    if value is None or not base:
        return NONE
    return f"{value / base:.2g} x"


def _pair(rows: Iterable[Row], what: str) -> str:
    known = list(rows)
    halves = [middle(known, f"{what}_{q}_ms") for q in ("p50", "p99")]
    return NONE if halves == [None, None] else " / ".join(map(number, halves))


def _sent(rows: Sequence[Row]) -> str:
    calls, unsent = middle(rows, "calls"), middle(rows, "unsent")
    return f"{calls / (calls + unsent):.1%}" if calls and unsent is not None else NONE


def _base(rows: Iterable[Row], value: str) -> float | None:
    return middle([row for row in rows if row.client.startswith(GHZ)], value)


def by_client(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Rows by client, in the order of their first."""
    known = list(rows)
    names = dict.fromkeys(row.client for row in known)
    return [(name, [row for row in known if row.client == name]) for name in names]
