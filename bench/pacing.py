"""How true arrivals are at the server, and how late they leave, at 50 rps with fixed seeds.

    python -m bench.pacing [--seconds 20] [--rps 50]

Prints, for equidistant and Poisson arrivals through Locust: the coefficient of variation of the
gaps or their distance to the exponential law as the server saw them, beside the band in which a
perfect process of that length lies; and the generator's own lateness.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from bench.processes import run_locust, served
from records.reader import open_run

SEEDS = (1, 2, 3)
BAND = 0.99
CV_LIMIT = 0.02
LAG_LIMITS_MS = (0.35, 1.5)


@dataclass(frozen=True)
class Seen:
    """What one run showed.

    Attributes:
        gaps_s: Time between arrivals at the server, in order.
        lag_ms: Lateness of each sending at the generator.
    """

    gaps_s: np.ndarray
    lag_ms: np.ndarray


def measure(law: str, seed: int, rps: float, seconds: float) -> Seen:
    """One run against the server that notes arrivals."""
    with tempfile.TemporaryDirectory() as folder:
        stamps, results = Path(folder, "arrivals.txt"), Path(folder, "results")
        with served("bench.arrival_stamps", "--out", str(stamps)) as address:
            run_locust(
                "locustfile.py",
                *("--host", address, "--distribution", law, "--seed", str(seed)),
                *("--rps", f"{rps:g}", "--duration", f"{seconds:g}s", "--spin", "1ms"),
                *("--records", str(results), "--run-id", "pacing"),
            )
        rows = open_run(results / "pacing").table(["intended_s", "sent_s"]).to_pandas()
        arrivals_s = np.loadtxt(stamps)
    lag_ms = 1e3 * (rows.sent_s - rows.intended_s).to_numpy()
    return Seen(gaps_s=np.diff(np.sort(arrivals_s)), lag_ms=lag_ms)


def describe_uniform(seen: Seen) -> str:
    """CV of the gaps; a perfect process has 0."""
    cv = float(seen.gaps_s.std() / seen.gaps_s.mean())
    return f"CV of arrivals at the server {cv:.4f} (perfect 0; wanted < {CV_LIMIT})"


def describe_poisson(seen: Seen, rps: float) -> str:
    """Distance of the gaps to the exponential law, and the band of a perfect process."""
    n = len(seen.gaps_s)
    distance = float(stats.kstest(seen.gaps_s * rps, "expon").statistic)
    limit = float(stats.kstwo.ppf(BAND, n))
    inside = "inside" if distance <= limit else "OUTSIDE"
    return (
        f"KS distance to the exponential law {distance:.4f}, {inside} the band of a perfect "
        f"process (n = {n}: {BAND:.0%} lie below {limit:.4f})"
    )


def describe_lag(seen: Seen) -> str:
    """Percentiles of the generator's own lateness."""
    p50, p99 = np.percentile(seen.lag_ms, (50, 99))
    return (
        f"lag p50 {p50:.3f} ms (wanted < {LAG_LIMITS_MS[0]}), "
        f"p99 {p99:.3f} ms (wanted < {LAG_LIMITS_MS[1]} on a quiet machine)"
    )


def main() -> None:
    """Measure both laws with every seed and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rps", type=float, default=50.0)
    options = parser.parse_args()
    for law in ("uniform", "poisson"):
        for seed in SEEDS:
            seen = measure(law, seed, options.rps, options.seconds)
            law_line = (
                describe_uniform(seen) if law == "uniform" else describe_poisson(seen, options.rps)
            )
            print(f"{law:8} {options.rps:g} rps seed {seed}: {law_line}; {describe_lag(seen)}")


if __name__ == "__main__":
    main()
