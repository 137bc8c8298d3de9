import json

import pytest

from records.replica_rows import LIVE_NAME, TABLE_NAME
from tests.replica_rows import end_of, gap, mode, pod_row, row, scale, start_of, write_replicas
from tests.verdict.fakes import summary
from tests.verdict.simulated import make_plan, simulate
from tests.verdict.stored import store
from verdict.conclude import conclude_from_files
from verdict.first_screen import render
from verdict.stored_run import open_stored_run

CC_1 = {"service": {"container_concurrency": 1, "annotations": {}}}
BEFORE = [scale(-1.0, 0)]


@pytest.fixture
def watched(tmp_path):
    """Judges a run of 60 s at 50 rps whose pods were as in the rows given."""

    def judge(*rows, ended=True, knative=None, run=None):
        run = run or simulate(make_plan(warm_up_s=20.0))
        folder = store(run, tmp_path / "run-1", knative=knative)
        write_replicas(folder, *rows, ended=ended)
        stored = open_stored_run(folder)
        return conclude_from_files(stored.plan, stored.context, (), stored.files)

    return judge


def pods_said(conclusion):
    lines = render(conclusion.summary).splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("  pods"))
    return [line[13:] for line in lines[first : first + 2]]


def test_pods_are_said_from_first_to_last_with_what_a_success_cost(watched):
    rows = [start_of("a", 1.0, 3.0), start_of("b", 4.0, 10.0), end_of("b", 50.0, 58.0)]
    conclusion = watched(BEFORE, *rows)
    ok = conclusion.summary["counts"]["measured"]["ok"]
    # Of the measured 40 s, a is ready for 40 and b for 30.
    cost = f"{70 / ok:.3g} pod-seconds per success"
    assert pods_said(conclusion)[0] == f"0 → 1 (at most 2 ready), {cost}"


def test_the_forecast_stands_beside_what_was_measured(watched):
    conclusion = watched(BEFORE, start_of("a", 1.0, 3.0), knative=CC_1)
    # 50 rps of 100 ms are 5 cores; a pod takes 0.7.
    assert "(at most 1 ready; forecast 8)" in pods_said(conclusion)[0]


def test_calls_that_waited_for_pods_are_said_as_a_share(watched):
    run = simulate(make_plan())
    held = (run.intended_s > 20.0) & (run.intended_s < 22.0)
    records = run.records
    run.service_s[held] += 24.0 - run.intended_s[held]
    run.records = lambda member=None: [each._replace(worker_wall_s=0.1) for each in records(member)]
    conclusion = watched(BEFORE, start_of("a", 1.0, 3.0), start_of("b", 21.0, 24.0), run=run)
    share = f"{100 * held.sum() / len(run.k):.2g} % cold-affected ({held.sum()} calls waited"
    assert pods_said(conclusion)[1].startswith(share)
    assert "1 instance replied" in pods_said(conclusion)[1]


def test_calls_without_an_answer_widen_the_share(watched):
    run = simulate(make_plan())
    run.service_s[(run.intended_s > 20.0) & (run.intended_s < 22.0)] = float("nan")
    conclusion = watched(BEFORE, start_of("b", 20.0, 24.0), run=run)
    cold = conclusion.summary["replicas"]["cold"]
    assert cold["affected"] == 0
    assert cold["unknown"] > 50
    assert "(up to 4.2 %: not known of all)" in pods_said(conclusion)[1]


def test_gaps_of_the_observer_are_said_and_what_they_touch_is_about_right(watched):
    said = pods_said(watched(BEFORE, start_of("a", 1.0, 3.0), gap(30, 34)))[0]
    assert said.endswith(" pod-seconds per success, 4 s not seen")
    assert ", about 0." in said


def test_where_only_the_mode_could_be_read_the_pods_are_not_known(watched):
    said = pods_said(watched(mode(-1.0, "Proxy")))
    assert said[0] == "? → ? (at most ? ready), neither pods nor their number could be read"
    assert said[1].startswith("cold-affected calls not known")


def test_pods_that_never_got_ready_are_no_ready_pods(watched):
    begun = [pod_row(1.0, "a", phase) for phase in ("created", "scheduled")]
    said = pods_said(watched(BEFORE, scale(0.5, 1), begun))
    assert said[0].startswith("0 → 0 (at most 0 ready), 0 pod-seconds")


@pytest.mark.parametrize(
    ("rows", "ended", "said"),
    [
        ([scale(30.0, 1)], True, "watched only from 30 s on"),
        ([scale(-1.0, 1), scale(50.0, 1)], False, "watched only until 50 s"),
        ([scale(30.0, 1), scale(50.0, 1)], False, "watched only from 30 s to 50 s"),
    ],
    ids=["came late", "was cut off", "both"],
)
def test_what_was_watched_in_part_has_no_cost(watched, rows, ended, said):
    conclusion = watched(rows, ended=ended)
    assert pods_said(conclusion)[0].endswith(said)
    assert pods_said(conclusion)[1].startswith("cold-affected calls not known")


def test_what_was_watched_before_the_run_only_says_nothing_of_it(watched):
    said = pods_said(watched(scale(-50.0, 1, actual=1), scale(-40.0, 2, actual=2), ended=False))
    assert said[0] == "? → ? (at most ? ready), watched only until -40 s"


def test_without_a_success_there_is_no_cost_per_success(watched):
    run = simulate(make_plan())
    run.service_s[:] = float("nan")
    conclusion = watched(BEFORE, start_of("a", -1.0, -0.5), run=run)
    assert "60 pod-seconds and no success" in pods_said(conclusion)[0]


def test_a_damaged_file_is_said_and_the_run_is_judged_without_it(watched, tmp_path):
    (tmp_path / "run-1").mkdir()
    (tmp_path / "run-1" / TABLE_NAME).write_bytes(b"no parquet")
    (tmp_path / "run-1" / LIVE_NAME).write_text(json.dumps(scale(0.0, 1)) + "\n")
    run = store(simulate(make_plan()), tmp_path / "run-1")
    stored = open_stored_run(run)
    conclusion = conclude_from_files(stored.plan, stored.context, (), stored.files)
    assert pods_said(conclusion)[0].startswith("not known: ")
    assert conclusion.exit_code == 0


def test_pods_that_are_ready_and_never_asked_make_a_run_suspect(watched):
    pods = [start_of("a", -9.0, -8.0), start_of("b", 1.0, 3.0)]
    findings = watched(BEFORE, *pods).summary["verdict"]["findings"]
    assert [finding["reason"] for finding in findings] == ["one-instance"]
    assert findings[0]["said"] == "one of 2 ready pods gave 100 % of the replies"


def test_one_pod_that_takes_everything_alone_is_no_reason(watched):
    others = row(0.0, "deployment", replicas=1, ready=1, available=1)
    assert watched(BEFORE, others).verdict.level == "VALID"


def test_a_summary_of_before_there_were_observers_still_reads():
    assert "not watched; 1 instance replied" in render(summary())
