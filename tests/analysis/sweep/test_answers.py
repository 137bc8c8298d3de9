from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from analysis.sweep.answers import Answers, not_answered
from analysis.sweep.method import method_of
from analysis.sweep.screen import first_screen, tone_of
from analysis.sweep.study import Study
from records.sweeps.ledger import FINISHED
from tests.analysis.sweep.made import changed, made_runs
from tests.analysis.sweep.simulated import Grid
from verdict.checks import parse_check

CHECK = "p99<1s"


def study(runs, *, arms=("as-is",), finished=True, checks=(CHECK,)):
    grid = Grid(repetitions=5).sweep()
    named = replace(grid, arms=[SimpleNamespace(name=name, settings={}) for name in arms])
    entries = [SimpleNamespace(event=FINISHED)] if finished else []
    disk = SimpleNamespace(sweep=named, entries=entries, standings={})
    runs = runs.assign(checks=[[(text, True) for text in checks]] * len(runs))
    return Study(disk, [parse_check(text) for text in checks], runs)


def calm(**made):
    return made_runs(lambda *cell: 1.2 if cell[1] == "poisson" else 1.0, **made)


def gaps(runs, **how):
    return not_answered(Answers(study(runs, **how)))


def says(sentences, part):
    return any(part in sentence for sentence in sentences)


def scaled(runs):
    return runs.assign(pods_most=3.0)


def test_a_whole_sweep_of_two_arms_leaves_nothing_open():
    assert gaps(scaled(calm(arms=("a", "b"))), arms=("a", "b")) == []


@pytest.mark.parametrize(
    ("runs", "how", "part"),
    [
        (calm(repetitions=2), {}, "2 repetitions of 5 planned, an interval takes 5"),
        (calm(laws=("poisson",)), {}, "has not both uniform and Poisson"),
        (calm(), {"checks": ()}, "the sweep has no checks"),
        (calm(), {}, "there is one arm"),
        (calm(), {}, "never exercised, the number of pods never changed"),
        (calm().assign(pod_seconds=np.nan), {}, "nobody watched pods"),
        (calm().assign(rho=np.nan), {}, "the cores are not known"),
        (calm().assign(ideal="the requested spin (no …)"), {}, "no calibration was made"),
        (calm().assign(**{"class": "overload"}), {}, "no cell is stable"),
        (calm().assign(**{"class": "overload"}), {}, "why 12 cells below rho = 1 could not keep"),
    ],
)
def test_what_a_sweep_cannot_tell_is_said_with_its_reason(runs, how, part):
    assert says(gaps(runs, **how), part)


def test_missing_runs_of_an_interrupted_sweep_are_said_first():
    runs = calm()
    runs = changed(runs, runs["repetition"].gt(2), usable=False, **{"class": "missing"})
    first = gaps(runs, finished=False)[0]
    assert first == "what 36 missing runs would say: the sweep has not ended"


def test_skipped_runs_leave_overload_open():
    runs = calm()
    runs = changed(runs, runs["rate_rps"].gt(5), usable=False, **{"class": "skipped"})
    assert says(gaps(runs), "40 runs skipped as it was asked")


def test_the_screen_names_the_cheapest_arm_with_its_interval():
    runs = scaled(calm(arms=("a", "b")))
    runs = runs.assign(pod_seconds=runs["arm"].map({"a": 100.0, "b": 250.0}))
    screen = first_screen(Answers(study(runs, arms=("a", "b"))))
    assert "arm a at 0.1 (95 % 0.1 to 0.1) pod-seconds per success" in screen
    assert "meets p99<1s in all 12 cells" not in screen.splitlines()[1]
    assert "arm b costs 2.5 (95 % 2.5 to 2.5) times as much" in screen


def screen_with(met):
    """Of two arms; `met(row)` is whether a run meets the check."""
    runs = scaled(calm(arms=("a", "b")))
    asked = study(runs, arms=("a", "b"))
    checks = [[(CHECK, met(row))] for row in runs.to_dict("records")]
    return first_screen(Answers(replace(asked, runs=runs.assign(checks=checks))))


def test_no_arm_is_cheapest_where_none_meets_the_checks():
    assert "none: no arm meets p99<1s in any of 12 measured cells" in screen_with(lambda _: False)


def test_no_arm_is_cheapest_where_each_fails_in_a_cell_that_another_masters():
    screen = screen_with(lambda row: (row["arm"] == "a") == (row["law"] == "poisson"))
    assert "none meets the checks wherever another does" in screen
    assert "a: meets p99<1s in 6 of 12 cells" in screen


def test_without_a_cell_that_all_arms_are_stable_in_no_price_is_laid_to_unwatched_pods():
    runs = scaled(calm(arms=("a", "b")))
    runs = changed(runs, runs["arm"].eq("b"), **{"class": "marginal"})
    screen = first_screen(Answers(study(runs, arms=("a", "b"), checks=())))
    assert "not known, no cell is stable in all arms" in screen
    assert "watched" not in screen


def test_pods_that_nobody_watched_are_named_before_cells_that_are_not_stable():
    runs = calm().assign(**{"class": "marginal"}, pod_seconds=np.nan)
    assert "not known, pods were not watched" in first_screen(Answers(study(runs, checks=())))


def test_without_pods_the_screen_says_who_meets_the_checks_and_no_price():
    runs = calm(arms=("a", "b")).assign(pod_seconds=np.nan)
    screen = first_screen(Answers(study(runs, arms=("a", "b"))))
    assert "not known, pods were not watched" in screen
    assert "b: meets p99<1s in all 12 cells, price not known" in screen


def test_the_screen_puts_poisson_over_uniform_with_its_interval():
    screen = first_screen(Answers(study(calm())))
    assert "Poisson over uniform, average latency: 1.2 (95 % 1.2 to 1.2) times" in screen


def test_the_screen_counts_cells_and_runs_by_class():
    runs = calm()
    runs = changed(runs, runs["rate_rps"].eq(20), **{"class": "overload"})
    screen = first_screen(Answers(study(runs)))
    assert "8 stable, 4 overload" in screen
    assert "60 used of 60: 40 stable, 20 overload" in screen


def test_a_sweep_without_a_usable_run_has_no_number_at_all():
    runs = calm().assign(usable=False, **{"class": "invalid"})
    found = Answers(study(runs))
    screen = first_screen(found)
    assert "anything: no run can be used" in screen
    assert "times" not in screen
    assert tone_of(found) == "fail"


def test_an_unfinished_sweep_is_in_doubt():
    assert tone_of(Answers(study(calm(), finished=False))) == "doubt"
    assert tone_of(Answers(study(calm()))) == "pass"


def test_the_method_says_what_calls_of_one_run_are_worth():
    said = " ".join(method_of(Answers(study(calm()))))
    assert "worth 0.5 to 0.5 times as many independent ones" in said


def test_the_method_names_the_calibration_and_how_it_was_made():
    made = replace(study(calm()), calibration={"by_spin": [[0.1, 0.102]], "how": {"calls": 30}})
    assert "Ideal: the calibration. Calibrated before the sweep (calls 30)." in method_of(
        Answers(made)
    )
