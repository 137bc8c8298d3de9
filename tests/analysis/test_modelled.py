"""Runs with their models beside them: what a report takes as a model, and what it shows of it."""

import math
import re
import shutil

import numpy as np
import pytest

from analysis.__main__ import main
from analysis.dataset import read_run
from analysis.modelled import with_model
from analysis.report.build import page_of
from analysis.report.model_part import model_part, outcome_of
from analysis.report.one_run import latency_picture, timeline_picture
from analysis.report.page import render_page
from analysis.report.run_rows import compared
from analysis.report.several_runs import pictures_of as pictures_of_several
from analysis.report.several_runs import table_of
from records.manifest import read_manifest, write_manifest
from shapes.rate_log import RateLog, RateSegment
from tests.analysis.fakes import Target, make_plan, simulate, write_run
from tests.analysis.scaled import observed, scaled_run
from tests.replica_rows import scale, start_of, write_replicas
from verdict.pods_needed import PodTarget

RATES = RateLog((RateSegment(0.0, 8.0),))
LOAD = {"rates": RATES, "duration_s": 40.0, "warm_up_s": 10.0}


def modelled_run(folder, *, target=Target(network_s=0.0, contention=0.0), simulated=None, **plan):  # noqa: B008
    """A model in a run's folder, as any that was written there."""
    made = make_plan("model", **{**LOAD, **plan})
    model = write_run(folder, made, simulate(made, target))
    manifest = read_manifest(model)
    origin = {"taken": ["2 pods ready at the start"]} if simulated is None else simulated
    write_manifest(model, type(manifest)(**{**vars(manifest), "simulated": origin or None}))
    pods = [start_of(f"m-{n}", -9.0, -8.0) for n in range(3)]
    write_replicas(model, scale(-1.0, 3), *pods)
    return model


@pytest.fixture
def folder(tmp_path):
    return scaled_run(tmp_path, **LOAD)


@pytest.fixture
def run(folder):
    modelled_run(folder)
    return with_model(read_run(folder))


def test_a_run_without_a_model_is_what_it_was(folder):
    run = read_run(folder)
    assert with_model(run) is run
    assert model_part(run) is None


def test_the_model_inside_a_runs_folder_is_taken_unasked(run):
    assert run.model.run_id == "model"


def test_the_models_slowdown_is_against_the_ideal_of_the_run(tmp_path):
    plan = make_plan(**LOAD)
    calibration = {"ideal_s": 0.2}
    folder = write_run(tmp_path, plan, simulate(plan), calibration=calibration)
    modelled_run(folder)
    model = with_model(read_run(folder)).model
    np.testing.assert_allclose(model.calls["slowdown"], model.calls["latency_s"] / 0.2)


@pytest.mark.parametrize(
    "other", [{"law": "uniform"}, {"duration_s": 41.0}, {"warm_up_s": 5.0},
              {"rates": RateLog((RateSegment(0.0, 8.1),))}],
)  # fmt: skip
def test_a_model_of_another_load_is_no_model_of_the_run(folder, other):
    modelled_run(folder, **other)
    run = with_model(read_run(folder))
    assert run.model is None
    assert "models another load" in run.missing[-1]


def test_what_was_measured_is_no_model(folder):
    modelled_run(folder, simulated={})
    assert "it is no model" in with_model(read_run(folder)).missing[-1]


def test_a_damaged_model_is_said_to_be_missing_and_the_report_goes_on(folder):
    (modelled_run(folder) / "manifest.json").write_text("{")
    run = with_model(read_run(folder))
    assert run.model is None
    assert run.missing[-1].startswith("no model is shown: ")
    assert "no model is shown" in render_page(page_of(run, []))


