"""One run of the benchmark goes through to its end, whatever a client does."""

import sys
import time

import pytest

from bench.peers import __main__ as command
from bench.peers import lineup, rows, servers, started
from bench.peers.aiperf import AIPerf
from bench.peers.client import Reported
from bench.peers.plan import Trial, listing, measured, total_s
from bench.peers.rows import Row
from bench.peers.trials import Trials

QUARTER_OF_AN_HOUR_S = 900.0


def trial(name, measure):
    return Trial("saturated", name, 1, None, "uniform", 2.0, measure)


def failing():
    raise OSError("no space left")


class Client:
    name, laws, extra_s, part = "a client", ("uniform",), 0.1, ""

    def __init__(self, script):
        self._script = script

    def version(self):
        return "1"

    def command(self, load, folder):
        return [sys.executable, "-c", self._script]

    def read(self, folder, printed):
        return Reported(int(printed.split()[-1]), 0, {})


def test_a_trial_that_fails_is_a_row_that_says_why_and_the_next_one_follows():
    good = trial("good", lambda: [Row("saturated", "good", 1, None, "uniform", {"calls": 1.0})])
    bad = trial("bad", failing)
    made = [row for some in measured([bad, good], lambda _: None) for row in some]
    assert [(row.client, row.error) for row in made] == [
        ("bad", "OSError: no space left"),
        ("good", ""),
    ]


def test_the_listing_has_a_line_for_each_trial_and_the_sum_of_their_lengths():
    lines = listing([trial("one", failing)] * 30)
    assert len(lines) == 31
    assert lines[-1] == "30 trials, about 1.0 min"


@pytest.fixture
def everyone_here(monkeypatch):
    monkeypatch.setattr(lineup, "present", lambda clients, wanted=(): list(clients))


def planned(modes=lineup.MODES, repetitions=3):
    return Trials(4.0, lineup.RATES_RPS, modes, (), servers.foreseen(None)).planned(repetitions)


@pytest.mark.usefixtures("everyone_here")
def test_all_of_it_with_every_client_there_is_fits_in_a_quarter_of_an_hour():
    assert total_s(planned()) < QUARTER_OF_AN_HOUR_S


@pytest.mark.usefixtures("everyone_here")
def test_each_client_meets_each_load_once_in_each_repetition():
    for number in (1, 2, 3):
        met = [
            (one.mode, one.name, one.rate_rps, one.law)
            for one in planned(("fidelity", "saturated"))
            if one.repetition == number and one.mode != "start"
        ]
        assert len(met) == len(set(met)) > 0


@pytest.mark.usefixtures("everyone_here")
def test_each_clients_start_is_measured_once_and_first():
    trials = planned()
    starts = [(one.name, one.rate_rps is None) for one in trials if one.mode == "start"]
    assert [one.mode for one in trials[: len(starts)]] == ["start"] * len(starts)
    met = {
        (one.name, one.rate_rps is None)
        for one in trials
        if one.mode in ("fidelity", "saturated", "pacing")
    }
    aiperf = {(AIPerf().name, False)}  # whose CPU is not compared
    assert sorted(starts) == sorted(met - aiperf)


@pytest.mark.usefixtures("everyone_here")
def test_a_rate_that_is_measured_anyway_is_not_measured_twice():
    both = {(one.name, one.rate_rps) for one in planned(("fidelity", "pacing"), 1)}
    alone = {(one.name, one.rate_rps) for one in planned(("pacing",), 1)}
    assert alone <= both
    met = [one for one in planned(("fidelity", "pacing"), 1) if one.law == "poisson"]
    assert len(met) == len({(one.name, one.rate_rps) for one in met})


def test_a_dry_run_lists_and_measures_nothing(tmp_path, capsys):
    out = tmp_path / "results.json"
    assert command.main(["--dry-run", "--out", str(out)]) == 0
    assert "trials, about " in capsys.readouterr().out.splitlines()[-1]
    assert not out.exists()


def test_a_client_that_dies_leaves_a_row_and_the_others_their_figures(monkeypatch, tmp_path):
    dying = Client("raise SystemExit('out of memory')")
    living = Client("print(7)")
    living.name = "another"
    monkeypatch.setattr(lineup, "flat_out", lambda: [dying, living])
    out = tmp_path / "results.json"
    arguments = ("--only", "saturated", "--reps", "1", "--server", "canned", "--out", str(out))
    assert command.main(arguments) == 1
    of_it = {row.client: row for row in rows.read(out).rows if row.mode == "saturated"}
    assert "out of memory" in of_it["a client"].error
    assert of_it["another"].values["calls"] == 7


def test_a_client_that_hangs_is_ended_with_what_it_started(monkeypatch, tmp_path):
    monkeypatch.setattr(started, "_SPARE_S", 0.0)
    child = "import time; print('child', flush=True); time.sleep(60)"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    began_s = time.monotonic()
    ended = started.Started([sys.executable, "-c", script], tmp_path, 1.0).wait()
    assert ended.exit_code == -9
    assert time.monotonic() - began_s < 30
