"""Load shapes and rate profiles, headless: what rules is the rate's integral, to the arrival."""

import pytest

from shapes.plan import Plan
from tests.whole.harness import SHAPES_OF_OTHERS, side_by_side

RAMP = "--rate-profile ramp:0,50,2s --duration 3s"
LINES = {
    "several-none-chosen": "--rps 20 --duration 2s",
    "chosen": "--rps 20 --duration 2s --shape PoissonShape --seed 3",
    "ramp": RAMP,
    "ramp-poisson": f"{RAMP} --distribution poisson --seed 3",
    "ramp-without-a-shape-for-it": f"{RAMP} --distribution uniform-gap --seed 3",
    "burst": "--rate-profile burst:5,50,1s,200ms --duration 3s",
    "ramp-with-picker": f"{RAMP} --class-picker",
}


@pytest.fixture(scope="module")
def runs(folder, waiting_worker):
    always = f"--host {waiting_worker.address} --spin 20ms"
    return side_by_side(folder, {name: f"{always} {line}" for name, line in LINES.items()})


def ramp_area(t: float) -> float:
    return 12.5 * t**2 if t < 2 else 50 + 50 * (t - 2)


def test_of_several_shapes_none_is_active_unless_one_is_chosen(runs):
    rows = runs["several-none-chosen"].rows
    assert [row["intended_s"] for row in rows] == pytest.approx([k / 20 for k in range(40)])


def test_a_chosen_shape_brings_its_law(runs):
    assert runs["chosen"].summary["law"]["law"] == "poisson"
    assert 15 < runs["chosen"].counts()["planned"] < 70


@pytest.mark.parametrize("name", ["ramp", "ramp-with-picker"])
def test_the_count_follows_the_integral_of_the_rate(runs, name):
    for row in runs[name].rows:
        assert ramp_area(row["intended_s"]) == pytest.approx(row["k"], abs=1e-6)
    assert runs[name].counts()["planned"] == 100


@pytest.mark.parametrize("name", ["ramp-poisson", "ramp-without-a-shape-for-it"])
def test_a_random_law_follows_the_same_rate_by_its_own_spacing(runs, name):
    counts = runs[name].counts()
    assert counts["planned"] == pytest.approx(100, abs=4 * 10)
    assert counts["sent"] == counts["planned"]


@pytest.mark.parametrize("name", ["ramp", "ramp-poisson"])
def test_no_burst_is_sent_where_the_ramp_joins_the_constant_rate(runs, name):
    rows = runs[name].rows
    near = [r for r in rows if 1.75 <= r["sent_s"] < 2.25]
    planned = [r for r in rows if 1.75 <= r["intended_s"] < 2.25]
    assert len(near) == pytest.approx(len(planned), abs=4)


def test_a_burst_profile_is_high_at_the_end_of_each_period(runs):
    intended_s = [row["intended_s"] for row in runs["burst"].rows]
    in_bursts = [t for t in intended_s if t % 1 >= 0.8]
    assert len(in_bursts) == pytest.approx(30, abs=1)
    assert len(intended_s) - len(in_bursts) == pytest.approx(12, abs=1)


@pytest.mark.parametrize("name", ["chosen", "ramp", "burst", "ramp-without-a-shape-for-it"])
def test_a_run_with_a_shape_ends_at_its_duration_by_itself(runs, name):
    run = runs[name]
    assert run.code in {0, 3}, run.err
    assert run.summary["context"]["stopped_by"] is None
    assert "Traceback" not in run.err


def test_of_somebody_elses_shape_the_user_count_is_the_rate(folder, waiting_worker):
    line = f"--host {waiting_worker.address} --spin 20ms"
    run = side_by_side(folder, {"others": line}, locustfile=SHAPES_OF_OTHERS)["others"]
    rates = Plan.from_dict(run.manifest.plans[-1]).rates
    assert [segment.rate_rps for segment in rates.segments] == [20, 40]
    # Locust asks a shape once a second, and an edit takes effect a second later.
    assert 2 < rates.segments[1].start_s < 4.5
    assert [rates.integral(row["intended_s"]) for row in run.rows] == pytest.approx(
        [row["k"] for row in run.rows], abs=1e-6
    )
    assert run.counts()["sent"] == run.counts()["planned"]