@pytest.mark.parametrize("damage", ["not there", "measured"])
def test_a_model_that_was_asked_for_and_is_none_is_one_line_and_exit_code_2(folder, capsys, damage):
    asked = folder if damage == "measured" else folder / "nowhere"
    assert main(["report", str(folder), "--model", str(asked)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (folder / "report").exists()


def test_a_model_is_asked_for_with_one_run_only(folder, capsys):
    other = shutil.copytree(folder, folder.parent / "other")
    assert main(["report", str(folder), str(other), "--model", str(folder)]) == 2
    assert "--model" in capsys.readouterr().err


def test_steady_pods_are_those_of_the_second_half_of_the_measured_phase(tmp_path):
    rows = [scale(-1.0, 1), start_of("p-1", -9.0, -8.0), start_of("p-2", 12.0, 14.0),
            start_of("p-3", 28.5, 32.5)]  # fmt: skip
    outcome = outcome_of(read_run(scaled_run(tmp_path, rows=rows, **LOAD)), None)
    assert outcome.pods == pytest.approx(2 + 7.5 / 15)
    assert outcome.most_pods == 3


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        (PodTarget("concurrency", 0.7), 2),  # 8 rps x 0.1 s, and a little on the way
        (PodTarget("concurrency", 0.07, most=5), 5),
        (PodTarget("rps", 2.0), 4),
        (None, math.nan),
    ],
)
def test_the_pods_that_the_load_asks_for_are_by_the_calls_under_way_or_by_the_rate(
    tmp_path, target, asked
):
    plan = make_plan(**LOAD)
    run = read_run(write_run(tmp_path, plan, simulate(plan)))
    outcome = outcome_of(run, target)
    assert outcome.asked_pods == pytest.approx(asked, nan_ok=True)
    later = run.measured[run.measured["intended_s"].ge(25.0)]
    assert outcome.in_flight == pytest.approx(later["service_latency_s"].sum() / 15.0, rel=0.1)


@pytest.mark.parametrize("rows", [[], observed()[:3]], ids=["nobody", "no pod"])
def test_pods_that_nobody_saw_are_not_known(tmp_path, rows):
    folder = scaled_run(tmp_path, rows=rows, **LOAD)
    modelled_run(folder)
    table = model_part(with_model(read_run(folder))).tables[0]
    cells = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    if not rows:
        assert cells["steady pods, at most"] == ["3", "not known", "-"]
    assert "nan" not in str(cells)


def test_the_page_has_modelled_measured_and_the_gap_side_by_side(run):
    text = re.sub(r"\s+", " ", render_page(page_of(run, [])))
    assert "Beside the model" in text
    assert "2 pods ready at the start" in text
    cells = {row[0].text: [cell.text for cell in row[1:]] for row in model_part(run).tables[0].rows}
    assert cells["latency p50"][0] == "100 ms"
    assert re.fullmatch(r"\+[\d.]+ ms \([\d.]+ times\)", cells["latency p50"][2])
    assert cells["steady pods, average of the second half"] == ["3", "4", "+1"]


def test_an_invalid_run_is_not_put_beside_its_model_in_numbers(folder, run):
    invalid = {**run.summary, "verdict": {**run.summary["verdict"], "level": "INVALID"}}
    part = model_part(type(run)(**{**vars(run), "summary": invalid}))
    assert not part.tables
    assert not part.files


@pytest.mark.parametrize(
    ("picture", "tables"),
    [(latency_picture, {"model"}), (timeline_picture, {"model", "model-pods"})],
)
def test_the_figures_show_the_model_and_have_its_table(run, folder, picture, tables):
    shown, bare = picture(run), picture(read_run(folder))
    assert set(shown.tables) - set(bare.tables) == tables
    assert "the model" in shown.caption.note
    assert "the model" not in bare.caption.note
    lines = [sum(len(axes.lines) for axes in each.figure.axes) for each in (shown, bare)]
    assert lines[0] > lines[1]


def test_the_report_writes_the_gap_as_a_table(folder):
    modelled_run(folder)
    assert main(["report", str(folder)]) == 0
    head = (folder / "report" / "model.csv").read_text().splitlines()[0]
    assert head == "quantity,unit,modelled,measured,gap,ratio"


def test_models_of_several_runs_stand_in_the_cells_of_their_runs(tmp_path):
    folders = []
    for rate in (4.0, 8.0):
        load = {**LOAD, "rates": None, "rate_rps": rate}
        plan = make_plan(f"r{rate:g}", **load)
        folders.append(write_run(tmp_path, plan, simulate(plan)))
        modelled_run(folders[-1], **load)
    runs = [compared(folder) for folder in folders]
    pictures = {each.key: each for each in pictures_of_several(runs, table_of(runs))}
    for key in ("latency_cdf_poisson", "average_latency", "slowdown"):
        model = pictures[key].tables["model"]
        assert sorted(set(model["rate_rps"])) == [4.0, 8.0]
        assert "Thin: their models" in pictures[key].caption.note
    model, real = (pictures["average_latency"].tables[name] for name in ("model", ""))
    assert (model["p99_s"] < real["p99_s"]).all()


def test_runs_without_models_show_none(tmp_path):
    plan = make_plan(**LOAD)
    runs = [compared(write_run(tmp_path, plan, simulate(plan)))]
    for picture in pictures_of_several(runs, table_of(runs)):
        assert "model" not in picture.tables
        assert "models" not in picture.caption.note
