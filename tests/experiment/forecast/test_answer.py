"""What is modelled in time, and what is said of the rest."""

import pytest

from experiment.forecast import answer as answering
from experiment.forecast.answer import ask_model
from experiment.forecast.engine import Job, simulate_all
from experiment.forecast.modelled import Modelled
from experiment.forecast.modelled_run import modelled_run
from experiment.sweep.presets import SEED
from tests.experiment.forecast.asking import SMALL, row, sweep_rows

TINY = ("--rps", "5", "--service-time", "100ms", "--cc", "1", "--duration", "20s")


def test_an_overload_is_not_modelled():
    found = ask_model([row(*TINY, "--cores", "0.25")], 20.0, 5.0)

    assert found.found == ()
    assert found.left_out == ("Not modelled: the overload, which has no steady state.",)


def test_processes_of_their_own_model_what_this_one_would():
    rows = sweep_rows(SMALL)
    found = ask_model(rows, 20.0, 5.0, seconds=60.0)

    assert [one.setting for one in found.found] == [one for one, _ in rows]
    assert found.left_out == ()
    for one in found.found[:2]:
        alone = [modelled_run(one.setting.values, seed).p99_s for seed in range(1, 6)]
        assert one.figures["p99_s"].mean == pytest.approx(sum(alone) / 5)


def test_what_time_did_not_allow_is_said(monkeypatch):
    rows = sweep_rows(SMALL)
    done = [Modelled(rows[0][0], 3, {})]
    monkeypatch.setattr(answering, "modelled", lambda *_, **__: done)
    found = ask_model(rows, 20.0, 5.0, seconds=3.0)

    assert found.left_out == (
        "Not modelled: 3 cells, for 3 s were over.",
        "1 cell with 3 runs in place of 5, for 3 s were over.",
    )


def test_where_nothing_was_done_the_minute_that_it_got_is_named(monkeypatch):
    monkeypatch.setattr(answering, "modelled", lambda *_, **__: [])
    found = ask_model([row(*TINY)], 20.0, 5.0, seconds=3.0)

    assert found.left_out == (
        "Not modelled: the machine is too busy, 1m were over; ask again later.",
    )


def test_one_question_is_answered_on_a_busy_machine_too():
    found = ask_model([row(*TINY)], 20.0, 5.0, seconds=0.0)

    assert [one.runs for one in found.found] == [5]
    assert found.left_out == ()


def test_a_grid_that_is_too_large_is_thinned_and_says_so(monkeypatch):
    monkeypatch.setattr(answering, "modelled", lambda *_, **__: [])
    found = ask_model(sweep_rows(SEED), 720.0, 240.0)

    assert "of 200 cells, evenly chosen" in found.left_out[0]
    assert "Modelled runs take 4m in place of 12m." in found.left_out


def test_nothing_to_simulate_starts_no_process():
    assert simulate_all([], 1.0, at_least=5, is_plain=True) == []


def test_jobs_that_do_not_fit_in_the_time_are_none():
    setting, _ = row(*TINY)

    assert simulate_all([Job(setting.values, 1)], 0.0, at_least=0, is_plain=True) == [None]
