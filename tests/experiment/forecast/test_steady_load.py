"""How far a steady load's averages swing: arithmetic against drawn arrivals."""

import numpy as np
import pytest

from experiment.forecast.steady_load import steady_load
from simulator.service import Service


@pytest.mark.parametrize("spin_s", [0.1, 1.0, 20.0])
@pytest.mark.parametrize(("law", "gap_cv"), [("poisson", 1.0), ("uniform-gap", 1 / 3**0.5)])
def test_the_swing_of_calls_at_once_is_that_of_drawn_arrivals(law, gap_cv, spin_s):
    load = steady_load(20.0, law, spin_s, Service())

    assert load.mean == pytest.approx(20.0 * spin_s)
    measured = averages(20.0, gap_cv, spin_s, window_s=6.0).std()
    assert load.panic_sd == pytest.approx(measured, rel=0.1)


def test_equidistant_arrivals_do_not_swing():
    load = steady_load(20.0, "uniform", 0.5, Service())

    assert (load.stable_sd, load.panic_sd) == (0.0, 0.0)


def test_calls_a_second_count_as_a_poisson_process_does():
    load = steady_load(30.0, "poisson", 0.5, Service(metric="rps"))

    assert load.mean == 30.0
    assert load.stable_sd == pytest.approx((30.0 * 60.0) ** 0.5 / 60.0)


def averages(rate_rps, gap_cv, spin_s, window_s):
    """Calls at once, averaged over windows, of arrivals with exponential or uniform gaps."""
    rng = np.random.default_rng(7)
    count = int(rate_rps * 6_000)
    gaps_s = rng.exponential(1.0, count) if gap_cv == 1.0 else rng.uniform(0.0, 2.0, count)
    begin_s = np.cumsum(gaps_s) / rate_rps
    edges_s = np.arange(100.0, begin_s[-1] - 100.0, window_s)
    # The work done before a moment: of each call as much as lies before it.
    done = np.array([np.clip(at_s - begin_s, 0.0, spin_s).sum() for at_s in edges_s])
    return np.diff(done) / window_s
