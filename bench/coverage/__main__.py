"""`python -m bench.coverage`: how often 95 % intervals cover the truth, by simulation.

Each system is run many times; the mean of all runs is the truth that the intervals of some of them
must cover. Behind each share: its own exact 95 % interval.
"""

import argparse
from collections.abc import Iterable, Sequence
from itertools import chain

from bench.coverage.systems import BETWEEN, SYSTEMS
from bench.coverage.tables import Row, comparisons, families, intervals, one_pair, success

SHORT_S, LONG_S = 120.0, 480.0
_DEADLINES_S = (1.5, 2.5)


def main() -> None:
    """Simulate and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="of each system; 5 make a trial")
    runs = parser.parse_args().runs
    _print(
        "Nominal 95 % intervals: how many cover",
        ("system", "runs of", "5 repetitions: mean", "p99", "until +-5 %: mean", "one run: mean"),
        chain.from_iterable(
            intervals(system, (SHORT_S, LONG_S), runs) for system in (*SYSTEMS, BETWEEN)
        ),
    )
    _print(
        "Two arms, 5 pairs of 2 min",
        ("system", "arrivals", "of", "false alarms", "ratio", "covered", "found", "correlation"),
        chain.from_iterable(comparisons(system, SHORT_S, runs) for system in SYSTEMS),
    )
    _print(
        "Ten equal cells: any false alarm in p99",
        ("system", "no correction", "Holm", "one answer for all"),
        chain.from_iterable(families(system, SHORT_S, 2 * runs) for system in SYSTEMS),
    )
    _print(
        "One pair of runs: how many intervals of the ratio of means cover",
        ("system", "runs of", "equal arms", "calls 2 % larger"),
        chain.from_iterable(
            one_pair(system, length_s, runs) for system in SYSTEMS for length_s in (SHORT_S, LONG_S)
        ),
    )
    _print(
        "Success in one run of 8 min, failures at a deadline near saturation",
        ("system", "deadline", "success", "covered"),
        success(_DEADLINES_S, LONG_S, runs),
    )


def _print(title: str, head: Sequence[str], rows: Iterable[Row]) -> None:
    print(f"\n{title}:\n")
    print(f"| {' | '.join(head)} |")
    print(f"|{' --- |' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
