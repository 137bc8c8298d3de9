"""The original's slowdown says how its spins were chosen. Ours says how long calls waited.

Its script pools calls of all spins of one rate and divides their mean latency by the smallest
latency of the whole log: with spins of 100, 200, ... 1000 ms that is 550 / 100 = 5.5 where nothing
ever waits. Its published 5.5 to 7.2 come from that, a little late notice of the end of a wall-clock
loop on crowded cores, and a mode "Poisson" that sent its calls beside those of a ticker (1.6 times
as many). Divided call by call, the same records give 1.0 to 1.3.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.sweep.original import PUBLISHED, original_slowdown
from simulator.system.simulate import simulate
from tests.analysis.sweep.made import made_runs
from tests.analysis.sweep.simulated import Grid, asked_of

SPINS_S = tuple(n / 10 for n in range(1, 11))
CORES, QUANTUM_S = 2.0, 0.013
SENT_BY_ITS_POISSON = 1.6


def nothing_waits(*_):
    return 1.0


@pytest.fixture(scope="module")
def laptop():
    """Its grid on two cores: calls of a wall time that notice late that it is over."""
    system = {"is_wall": True, "quantum_s": QUANTUM_S, "is_proxied": False}
    grid = Grid(
        rates_rps=(15.0, 50.0, 50 * SENT_BY_ITS_POISSON),
        spins_s=SPINS_S,
        laws=("uniform", "poisson"),
        repetitions=1,
        duration_s=10.0,
        warm_up_s=0.0,
        cores=CORES,
        is_scaled=False,
        network_s=0.0,
        deadline_s=30.0,
        system=system,
    )
    return pd.DataFrame([_row(run, grid) for run in grid.sweep().runs if _was_sent(run)])


def _was_sent(run):
    is_more = run.cell.rate_rps > 50.0
    return (run.cell.law == "poisson") == is_more or run.cell.rate_rps == 15.0


def _row(run, grid):
    asked = asked_of(run, grid)
    done = simulate(asked.inputs(), asked.system)
    latencies_s = done.end_s - done.due_s
    return {
        "law": run.cell.law,
        "rate_rps": run.cell.rate_rps,
        "ok": len(latencies_s),
        "answered_sum_s": latencies_s.sum(),
        "answered_min_s": latencies_s.min(),
        "slowdown_mean": (latencies_s / run.cell.spin_s).mean(),
    }


def test_its_definition_gives_five_and_a_half_where_nothing_ever_waits():
    runs = made_runs(nothing_waits, spins_s=SPINS_S, repetitions=1)
    assert original_slowdown(runs)["slowdown"].tolist() == pytest.approx([5.5] * 6)


def test_ours_gives_one_in_each_of_those_cells():
    runs = made_runs(nothing_waits, spins_s=SPINS_S, repetitions=1)
    assert runs["slowdown_mean"].tolist() == [1.0] * len(runs)


def test_its_definition_gives_what_it_published_under_its_conditions(laptop):
    found = original_slowdown(laptop).set_index(["law", "rate_rps"])["slowdown"]
    calm, crowded = found["uniform", 15.0], found["poisson", 80.0]
    assert calm == pytest.approx(PUBLISHED[0], rel=0.03)
    assert crowded == pytest.approx(PUBLISHED[1], rel=0.05)
    assert calm < found["uniform", 50.0] < crowded


def test_ours_says_of_the_same_calls_that_they_hardly_waited(laptop):
    by_rate = laptop.groupby(["law", "rate_rps"])["slowdown_mean"].mean()
    assert by_rate["uniform", 15.0] == pytest.approx(1.0, abs=0.1)
    assert by_rate.max() < 2.0


def test_its_definition_changes_with_the_spins_and_not_with_the_waiting():
    short = made_runs(nothing_waits, spins_s=(0.1, 0.2), repetitions=1)
    assert original_slowdown(short)["slowdown"].tolist() == pytest.approx([1.5] * 6)


def test_no_answer_gives_no_number():
    runs = made_runs(nothing_waits, repetitions=1).assign(ok=0, answered_sum_s=0.0)
    assert np.isnan(original_slowdown(runs)["slowdown"]).all()
