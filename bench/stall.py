"""A server that freezes for 1 s in every 10 s, seen by callers that wait and by one that does not.

    python -m bench.stall [--seconds 40]

200 requests per second are offered to it. A tenth of them arrive in a freeze and wait for its end,
evenly between 0 and 1 s: so the 95th percentile is 500 ms and the 99th is 900 ms, by arithmetic.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from bench.processes import run_locust, served
from records.reader import open_run

RATE_RPS = 200
STALL = ("--stall-every", "10", "--stall-for", "1")
USERS = 10
PERCENTILES = (50, 90, 95, 99)
TRUTH_MS = (0, 0, 500, 900)


def open_loop_ms(folder: Path, address: str, seconds: float) -> np.ndarray:
    """Latency from the intended time, ms; failures are infinite."""
    run_locust(
        "locustfile.py",
        *("--host", address, "--rps", str(RATE_RPS), "--duration", f"{seconds:g}s"),
        *("--spin", "1ms", "--records", str(folder), "--run-id", "open"),
    )
    rows = open_run(folder / "open").table(["intended_s", "received_s", "status"]).to_pandas()
    latency_ms = 1e3 * (rows.received_s - rows.intended_s)
    return latency_ms.where(rows.status == "ok", np.inf).to_numpy()


def closed_loop_ms(folder: Path, address: str, seconds: float) -> np.ndarray:
    """What Locust's own users see, ms."""
    out = folder / "latencies.txt"
    run_locust(
        "bench/closed_loop_locustfile.py",
        *("--host", address, "-u", str(USERS), "-r", str(USERS), "-t", f"{seconds:g}s"),
        environment={"LATENCIES": str(out)},
    )
    return 1e3 * np.loadtxt(out)


def row(name: str, latencies_ms: np.ndarray) -> str:
    """One line of the table."""
    values = np.percentile(latencies_ms, PERCENTILES, method="higher")
    cells = " | ".join(f"{value:.0f}" for value in values)
    return f"| {name} | {len(latencies_ms)} | {cells} |"


def main() -> None:
    """Measure one after the other and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40.0)
    seconds = parser.parse_args().seconds
    print("| caller | requests | " + " | ".join(f"p{p} ms" for p in PERCENTILES) + " |")
    print("| --- |" + " --- |" * (len(PERCENTILES) + 1))
    print(f"| by arithmetic | {RATE_RPS * seconds:.0f} | " + " | ".join(map(str, TRUTH_MS)) + " |")
    for name, measure in (
        ("open loop, from the intended time", open_loop_ms),
        (f"closed loop, {USERS} users that wait", closed_loop_ms),
    ):
        with (
            tempfile.TemporaryDirectory() as folder,
            served("bench.stalling_server", *STALL) as address,
        ):
            print(row(name, measure(Path(folder), address, seconds)), flush=True)


if __name__ == "__main__":
    main()
