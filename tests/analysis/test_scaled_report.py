"""Reports of runs on a Service that scales: what they say when the watch was good, and when not."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.dataset import read_run
from analysis.report.autoscaler_part import autoscaler_part
from analysis.report.build import page_of, write_report
from analysis.report.cold_part import cold_latency_picture, cold_part, pod_starts_picture
from analysis.report.one_run import pictures_of, timeline_picture
from analysis.report.page import render_page
from tests.analysis.scaled import observed, scaled_run
from tests.replica_rows import (
    REVISION,
    STARTED_UNIX_S,
    gap,
    mode,
    ordered,
    pod_row,
    row,
    scale,
    start_of,
)

PENDING = [pod_row(1.0, "p-1", "created"), pod_row(1.1, "p-1", "scheduled")]
PULL = "ContainerMissing: Unable to fetch image"
WATCHES = {
    "whole": {},
    "nobody": {"rows": []},
    "no pod": {"rows": [scale(-1.0, 0), mode(-1.0, "Proxy"), scale(0.3, 0)]},
    "mode only": {"rows": [mode(-1.0, "Proxy")]},
    "gap at both ends": {"rows": [gap(-2.0, 3.0), *observed(), gap(110.0, 120.0)]},
    "cut off": {
        "rows": [each for each in ordered(*observed()) if each["at_unix_s"] < STARTED_UNIX_S + 70],
        "ended": False,
    },
    "late": {"rows": [scale(50.0, 4), *(start_of(f"p-{n}", 50.0, 50.0) for n in range(3))]},
    "not after the run": {"rows": [scale(-50.0, 1), scale(-40.0, 1)], "ended": False},
    "pending forever": {"rows": [scale(-1.0, 0), scale(0.5, 1), PENDING]},
    "stopped early": {"rows": [scale(-1.0, 0), start_of("p-1", 1.0, 3.0), row(70.0, "end")]},
    "no settings": {"knative": None},
    "warm-up": {"warm_up_s": 30.0},
    "desired not known": {"rows": [scale(-1.0, -1), *observed()]},
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Runs by the way in which they were watched, each read once."""
    root, read = tmp_path_factory.mktemp("scaled"), {}

    def run(name):
        if name not in read:
            read[name] = read_run(scaled_run(root, name.replace(" ", "-"), **WATCHES[name]))
        return read[name]

    return run


def numbers_of(run):
    table = autoscaler_part(run).tables[0]
    return {cells[0].text: [cell.text for cell in cells[1:]] for cells in table.rows}


def text_of(run):
    return re.sub(r"\s+", " ", render_page(page_of(run, [])))


@pytest.mark.parametrize("name", WATCHES)
def test_every_way_of_watching_gives_a_page_and_figures(runs, name):
    run = runs(name)
    makers = (timeline_picture, cold_latency_picture, pod_starts_picture)
    pictures = [made for made in (make(run) for make in makers) if made is not None]
    said = [text_of(run), *(made.caption.title + made.caption.note for made in pictures)]
    assert not re.search(r"\b(nan|None|inf)\b", re.sub(r"<[^>]*>", " ", " ".join(said)))
    assert all(len(made.tables[""]) for made in pictures)
    assert pictures[0].key == "timeline"


def test_the_parts_on_scaling_stand_after_the_timeline(runs):
    headings = [section.heading for section in page_of(runs("whole"), []).sections]
    assert headings[1:3] == ["Autoscaler", "Cold starts"]


def test_the_timeline_says_how_the_pods_went(runs):
    caption = timeline_picture(runs("whole")).caption
    assert "0 to 5 pods, at most 7; 11.1 % of the calls waited for pods" in caption.title


def test_figures_of_scaling_lie_beside_the_page_with_their_tables(runs, tmp_path):
    folder = write_report(runs("whole"), tmp_path / "report").parent
    names = {path.name for path in folder.iterdir()}
    assert {"cold_latency.png", "pod_starts.png", "pod_starts.svg", "cold.csv"} <= names
    starts = pd.read_csv(folder / "pod_starts.csv")
    assert len(starts) == 7
    assert starts["total_s"].iloc[0] == pytest.approx(2.8)
    assert (starts["first_answer_s"] >= starts["total_s"] - 1e-6).all()
    numbers = pd.read_csv(folder / "autoscaler.csv").set_index("metric")
    assert numbers.loc["time_to_first_pod", "whole_run"] == pytest.approx(3.2)


