"""Tables of what is measured of this project alone: dealing under skew, and the spin worker."""

from bench.peers.rows import Results
from bench.peers.tables import Table, by_client, number


def skewed(results: Results) -> Table:
    """What skew does to merged arrivals: CV of equidistant ones, KS D of Poisson ones."""
    rows = results.of("skew")
    skews_ms = list(dict.fromkeys(row.values["skew_ms"] for row in rows))
    heads = ("rps", "law", "figure", "dealt", *(f"{skew_ms:g} ms" for skew_ms in skews_ms))
    made = []
    for rate_rps in dict.fromkeys(row.rate_rps for row in rows):
        for law, value in (("uniform", "cv"), ("poisson", "ks")):
            of_law = [row for row in rows if (row.rate_rps, row.law) == (rate_rps, law)]
            for rule, of_it in by_client(of_law):
                cells = [number(row.values[value]) for row in of_it]
                figure = {"cv": "CV", "ks": "KS D"}[value]
                made.append((f"{rate_rps:g}", law, figure, rule, *cells))
    return heads, made


def spin_errors(results: Results) -> Table:
    """CPU time burnt more than asked."""
    heads = ("asked, ms", "median error, µs", "largest error, µs")
    rows = [row for row in results.of("spin") if "asked_ms" in row.values]
    values = ("asked_ms", "error_us", "error_most_us")
    return heads, [tuple(f"{row.values[value]:g}" for value in values) for row in rows]


def probes(results: Results) -> Table:
    """What health checks wait."""
    heads = ("spins at once", "p50 ms", "p99 ms", "max ms")
    rows = [row for row in results.of("spin") if "spins" in row.values]
    quantiles = ("p50", "p99", "max")
    return heads, [
        (
            f"{row.values['spins']:g}",
            *(number(row.values[f"latency_{quantile}_ms"]) for quantile in quantiles),
        )
        for row in rows
    ]
