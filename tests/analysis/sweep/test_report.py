import re
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from analysis.__main__ import main
from analysis.figures.style import Caption
from analysis.figures.sweep_lines import Measure, measures_by_rate
from analysis.report.page import render_page
from analysis.sweep import build
from analysis.sweep.answers import Answers
from analysis.sweep.build import page_of, write_sweep_report
from analysis.sweep.cells import cells_of
from analysis.sweep.detail_pictures import parts_pictures, tails_pictures
from analysis.sweep.pictures import pictures_of
from analysis.sweep.row_cache import CACHE_NAME
from analysis.sweep.study import read_study
from records.sweeps.ledger import FINISHED
from records.sweeps.planned import Arm
from tests.analysis.sweep.made import changed, made_runs
from tests.analysis.sweep.simulated import Grid, write_simulated_sweep
from tests.analysis.sweep.test_study import rewrite_ledger
from verdict.exit_codes import BAD_CONFIGURATION

KEYS = [
    "arms",
    "latency",
    "slowdown",
    "slowdown_map",
    "slowdown_by_load",
    "poisson_over_uniform",
    "tails-as-is",
    "tails-one",
    "success_map",
    "failures",
    "goodput",
    "parts-as-is",
    "parts-one",
]


@pytest.fixture(scope="module")
def pictures(answers):
    return {picture.key: picture for picture in pictures_of(answers)}


@pytest.fixture
def half(a_copy, cache):
    """The same sweep, killed when one arm had most of its first repetition."""
    rewrite_ledger(
        a_copy,
        lambda entry: (
            entry.event != FINISHED and not re.search("-one-|r2$|-10rps-", entry.run_id or "")
        ),
    )
    return Answers(read_study(a_copy, cache))


def test_all_figures_of_a_sweep_are_there(pictures):
    assert list(pictures) == KEYS


def test_every_caption_states_n_repetitions_and_what_was_left_out(pictures):
    for picture in pictures.values():
        assert re.search(r"24 runs, n = [\d ]+ sent calls", picture.caption.note), picture.key
        assert "2 repetitions a cell; no run was left out" in picture.caption.note, picture.key


def test_every_axis_says_what_it_shows_and_in_which_unit(pictures):
    for picture in pictures.values():
        for axes in picture.figure.axes:
            for label in (axes.get_xlabel(), axes.get_ylabel()):
                assert not label or re.search(r"\(.+\)|share", label, re.DOTALL), picture.key


def test_a_hostile_name_of_an_arm_stays_inside_the_reports_folder_and_is_escaped(answers):
    arms = ["as-is", "../<b>x"]
    runs = answers.study.runs.replace({"arm": {"one": arms[1]}})
    planned = replace(answers.study.sweep, arms=[Arm(name, {}) for name in arms])
    slowdowns = {(arms[1], *key[1:]): counts for key, counts in answers.study.slowdowns.items()}
    study = replace(
        answers.study,
        disk=replace(answers.study.disk, sweep=planned),
        runs=runs,
        slowdowns=slowdowns,
    )
    (tails,) = tails_pictures(Answers(study))
    assert tails.key == "tails-..--b-x"
    assert "<b>x" not in render_page(page_of(Answers(study), []))


def test_a_simulated_sweep_says_so_in_every_title(pictures):
    assert all(p.caption.title.startswith("Simulated. ") for p in pictures.values())


def test_overloaded_cells_have_no_number_in_the_map_of_slowdown(pictures):
    for axes in pictures["slowdown_map"].figure.axes[:4]:
        written = [text.get_text() for text in axes.texts]
        hatched = [patch for patch in axes.patches if patch.get_hatch()]
        assert len(written) == 2
        assert len(hatched) == 1


def test_the_map_has_a_border_where_the_load_is_all_that_the_cores_can_do(pictures):
    border = pictures["slowdown_map"].figure.axes[0].lines
    assert [line.get_xdata().tolist() for line in border] == [[1.5, 1.5]]


def test_no_line_joins_a_cell_without_an_average(pictures):
    for axes in pictures["latency"].figure.axes:
        lines = [line for line in axes.lines if line.get_linestyle() != "None"]
        assert max(max(line.get_xdata()) for line in lines) == 10.0


@pytest.mark.parametrize(("mean_s", "drawn_s"), [(2.0, 3.0), (0.1, 0.3)])
def test_a_p99_beyond_the_deadline_is_drawn_there_and_never_far_above_the_rest(mean_s, drawn_s):
    runs = made_runs(lambda *_: 1.0, spins_s=(0.1,), laws=("poisson",))
    runs = runs.assign(p99_s=mean_s, deadline_s=3.0)
    far = runs["rate_rps"].eq(20)
    runs = changed(runs, far, p99_s=np.inf, **{"class": "overload"})
    measure = Measure("p99_s", "deadline_s", "p99 of latency (s)")
    figure = measures_by_rate(cells_of(runs), [measure], Caption("title", "note"))
    bounds = [line.get_ydata() for line in figure.axes[0].lines if line.get_marker() == "^"]
    assert np.nanmax(np.concatenate(bounds)) == pytest.approx(drawn_s)


