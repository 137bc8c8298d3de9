import json
import shutil

import pytest

from analysis.errors import AnalysisError
from analysis.sweep import row_cache, study
from analysis.sweep.answers import Answers
from analysis.sweep.row_cache import CACHE_NAME, key_of
from analysis.sweep.study import read_study
from records.summary_file import read_summary, write_summary
from records.sweeps.ledger import RUN_GIVEN_UP, RUN_SKIPPED, RUN_STARTED, Ledger, read_ledger


def row(read, run_id):
    return read.runs.set_index("run_id").loc[run_id]


def rewrite_ledger(folder, keep, *notes):
    lines = [entry for entry in read_ledger(folder) if keep(entry)]
    (folder / "ledger.jsonl").unlink()
    ledger = Ledger(folder)
    for entry in lines:
        ledger.note(entry.event, entry.run_id, **entry.fields)
    for event, run_id, fields in notes:
        ledger.note(event, run_id, **fields)
    ledger.close()


def test_there_is_one_row_for_each_planned_run(answers):
    planned = [run.run_id for run in answers.study.sweep.runs]
    assert answers.study.runs["run_id"].tolist() == planned


def test_calls_that_time_out_make_overload_a_finding_and_not_a_fault(answers):
    read = row(answers.study, "poisson-30rps-100ms-as-is-r1")
    assert (read["class"], read["usable"]) == ("overload", True)


def test_runs_that_never_came_are_missing_and_say_how_they_stand(a_copy, cache):
    lost, begun, given_up, skipped = (
        run.run_id for run in read_study(a_copy, cache).sweep.runs[:4]
    )
    gone = {lost, begun, given_up, skipped}
    rewrite_ledger(
        a_copy,
        lambda entry: entry.run_id not in gone,
        (RUN_STARTED, begun, {"attempt": 1}),
        (RUN_GIVEN_UP, given_up, {"reason": "the target was gone"}),
        (RUN_SKIPPED, skipped, {"reason": "rho is 1.5"}),
    )
    read = read_study(a_copy, cache)
    assert row(read, lost)[["class", "said"]].tolist() == ["missing", "not begun"]
    assert row(read, begun)[["class", "said"]].tolist() == ["missing", "begun, not finished"]
    assert row(read, given_up)["said"] == "given up: the target was gone"
    assert row(read, skipped)[["class", "said"]].tolist() == ["skipped", "rho is 1.5"]
    assert not read.runs.set_index("run_id").loc[sorted(gone), "usable"].any()


def test_an_invalid_run_is_not_used_and_its_reason_is_kept(a_copy, cache):
    folder = a_copy / "runs" / "poisson-5rps-100ms-as-is-r1"
    summary = read_summary(folder)
    finding = {"reason": "counts-disagree", "level": "INVALID", "said": "rows are missing"}
    write_summary(folder, {**summary, "verdict": {"level": "INVALID", "findings": [finding]}})
    read = row(read_study(a_copy, cache), "poisson-5rps-100ms-as-is-r1")
    assert (read["class"], read["usable"], read["said"]) == ("invalid", False, "rows are missing")


def test_a_run_whose_records_are_gone_costs_that_run_alone(a_copy, cache):
    shutil.rmtree(a_copy / "runs" / "poisson-5rps-100ms-as-is-r1")
    read = read_study(a_copy, cache)
    assert row(read, "poisson-5rps-100ms-as-is-r1")["class"] == "invalid"
    assert read.runs["usable"].sum() == len(read.runs) - 1


def test_a_folder_that_is_no_sweep_is_refused_in_one_line(tmp_path):
    with pytest.raises(AnalysisError, match="no folder of a sweep"):
        read_study(tmp_path, tmp_path)


def test_a_run_that_did_not_change_is_read_once(answers, a_copy, cache, monkeypatch):
    monkeypatch.setattr(study, "measure_run", None)
    again = read_study(a_copy, cache)
    assert Answers(again).cells.equals(answers.cells)
    assert again.slowdowns == answers.study.slowdowns


def test_a_run_that_changed_is_read_again(a_copy, cache):
    folder = a_copy / "runs" / "poisson-5rps-100ms-as-is-r1"
    summary = read_summary(folder)
    write_summary(folder, {**summary, "overload": {"level": "marginal", "why": ""}})
    assert row(read_study(a_copy, cache), folder.name)["class"] == "marginal"


def test_rows_of_another_version_of_the_program_are_read_again(a_copy, monkeypatch):
    run = a_copy / "runs" / "poisson-5rps-100ms-as-is-r1"
    before = key_of(run, "")
    monkeypatch.setattr(row_cache, "_sources", lambda: "of another version")
    assert key_of(run, "") != before


def test_a_damaged_cache_costs_time_only(a_copy, cache):
    lines = (cache / CACHE_NAME).read_text().splitlines()
    (cache / CACHE_NAME).write_text("\n".join(['{"key": 1', *lines[:-2], lines[-2][:40], "[]"]))
    assert read_study(a_copy, cache).runs["usable"].all()


def test_what_is_kept_of_a_run_does_not_grow_with_its_calls(cache):
    lines = (cache / CACHE_NAME).read_text().splitlines()
    sizes = {json.loads(line)["row"]["run_id"]: len(line) for line in lines}
    assert sizes["uniform-30rps-100ms-as-is-r1"] < 1.5 * sizes["uniform-5rps-100ms-as-is-r1"]


def test_a_stable_run_at_all_that_the_cores_can_do_is_marginal(a_copy, cache):
    plan = a_copy / "sweep.json"
    value = json.loads(plan.read_text())
    for run in value["runs"]:
        run["rho"] = 1.0 if run["run_id"] == "uniform-5rps-100ms-as-is-r1" else run["rho"]
    plan.write_text(json.dumps(value))
    read = read_study(a_copy, cache)
    full, below = (row(read, f"uniform-5rps-100ms-as-is-r{n}") for n in (1, 2))
    assert (full["class"], below["class"]) == ("marginal", "stable")
    assert "what a start left never drains" in full["said"]
