"""Judging the claims by the runs of one system."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics.interval import Interval
from analysis.sweep.claims import CONFIRMED, NOT_ANSWERED, REFUTED
from analysis.sweep.standing import OVERLOAD, STABLE
from experiment.claims.findings import found_on, say_rank

RATES_RPS, SPINS_S = (5.0, 10.0, 20.0), (0.1, 0.2, 0.4)


def runs_where(slowdown_of, class_of=lambda **_: STABLE):
    """Runs of a small grid, with a slowdown for each."""
    rows = []
    noise = np.random.default_rng(1)
    for law, rate, spin, number in itertools.product(
        ("uniform", "poisson"), RATES_RPS, SPINS_S, range(1, 6)
    ):
        name = class_of(law=law, rate=rate, spin=spin)
        slowdown = slowdown_of(law=law, rate=rate, spin=spin) * (1 + 1e-4 * noise.random())
        rows.append(_row((law, rate, spin), number, name, slowdown))
    return pd.DataFrame(rows)


def _row(cell, number, name, slowdown):
    law, rate, spin = cell
    sent = 1000
    ok = 500 if name == OVERLOAD else sent
    slowdown = math.inf if name == OVERLOAD else slowdown
    return {
        "arm": "one", "law": law, "spin_s": spin, "spin": f"{spin:g}s", "rate_rps": rate,
        "load": rate * spin, "rho": rate * spin / 16, "repetition": number, "class": name,
        "usable": True, "sent": sent, "ok": ok, "success_effective_n": float(sent),
        "deadline_s": 30.0, "mean_bound_s": math.nan, "mean_s": spin * slowdown,
        "p99_s": spin * slowdown, "slowdown_mean": slowdown, "slowdown_p99": slowdown,
        "answered_sum_s": ok * spin, "answered_min_s": spin,
    }  # fmt: skip


def finding(found, part):
    return next(claim for claim in found.claims if part in claim.text)


def rising(law, rate, spin):
    return 1 + (0.02 if law == "poisson" else 0.0) * rate * spin


def test_what_rises_with_both_and_more_under_poisson_is_confirmed():
    found = found_on(runs_where(rising))

    for part in ("average latency", "with the rate", "with the spin", "under Poisson"):
        assert finding(found, part).finding == CONFIRMED


def test_what_falls_is_refuted():
    found = found_on(runs_where(lambda law, rate, spin: 1 + 1 / (rate * spin)))

    assert finding(found, "slowdown rises with the rate").finding == REFUTED
    assert finding(found, "slowdown rises with the spin").finding == REFUTED
    assert found.ranks["load"][0] < -0.9


def test_overloaded_cells_are_counted_and_in_no_average():
    def only_the_largest(law, rate, spin):
        return OVERLOAD if rate * spin >= 8 else STABLE

    found = found_on(runs_where(rising, only_the_largest))

    assert found.classes[OVERLOAD] == 2
    assert finding(found, "5.5").estimate == pytest.approx(1.025, abs=0.01)
    assert all(math.isfinite(claim.high) for claim in found.claims[:5])


def test_a_failed_call_anywhere_refutes_success_everywhere():
    some = found_on(runs_where(rising, lambda law, rate, spin: OVERLOAD if rate == 20 else STABLE))
    none = found_on(runs_where(rising))

    assert finding(some, "success").finding == REFUTED
    assert "6 of 18 cells, down to 50 %" in finding(some, "success").effect
    assert finding(none, "success").finding == CONFIRMED


def test_without_a_stable_cell_only_success_is_answered():
    found = found_on(runs_where(rising, lambda **_: OVERLOAD))

    assert {claim.finding for claim in found.claims[:-1]} == {NOT_ANSWERED}


def test_ranks_are_spearmans_of_poisson_cells():
    runs = runs_where(rising)
    one = runs[runs["law"].eq("poisson") & runs["repetition"].eq(1)]
    expected = stats.spearmanr(one["rate_rps"], one["slowdown_mean"]).statistic

    assert found_on(runs).ranks["rate_rps"][0] == pytest.approx(expected, abs=0.05)


def test_a_rank_correlation_is_said_with_its_interval():
    assert say_rank((0.5, Interval(0.4, 0.6, 5.0))) == "+0.50 (+0.40 to +0.60)"
    assert say_rank((0.5, Interval(math.nan, math.nan, math.nan, "few"))) == "+0.50"
    assert say_rank((math.nan, Interval(math.nan, math.nan, math.nan, "none"))) == "none"