def test_parts_of_survivors_are_not_shown(pictures):
    table = pictures["parts-as-is"].tables[""]
    assert table.loc[table["rate_rps"].eq(30), "part_cpu_s"].isna().all()
    assert table.loc[table["rate_rps"].eq(5), "part_cpu_s"].notna().all()


def test_parts_of_overload_are_not_shown_though_every_call_was_answered(answers):
    runs = answers.study.runs
    slow = runs["rate_rps"].eq(10.0)
    runs = runs.assign(**{"class": runs["class"].mask(slow, "overload")})
    tables = [p.tables[""] for p in parts_pictures(Answers(replace(answers.study, runs=runs)))]
    assert tables[0].loc[tables[0]["rate_rps"].eq(10), "part_cpu_s"].isna().all()


def test_an_invalid_run_is_in_no_figure(answers):
    runs = answers.study.runs
    bad = runs["run_id"].str.startswith("poisson-30rps-100ms-as-is")
    cells = Answers(type(answers.study)(
        answers.study.disk,
        answers.study.checks,
        runs.assign(usable=~bad, **{"class": runs["class"].mask(bad, "invalid")}),
    )).cells  # fmt: skip
    lost = cells[cells["law"].eq("poisson") & cells["rate_rps"].eq(30) & cells["arm"].eq("as-is")]
    assert lost["class"].tolist() == ["invalid"]
    assert lost[["mean_s", "success", "ok_rps"]].isna().all(axis=None)


def test_a_sweep_that_was_killed_has_all_figures_of_what_there_is(half):
    found = list(pictures_of(half))
    assert [picture.key for picture in found] == [
        key for key in KEYS if key != "arms" and not key.endswith("-one")
    ]
    assert "1 repetition a cell; 20 runs left out (20 missing)" in found[0].caption.note


def test_the_page_of_a_killed_sweep_says_what_is_missing(half):
    page = page_of(half, [])
    assert "what 20 missing runs would say: the sweep has not ended" in page.screen
    assert page.tone == "doubt"


def test_every_run_is_on_the_page_with_class_and_reason(half):
    (runs,) = (s.tables[0] for s in page_of(half, []).sections if s.key == "runs")
    texts = {row[0].text: [cell.text for cell in row] for row in runs.rows}
    assert len(texts) == 24
    assert texts["poisson-5rps-100ms-as-is-r2"][1] == "missing"
    assert texts["poisson-5rps-100ms-as-is-r2"][-1] == "not begun"
    assert texts["poisson-30rps-100ms-as-is-r1"][7] == "≥ 3 s, censored"


def test_the_method_states_cuts_order_and_ideal(answers):
    (method,) = (s.texts for s in page_of(answers, []).sections if s.key == "method")
    said = " ".join(method)
    for part in ("2 complete blocks", "seed 11", "warm-up of 10 s", "MSER-5"):
        assert part in said
    assert "Ideal: the requested spin" in said


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    grid = Grid(rates_rps=(5.0,), repetitions=1, duration_s=20.0, warm_up_s=5.0)
    return write_simulated_sweep(tmp_path_factory.mktemp("small") / "sim", grid)


def test_the_command_reports_a_sweep(small, capsys, monkeypatch):
    monkeypatch.setattr(build, "pictures_of", lambda found: islice(pictures_of(found), 1))
    assert main(["report", str(small)]) == 0
    page = small / "report" / "index.html"
    assert capsys.readouterr().out.strip() == str(page)
    assert "The original&#39;s claims" in page.read_text()
    for name in ("claims.csv", "cells.csv", "runs.csv", "arms.csv", "latency.png", "latency.svg"):
        assert (small / "report" / name).is_file()
    assert (small / "report" / CACHE_NAME).is_file()


def test_the_report_goes_where_it_is_asked_to(small, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "pictures_of", lambda _: [])
    assert write_sweep_report(small, tmp_path / "there").parent == tmp_path / "there"


def test_a_sweep_beside_something_else_is_refused_in_one_line(small, capsys):
    assert main(["report", str(small), str(small / "runs")]) == BAD_CONFIGURATION
    (line,) = capsys.readouterr().err.splitlines()
    assert "is a sweep, given with 1 more; valid: a sweep by itself" in line


def test_a_sweep_without_a_single_run_still_has_a_page(tmp_path):
    folder = write_simulated_sweep(tmp_path / "none", Grid(), runs=0)
    page = write_sweep_report(folder).read_text()
    assert "anything: no run can be used" in page
    assert "<img" not in page
