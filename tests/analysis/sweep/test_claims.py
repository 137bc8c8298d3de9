import numpy as np
import pytest

from analysis.sweep.cells import cells_of
from analysis.sweep.claims import claims_of, judge_range, judge_ratio
from analysis.sweep.laws import compare_laws
from tests.analysis.sweep.made import changed, made_runs


@pytest.mark.parametrize(
    ("low", "high", "finding"),
    [
        (1.02, 1.10, "CONFIRMED"),
        (0.90, 0.97, "REFUTED"),
        (0.95, 1.10, "BOUNDED"),
        (1.001, 1.004, "BOUNDED"),
        (0.995, 0.999, "BOUNDED"),
        (1.0, 1.0, "BOUNDED"),
        (np.nan, np.nan, "not answered"),
    ],
)
def test_a_ratio_is_judged_by_its_whole_interval(low, high, finding):
    assert judge_ratio((low + high) / 2, low, high) == finding


@pytest.mark.parametrize(
    ("low", "high", "finding"),
    [
        (5.6, 7.0, "CONFIRMED"),
        (1.0, 1.1, "REFUTED"),
        (8.0, 9.0, "REFUTED"),
        (5.0, 6.0, "BOUNDED"),
        (np.nan, np.nan, "not answered"),
    ],
)
def test_a_range_is_judged_by_the_whole_interval(low, high, finding):
    assert judge_range(low, high, (5.5, 7.2)) == finding


def claims(runs):
    cells = cells_of(runs)
    return {claim.text: claim for claim in claims_of(runs, cells, compare_laws(runs, cells))}


def test_a_target_without_queues_bounds_the_laws_and_refutes_the_level():
    found = claims(made_runs(lambda *_: 1.0))
    assert found["Poisson is slower than uniform (average latency)"].finding == "BOUNDED"
    assert found["slowdown rises with the rate"].finding == "BOUNDED"
    assert found["slowdown is 5.5 to 7.2"].finding == "REFUTED"


def test_a_target_with_queues_confirms_what_queueing_theory_says():
    def queued(_arm, law, spin_s, rate_rps, repetition):
        load = rate_rps * spin_s / 5
        return 1 + (load * (1 + 0.01 * repetition) if law == "poisson" else 0.1 * load)

    found = claims(made_runs(queued))
    assert found["Poisson is slower than uniform (p99)"].finding == "CONFIRMED"
    assert found["slowdown rises with the rate"].finding == "CONFIRMED"
    assert found["the rise with the rate is larger under Poisson"].finding == "CONFIRMED"
    assert found["slowdown rises with the spin"].finding == "CONFIRMED"


def test_a_finding_states_effect_interval_and_conditions():
    claim = claims(made_runs(lambda *cell: 1.2 if cell[1] == "poisson" else 1.0))[
        "Poisson is slower than uniform (average latency)"
    ]
    assert claim.effect == "1.200 times (95 % 1.200 to 1.200)"
    assert claim.conditions.startswith("6 cells stable under both laws")
    assert "rho 0.0625 to 0.5" in claim.conditions


def test_the_originals_definition_stands_beside_ours_as_wrong():
    runs = made_runs(lambda *_: 1.0, spins_s=tuple(n / 10 for n in range(1, 11)))
    claim = claims(runs)["for comparison: the original's definition on the same records"]
    assert claim.finding == "wrong definition"
    assert claim.estimate == pytest.approx(5.5)


def test_overload_answers_nothing():
    runs = made_runs(lambda *_: 6.0)
    runs = changed(runs, [True] * len(runs), **{"class": "overload"})
    judged = [claim.finding for claim in claims(runs).values()]
    assert set(judged) == {"not answered", "wrong definition"}


def test_two_repetitions_answer_nothing():
    runs = made_runs(lambda *_: 6.0, repetitions=2)
    judged = [claim.finding for claim in claims(runs).values()]
    assert set(judged) == {"not answered", "wrong definition"}