def test_where_nobody_watched_nothing_is_said_of_the_autoscaler(runs):
    run = runs("nobody")
    assert autoscaler_part(run) is None
    assert pod_starts_picture(run) is None
    assert "Nobody watched the pods: which calls waited for them is not known" in text_of(run)
    assert [row[0].text for row in cold_part(run).tables[0].rows] == ["first on an instance"]


def test_where_no_pod_was_seen_there_were_none(runs):
    run = runs("no pod")
    assert numbers_of(run)["ready at most"][0] == "0 pods"
    assert numbers_of(run)["first pod ready"] == [
        "not known",
        "0 where one was ready before (no pod was ready)",
    ]
    assert pod_starts_picture(run) is None


def test_where_only_the_mode_could_be_read_there_are_no_numbers(runs):
    part = autoscaler_part(runs("mode only"))
    assert part.tables == ()
    assert "nothing was seen" in part.texts[-1]


@pytest.mark.parametrize("name", ["mode only", "not after the run"])
def test_a_title_does_not_speak_of_pods_that_nobody_saw(runs, name):
    assert "pods" not in timeline_picture(runs(name)).caption.title


def test_gaps_are_said_and_what_they_may_hide_is_doubtful(runs):
    run = runs("gap at both ends")
    texts = autoscaler_part(run).texts
    assert texts[0].startswith("The pods were watched from 3 s to its end of the run only")
    assert "The API could not be read for 16 s" in texts[1]
    assert numbers_of(run)["ready pods over time"][0].startswith("about ")
    assert numbers_of(run)["ready at most"][0] == "at least 7 pods"
    assert numbers_of(run)["first pod ready"][0] == "not known"


def test_gaps_and_what_nobody_watched_are_marked_in_the_figure(runs):
    states = timeline_picture(runs("gap at both ends")).tables["states"]
    unseen = states[states["state"].eq("not seen")]
    assert unseen[["from_s", "to_s"]].to_numpy().tolist() == [[0, 3], [40, 46], [110, 120]]


def test_an_observer_that_came_late_numbers_the_rest(runs):
    run = runs("late")
    assert autoscaler_part(run).texts[0] == (
        "The pods were watched from 50 s to its end of the run only: the numbers are of that part."
    )
    assert run.calls["cold_affected"][run.calls["intended_s"] < 50].isna().all()


def test_an_observer_that_was_stopped_early_numbers_what_it_saw(runs):
    run = runs("stopped early")
    assert autoscaler_part(run).texts[0].startswith("The pods were watched from 0 ms to 71 s of")
    assert numbers_of(run)["ready pods over time"][0] == "68 pod-s"
    states = timeline_picture(run).tables["states"]
    assert states.to_numpy().tolist() == [[71.0, 120.0, "not seen"]]


def test_pods_that_never_got_ready_are_counted_and_drawn_to_the_end(runs):
    run = runs("pending forever")
    assert any("1 pod of 1 that started did not get ready" in t for t in autoscaler_part(run).texts)
    picture = pod_starts_picture(run)
    assert picture.caption.title == "Start of the pods: none of 1 got ready"
    assert picture.tables[""]["given_up_s"].tolist() == pytest.approx([119.0])
    assert [text.get_text() for text in picture.figure.axes[0].texts] == ["not in 119 s"]


def test_a_pod_that_never_gets_ready_leaves_the_others_readable(tmp_path):
    run = read_run(scaled_run(tmp_path, rows=[*observed(), PENDING]))
    axes = pod_starts_picture(run).figure.axes[0]
    assert axes.get_xlim()[1] < 2 * 9.9  # the longest start of those that got ready
    assert "not in 119 s" in [text.get_text() for text in axes.texts]


