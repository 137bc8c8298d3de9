"""Sections of docs/benchmarks.md on what is measured of this project alone."""

from bench.peers import own_tables
from bench.peers.prose import SKEW, SPIN_ERROR, SPIN_PROBE, filled, image
from bench.peers.rows import Results
from bench.peers.tables import markdown


def skew_section(results: Results, figures: dict[str, str]) -> list[str]:
    """What skewed clocks do to arrivals of several members."""
    table = own_tables.skewed(results)
    if not table[1]:
        return []
    return [
        "## Several members with clocks that disagree",
        "",
        filled(SKEW),
        "",
        *markdown(table),
        "",
        *image(figures, "skew"),
    ]


def spin_section(results: Results, figures: dict[str, str]) -> list[str]:
    """The worker's errors, and its health beside spins."""
    errors, probes = own_tables.spin_errors(results), own_tables.probes(results)
    if not errors[1] and not probes[1]:
        return []
    return [
        "## The spin worker",
        "",
        filled(SPIN_ERROR),
        "",
        *markdown(errors),
        "",
        filled(SPIN_PROBE),
        "",
        *markdown(probes),
        "",
        *image(figures, "spin"),
    ]
