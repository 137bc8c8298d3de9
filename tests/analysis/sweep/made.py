"""Rows of a sweep without any run behind them: what its statistics are made of."""

import itertools

import numpy as np
import pandas as pd

from shapes.quantities import format_duration

NUMBERS = {
    "mean_bound_s": np.nan,
    "success_effective_n": 1000.0,
    "deadline_s": 10.0,
    "pod_seconds": 20.0,
    "pods_start": 1.0,
    "pods_most": 1.0,
    "pods_end": 1.0,
    "mser5_s": 0.0,
    "effective_n": 500.0,
    "warm_up_s": 10.0,
}


def made_runs(
    slowdown,
    *,
    rates_rps=(5.0, 10.0, 20.0),
    spins_s=(0.1, 0.2),
    laws=("uniform", "poisson"),
    arms=("as-is",),
    repetitions=5,
    cores=8.0,
):
    """One row per run; `slowdown(arm, law, spin_s, rate_rps, repetition)` is its mean slowdown."""
    product = itertools.product(range(1, repetitions + 1), arms, laws, spins_s, rates_rps)
    rows = [
        _row(number, (arm, law, spin_s, rate_rps), cores)
        | _latencies(slowdown(arm, law, spin_s, rate_rps, number), spin_s)
        for number, arm, law, spin_s, rate_rps in product
    ]
    return pd.DataFrame(rows)


def _row(number, cell, cores):
    arm, law, spin_s, rate_rps = cell
    return {
        "run_id": f"{law}-{rate_rps:g}rps-{spin_s:g}-{arm}-r{number}",
        "block": number,
        "repetition": number,
        "arm": arm,
        "law": law,
        "spin_s": spin_s,
        "spin": format_duration(spin_s),
        "rate_rps": rate_rps,
        "rho": rate_rps * spin_s / cores,
        "class": "stable",
        "said": "",
        "usable": True,
        "ok": 1000,
        "sent": 1000,
        "planned": 1000,
        "ok_rps": rate_rps,
        "sent_rps": rate_rps,
        "ideal": "the calibration",
        "checks": [],
        "failures": [],
        **NUMBERS,
    }


def _latencies(slowdown, spin_s):
    return {
        "mean_s": slowdown * spin_s,
        "p99_s": 2 * slowdown * spin_s,
        "slowdown_mean": slowdown,
        "slowdown_p99": 2 * slowdown,
        "answered_sum_s": 1000 * slowdown * spin_s,
        "answered_min_s": spin_s,
    }


def changed(runs, where, **values):
    """The rows, with values of those that a condition picks replaced."""
    runs = runs.copy()
    for name, value in values.items():
        column = runs[name].tolist()
        runs[name] = [value if hit else old for hit, old in zip(where, column, strict=True)]
    return runs
