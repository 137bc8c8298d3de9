"""Make the two files beside this one: a trace of our own in the layout of Azure Functions 2019.

python examples/traces/make.py --seed 1

Nothing of anybody's trace is in it. Six functions over an hour: a steady one, one that breathes
over the hour, one with bursts, a timer, one that is rare, one that starts late.
"""

import argparse
import csv
import hashlib
import math
import random
from pathlib import Path

HERE = Path(__file__).parent
MINUTES = 60
PERCENTILES = (0, 1, 25, 50, 75, 99, 100)
BURST_EVERY, BURST_FOR, TIMER_EVERY, LATE_FROM = 20, 2, 5, 40
# Name, trigger, mean calls in a minute, median duration in milliseconds.
FUNCTIONS = (
    ("steady", "http", lambda _: 60.0, 60),
    ("breathing", "http", lambda minute: 40 + 30 * math.sin(2 * math.pi * minute / MINUTES), 120),
    ("bursts", "queue", lambda minute: 240.0 if minute % BURST_EVERY < BURST_FOR else 0.0, 40),
    ("timer", "timer", lambda minute: 1.0 if minute % TIMER_EVERY == 0 else 0.0, 300),
    ("rare", "http", lambda _: 0.1, 200),
    ("late", "event", lambda minute: 90.0 if minute >= LATE_FROM else 0.0, 80),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    names = ["HashOwner", "HashApp", "HashFunction"]
    counts = [[*names, "Trigger", *map(str, range(1, MINUTES + 1))]]
    shares = [f"percentile_Average_{p}" for p in PERCENTILES]
    durations = [[*names, "Average", "Count", "Minimum", "Maximum", *shares]]
    for name, trigger, rate, median_ms in FUNCTIONS:
        draw = random.Random(f"{options.seed} {name}")  # noqa: S311 - nothing secret
        hashed = [hash_of("owner"), hash_of("app"), hash_of(name)]
        row = [drawn(rate(minute), trigger, draw) for minute in range(MINUTES)]
        counts.append([*hashed, trigger, *row])
        durations.append([*hashed, *spread(median_ms, sum(row))])
    write(options.out / "functions.csv", counts)
    write(options.out / "durations.csv", durations)


def hash_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def drawn(mean: float, trigger: str, draw: random.Random) -> int:
    """A timer is exact; others count as Poisson does (Knuth's method, sums of exponentials)."""
    if trigger == "timer":
        return round(mean)
    count, passed = 0, draw.expovariate(1.0)
    while passed < mean:
        count, passed = count + 1, passed + draw.expovariate(1.0)
    return count


def spread(median_ms: float, count: int) -> list[float]:
    """Average, count, minimum, maximum and percentiles, from half the median to five times it."""
    factors = (0.5, 0.55, 0.8, 1.0, 1.4, 4.0, 5.0)
    values = [round(median_ms * factor, 1) for factor in factors]
    return [round(median_ms * 1.2, 1), count, values[0], values[-1], *values]


def write(path: Path, rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
