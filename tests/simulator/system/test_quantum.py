"""Calls that last a wall time notice that it is over when they have a core: not at once."""

import numpy as np
import pytest

from simulator.system.simulate import simulate
from simulator.system.world import COINS
from tests.simulator.system.systems import fixed, inputs, poisson_s, run

QUANTUM_S = 0.01


def late_s(calls, cores, drawn):
    """How late the first of so many calls at once notices, given what is drawn for all."""
    coins = np.full(COINS * calls, drawn)
    settings = fixed(1, concurrency=0, cores=cores, is_wall=True, quantum_s=QUANTUM_S)
    found = simulate(inputs([0.0] * calls, 1.0)._replace(coins=list(coins)), settings)
    return found.end_s.min() - 1.0


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [(0.0, 0.0), (0.2499, 0.0), (0.25, 0.0), (0.625, 0.015), (0.999999, 0.03)],
)
def test_off_its_core_a_call_waits_evenly_up_to_all_others_quanta(drawn, expected):
    assert late_s(8, 2.0, drawn) == pytest.approx(expected, abs=1e-6)


def test_on_enough_cores_it_notices_at_once():
    assert late_s(2, 2.0, 0.9) == 0.0


def test_overload_of_wall_clock_calls_hardly_shows():
    # 25 times what two cores can do; as CPU work nothing would be answered in time.
    due_s = poisson_s(50.0, 120, 1)
    settings = fixed(1, concurrency=0, cores=2.0, is_wall=True, quantum_s=QUANTUM_S)
    found = run(due_s, 1.0, settings)
    slowdown = (found.end_s - found.due_s)[found.due_s > 10].mean()

    assert 1.08 < slowdown < 1.16
