"""Without a load shape the number of users is the rate; every rate is kept, and every arrival."""

import pytest

from tests.whole.harness import ROOT, run_locust, side_by_side

ONE_SHAPE = "from grpc_user.spin_user import SpinUser\n"
LINES = {
    "a-tenth": "--rps 0.1 --duration 10500ms",
    "seven": "--rps 7 --duration 2s",
    "ten-and-a-half": "--rps 10.5 --duration 2s",
    "fifteen-hundred": "--rps 1500 --duration 1500ms --spin 0s",
    "poisson": "--rps 40 --duration 2s --distribution poisson --seed 7",
    "poisson-again": "--rps 40 --duration 2s --distribution poisson --seed 7",
    "poisson-other-seed": "--rps 40 --duration 2s --distribution poisson --seed 8",
    "idle-stretch": "--rate-profile step:20@0s,0@1s,20@2s --duration 3s",
    "slow-start": "-u 20 -r 10 -t 3s",
}


@pytest.fixture(scope="module")
def runs(folder, waiting_worker):
    always = f"--host {waiting_worker.address}"
    lines = {name: f"{always} --spin 20ms {line}" for name, line in LINES.items()}
    return side_by_side(folder, lines)


@pytest.mark.parametrize(
    ("name", "planned"),
    [("a-tenth", 2), ("seven", 14), ("ten-and-a-half", 21), ("fifteen-hundred", 2250)],
)
def test_every_rate_plans_its_arrivals_and_loses_none(runs, name, planned):
    counts = runs[name].counts()
    assert counts["planned"] == planned
    assert counts["failed"] == 0


@pytest.mark.parametrize(
    ("name", "rate_rps"), [("a-tenth", 0.1), ("seven", 7), ("ten-and-a-half", 10.5)]
)
def test_uniform_arrivals_are_equidistant_the_first_at_zero(runs, name, rate_rps):
    for row in runs[name].rows:
        assert row["intended_s"] == pytest.approx(row["k"] / rate_rps, abs=1e-9)


def test_a_rate_beyond_the_machine_is_flagged_and_never_hidden(runs):
    run = runs["fifteen-hundred"]
    assert run.counts()["planned"] == run.summary["counts"]["all"]["planned"]
    assert run.code == 0 or run.summary["verdict"]["findings"]


def test_the_same_seed_gives_the_same_arrivals_to_the_bit(runs):
    one, again, other = (
        [(row["k"], row["intended_s"]) for row in runs[name].rows]
        for name in ("poisson", "poisson-again", "poisson-other-seed")
    )
    assert one == again
    assert one != other


def test_an_idle_stretch_sends_nothing_and_the_run_goes_on_after_it(runs):
    intended_s = [row["intended_s"] for row in runs["idle-stretch"].rows]
    assert sum(t < 1 for t in intended_s) == 20
    assert not [t for t in intended_s if 1 < t < 2]
    assert sum(t >= 2 for t in intended_s) == 20


def test_locusts_spawn_rate_is_a_ramp_of_the_rate(runs):
    for row in runs["slow-start"].rows:
        t = row["intended_s"]
        area = 5 * t**2 if t < 2 else 20 + 20 * (t - 2)
        assert area == pytest.approx(row["k"], abs=1e-6)
    assert runs["slow-start"].counts()["planned"] == 40


def test_a_drawn_seed_is_recorded_and_gives_the_run_again(folder, waiting_worker):
    line = f"--host {waiting_worker.address} --rps 20 --duration 500ms --distribution poisson"
    drawn = side_by_side(folder / "drawn", {"run": f"{line} --spin 1ms"})["run"]
    seeded = f"{line} --spin 1ms --seed {drawn.manifest.seed}"
    again = side_by_side(folder / "again", {"run": seeded})["run"]
    assert [r["intended_s"] for r in drawn.rows] == [r["intended_s"] for r in again.rows]


def test_one_shape_in_the_locustfile_is_active_as_in_locust(folder, waiting_worker):
    """And brings its law."""
    locustfile = folder / "one_shape.py"
    locustfile.write_text(
        f"{ONE_SHAPE}from shapes.load_test_shapes import PoissonShape\n", encoding="utf-8"
    )
    line = ("--host", waiting_worker.address, "--rps", "20", "--duration", "2s", "--spin", "1ms")
    where = {"locustfile": locustfile, "env": {"PYTHONPATH": str(ROOT)}}
    run = run_locust(folder / "one", *line, "--seed", "1", **where)
    assert run.summary["law"]["law"] == "poisson"
    assert run.counts()["sent"] == run.counts()["planned"] > 0