def test_a_revision_that_could_not_start_says_why(tmp_path):
    failed = row(3.0, "revision", ready=False, reason=PULL)
    run = read_run(scaled_run(tmp_path, rows=[scale(-1.0, 0), PENDING, failed]))
    assert f"Revision {REVISION} was not ready when it was last heard of: {PULL}." in (
        autoscaler_part(run).texts
    )


def test_a_revision_that_got_ready_in_the_end_is_no_trouble(tmp_path):
    rows = [row(t, "revision", ready=ready, reason=PULL) for t, ready in ((1, False), (9, True))]
    run = read_run(scaled_run(tmp_path, rows=[*observed(), *rows]))
    assert not any("Revision" in text for text in autoscaler_part(run).texts)


def test_pods_of_several_revisions_are_added_up_and_named(tmp_path):
    other = start_of("worker-00002-x", 20.0, 22.0, revision="worker-00002")
    run = read_run(scaled_run(tmp_path, rows=[*observed(), other]))
    assert any("Pods of 2 revisions, added up" in text for text in autoscaler_part(run).texts)
    labels = [text.get_text() for text in pod_starts_picture(run).figure.axes[0].get_yticklabels()]
    assert "worker-00002: x at 20.0 s" in labels
    assert numbers_of(run)["ready at most"][0] == "at least 8 pods"


def test_with_a_warm_up_both_the_measured_phase_and_the_whole_run_are_numbered(runs):
    found = numbers_of(runs("warm-up"))
    assert found["first pod ready"][:2] == ["0 ms", "3.2 s"]
    assert found["panics"][:2] == ["at least 1 time", "at least 1 time"]


def test_a_run_that_was_stopped_early_is_numbered_to_its_stop(tmp_path):
    run = read_run(scaled_run(tmp_path, duration_s=50.0))
    assert numbers_of(run)["ready at the end"][0] == "4 pods"
    assert timeline_picture(run).tables["pods"]["t_s"].max() == 50.0


def test_without_the_services_settings_only_what_needs_them_is_missing(runs):
    found = numbers_of(runs("no settings"))
    assert found["under-provisioned"][0] == "not known"
    assert "the manifest holds no settings" in found["under-provisioned"][1]
    assert found["ready pods over time"][0].startswith("about 587")


def test_a_pod_that_got_ready_after_the_run_is_a_whole_start(tmp_path):
    late = start_of("p-late", 119.0, 123.0)
    run = read_run(scaled_run(tmp_path, rows=[*observed(), late]))
    assert pod_starts_picture(run).tables[""]["total_s"].iloc[-1] == pytest.approx(4.0)
    assert not any("did not get ready" in text for text in autoscaler_part(run).texts)


@pytest.mark.parametrize("name", ["late", "warm-up", "pending forever"])
def test_the_second_scale_says_the_rate_in_cores_and_lies_inside_the_figure(runs, name):
    figure = timeline_picture(runs(name)).figure
    (scale,) = (axes for axes in figure.axes if axes.get_ylabel() == "load (cores)")
    assert scale.get_ylim() == pytest.approx(0.1 * np.array(figure.axes[0].get_ylim()))
    for text in (scale.yaxis.label, *scale.get_yticklabels()):
        assert text.get_window_extent().x1 <= figure.bbox.x1
    assert scale.yaxis.label.get_window_extent().x0 >= max(
        text.get_window_extent().x1 for text in scale.get_yticklabels()
    )


def test_every_figure_is_drawn_once(runs):
    keys = [picture.key for picture in pictures_of(runs("whole"))]
    assert len(set(keys)) == len(keys)
    assert keys[1:4] == ["timeline", "cold_latency", "pod_starts"]


def test_an_invalid_run_shows_no_numbers_of_its_pods(runs, monkeypatch):
    run = runs("whole")
    monkeypatch.setitem(run.summary, "verdict", {**run.summary["verdict"], "level": "INVALID"})
    assert autoscaler_part(run).tables == ()
    assert "median" not in " ".join(p.caption.title for p in pictures_of(run)[1:3])
