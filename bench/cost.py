"""What an arrival costs the generator, and how many one process on one core can send.

    python -m bench.cost [--seconds 15]

The generator is pinned to one core, its target to another. The target holds each call for 100 ms,
as a worker that spins so long would, and costs next to nothing itself. CPU is that of the generator
and its record writer, start-up taken off, per arrival sent.
"""

import argparse
import resource
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.processes import on_core, run_locust, served
from records.reader import open_run
from records.summary_file import read_summary

RATES_RPS = (500, 1000, 2000, 3000, 4000)
ALONE_RPS = 2000
START_UP_RPS = 1
GENERATOR_CORE, TARGET_CORE = 0, 1
HOLD_S = 0.1
US = 1e6


@dataclass(frozen=True)
class Cost:
    """What one run cost.

    Attributes:
        planned: Arrivals planned.
        sent: Arrivals sent.
        lag_p99_ms: The generator's own lateness.
        cpu_s: CPU seconds of the generator and its writer, start-up included.
        verdict: What the run was judged to be.
    """

    planned: int
    sent: int
    lag_p99_ms: float
    cpu_s: float
    verdict: str


def measure(locustfile: str, rate_rps: float, seconds: float, *target: str) -> Cost:
    """One run on a core of its own."""
    before_s = children_cpu_s()
    with tempfile.TemporaryDirectory() as folder:
        with on_core(GENERATOR_CORE):
            run_locust(
                locustfile,
                *("--rps", f"{rate_rps:g}", "--duration", f"{seconds:g}s", "--seed", "1"),
                *("--distribution", "poisson", "--records", folder, "--run-id", "cost"),
                *target,
            )
        used_s = children_cpu_s() - before_s
        run = open_run(Path(folder, "cost"))
        rows = run.table(["intended_s", "sent_s"]).to_pandas().dropna()
        verdict = str(read_summary(Path(folder, "cost"))["verdict"]["level"])
        counts = run.counts()
    lag_ms = 1e3 * (rows.sent_s - rows.intended_s)
    p99_ms = float(np.percentile(lag_ms, 99))
    return Cost(counts["planned"], counts["sent"], p99_ms, used_s, verdict)


def children_cpu_s() -> float:
    """CPU seconds of all programs that were started here and have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def line(name: str, cost: Cost, start_up_s: float) -> str:
    """One row of the table."""
    each_us = US * (cost.cpu_s - start_up_s) / cost.sent
    sent = f"{cost.sent / cost.planned:.1%}"
    return f"| {name} | {sent} | {cost.lag_p99_ms:.2f} | {each_us:.0f} | {cost.verdict} |"


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0)
    seconds = parser.parse_args().seconds
    print("| what is sent | sent of planned | lag p99 ms | CPU us an arrival | verdict |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder, on_core(TARGET_CORE):
        stamps = str(Path(folder, "stamps.txt"))
        hold = ("--out", stamps, "--hold", f"{HOLD_S:g}")
        with served("bench.arrival_stamps", *hold) as address:
            _print_rows(seconds, ("--host", address, "--spin", f"{HOLD_S:g}s"))


def _print_rows(seconds: float, target: tuple[str, ...]) -> None:
    start_up_s = measure("locustfile.py", START_UP_RPS, seconds, *target).cpu_s
    alone = measure("bench/null_locustfile.py", ALONE_RPS, seconds)
    print(line(f"nothing, {ALONE_RPS} rps: the engine alone", alone, start_up_s), flush=True)
    for rate_rps in RATES_RPS:
        cost = measure("locustfile.py", rate_rps, seconds, *target)
        print(line(f"gRPC calls of 100 ms, {rate_rps} rps", cost, start_up_s), flush=True)


if __name__ == "__main__":
    main()
