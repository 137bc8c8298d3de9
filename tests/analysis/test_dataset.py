import json

import numpy as np
import pytest

from analysis.dataset import read_run
from analysis.errors import AnalysisError, NothingMeasuredError
from records.run_folder import MANIFEST_NAME, SUMMARY_NAME
from records.summary_file import VERSION_KEY
from tests.analysis.fakes import Target, make_plan, simulate, write_run


def test_every_row_of_every_member_is_read_once(a_run):
    folder = a_run(members=("m0", "m1", "m2"))
    run = read_run(folder)
    assert sorted(run.calls["k"]) == list(range(len(run.calls)))
    assert run.missing == []


def test_pooled_percentiles_do_not_depend_on_how_many_members_sent(a_run):
    one = read_run(a_run("one"))
    three = read_run(a_run("three", members=("m0", "m1", "m2")))
    assert sorted(one.measured["latency_s"]) == sorted(three.measured["latency_s"])


def test_the_stored_summary_is_used_as_it_is(a_run):
    folder = a_run()
    summary = json.loads((folder / SUMMARY_NAME).read_text())
    summary["verdict"]["level"] = "SUSPECT"
    (folder / SUMMARY_NAME).write_text(json.dumps(summary))
    assert read_run(folder).level == "SUSPECT"


def test_a_killed_run_is_judged_again_from_its_files_and_said_to_be_unfinished(a_run):
    run = read_run(a_run(finished=False))
    assert run.summary["latency_s"]["p50"] > 0
    assert any(SUMMARY_NAME in sentence for sentence in run.missing)


def test_calibration_in_the_manifest_is_the_ideal(a_run):
    run = read_run(a_run(calibration={"ideal_s": 0.2}))
    assert "calibration" in run.ideal.source
    answered = run.measured[run.measured["status"].eq("ok")]
    assert answered["slowdown"].to_numpy() == pytest.approx(answered["latency_s"].to_numpy() / 0.2)


def test_one_example_text_is_kept_for_each_class(a_run):
    run = read_run(a_run(target=Target(fails_from_s=30, fails_until_s=31)))
    assert run.details == {("failed", "refused", "UNAVAILABLE"): "connection refused"}


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path):
    with pytest.raises(AnalysisError, match="no such folder"):
        read_run(tmp_path / "nowhere")


def test_a_folder_that_is_no_run_is_said_in_one_line(tmp_path):
    with pytest.raises(AnalysisError, match="no run folder"):
        read_run(tmp_path)


def test_a_run_without_rows_is_refused(tmp_path):
    folder = write_run(tmp_path, make_plan(), [], finished=False)
    with pytest.raises(AnalysisError, match="no records"):
        read_run(folder)


@pytest.mark.parametrize(
    ("name", "key"),
    [(MANIFEST_NAME, "schema_version"), (SUMMARY_NAME, VERSION_KEY)],
    ids=["manifest", "summary"],
)
def test_a_run_of_a_newer_program_is_refused(a_run, name, key):
    folder = a_run()
    value = json.loads((folder / name).read_text())
    (folder / name).write_text(json.dumps({**value, key: 99}))
    with pytest.raises(AnalysisError, match="99"):
        read_run(folder)


def test_a_run_without_manifest_cannot_be_read(a_run):
    folder = a_run()
    (folder / MANIFEST_NAME).unlink()
    with pytest.raises(AnalysisError, match=MANIFEST_NAME):
        read_run(folder)


def test_a_run_whose_plan_is_damaged_cannot_be_read(a_run):
    folder = a_run()
    value = json.loads((folder / MANIFEST_NAME).read_text())
    value["plans"][0]["law"] = "pareto"
    (folder / MANIFEST_NAME).write_text(json.dumps(value))
    with pytest.raises(AnalysisError, match="pareto"):
        read_run(folder)


def test_a_run_that_ended_in_its_warm_up_measured_nothing(a_run):
    with pytest.raises(NothingMeasuredError, match="warm-up of 90 s"):
        read_run(a_run(warm_up_s=90.0))


def test_a_plan_without_end_ends_with_its_last_arrival(tmp_path):
    plan = make_plan()
    records = simulate(plan)
    endless = make_plan("endless", duration_s=None)
    run = read_run(write_run(tmp_path, endless, records))
    assert run.end_s == max(row.intended_s for row in records)
    assert np.isfinite(run.end_s)
