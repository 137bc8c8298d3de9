import subprocess
import sys

import numpy as np
import pytest

from records.summary_file import read_summary
from tests.verdict.simulated import make_plan, simulate
from tests.verdict.stored import WHAT, store, stored_conclusion
from verdict.__main__ import main
from verdict.first_screen import render


def test_it_prints_the_first_screen_that_the_run_ended_with(tmp_path, capsys):
    conclusion = stored_conclusion(simulate(make_plan()), tmp_path / "run-1")
    assert main([str(tmp_path / "run-1")]) == 0
    printed = capsys.readouterr().out
    first_line = render(conclusion.summary).splitlines()[0]
    assert printed.splitlines()[0] == first_line
    assert WHAT["target"] in first_line


def test_checks_can_be_asked_afterwards(tmp_path, capsys):
    folder = str(store(simulate(make_plan()), tmp_path / "run-1"))
    assert main([folder, "--check", "p99<800ms", "--check", "p50<1ms"]) == 4
    assert "p50<1ms: missed" in capsys.readouterr().out


def test_what_was_found_during_the_run_still_counts(tmp_path, capsys):
    stored_conclusion(simulate(make_plan()), tmp_path / "run-1", members_lost=1)
    assert main([str(tmp_path / "run-1")]) == 0
    assert "member-lost" in capsys.readouterr().out


def test_a_killed_run_is_judged_by_the_rows_it_left(tmp_path, capsys):
    run = simulate(make_plan())
    run.lost = set(range(1500, len(run.k)))
    assert main([str(store(run, tmp_path / "run-1"))]) == 3
    printed = capsys.readouterr().out
    assert printed.startswith("DO NOT USE: planned")
    assert "missing" in printed


def test_a_spoilt_run_has_exit_code_3(tmp_path):
    run = simulate(make_plan())
    run.sent_s += 0.5 * (np.arange(len(run.k)) % 10 == 0)
    assert main([str(store(run, tmp_path / "run-1"))]) == 3


@pytest.mark.parametrize("what", ["nothing there", "an empty folder", "no plan", "no rows"])
def test_what_is_no_run_is_said_in_one_line_with_exit_code_2(what, tmp_path, capsys):
    folder = tmp_path / "run-1"
    if what == "an empty folder":
        folder.mkdir()
    if what in {"no plan", "no rows"}:
        store(simulate(make_plan()), folder)
        (folder / "manifest.json").write_text(
            '{"schema_version":1,"run_id":"r","started_unix_s":0}'
        )
    if what == "no rows":
        store(simulate(make_plan()), tmp_path / "other")
        (folder / "manifest.json").write_bytes((tmp_path / "other/manifest.json").read_bytes())
        next(folder.glob("calls-*")).unlink()
    assert main([str(folder)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_check_that_is_none_is_refused_before_anything_is_read(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path), "--check", "p99"])
    assert ended.value.code == 2
    assert "valid" in capsys.readouterr().err


def test_it_runs_as_a_module(tmp_path):
    folder = store(simulate(make_plan()), tmp_path / "run-1")
    ran = subprocess.run(
        [sys.executable, "-m", "verdict", str(folder)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("PASS  50 rps poisson")


def test_a_run_without_a_summary_can_be_given_one(tmp_path):
    folder = store(simulate(make_plan()), tmp_path / "run-1")
    assert main([str(folder)]) == 0
    assert not (folder / "summary.json").exists()
    assert main([str(folder), "--save"]) == 0
    assert read_summary(folder)["run_id"] == "run-1"


def test_the_summary_that_a_run_ended_with_stays(tmp_path):
    stored_conclusion(simulate(make_plan()), tmp_path / "run-1")
    before = (tmp_path / "run-1" / "summary.json").read_bytes()
    assert main([str(tmp_path / "run-1"), "--save", "--check", "p50<1ms"]) == 4
    assert (tmp_path / "run-1" / "summary.json").read_bytes() == before
