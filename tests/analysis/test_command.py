import resource
import subprocess
import sys

import pytest

from analysis.__main__ import main
from analysis.report.places import comparison_folder, without_reports
from records.segments import Ending, write_segment
from tests.analysis.fakes import make_plan, simulate, write_run

ROWS = 1_000_000


def test_one_run_is_reported_inside_its_folder(a_run, capsys):
    folder = a_run()
    assert main(["report", str(folder)]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "report" / "index.html")


def test_the_report_of_one_run_can_go_elsewhere(a_run, tmp_path):
    assert main(["report", str(a_run()), "--out", str(tmp_path / "there")]) == 0
    assert (tmp_path / "there" / "index.html").is_file()


def test_several_runs_are_reported_beside_the_first(a_run, capsys):
    folders = [str(a_run(f"r{rate}", rate_rps=rate)) for rate in (5, 10)]
    assert main(["report", *folders]) == 0
    assert "/report-2-runs-" in capsys.readouterr().out


def test_everything_in_the_results_folder_can_be_given_again_and_again(a_run, tmp_path, capsys):
    for rate in (5, 10):
        a_run(f"r{rate}", rate_rps=rate)
    first, second = (
        (main(["report", *map(str, sorted(tmp_path.iterdir()))]), capsys.readouterr().out)
        for _ in range(2)
    )
    assert first == second
    assert first[0] == 0


def test_other_runs_are_reported_elsewhere(tmp_path):
    paths = [tmp_path / name for name in "abc"]
    assert comparison_folder(paths[:2]) == comparison_folder(paths[1::-1])
    assert comparison_folder(paths[:2]) != comparison_folder(paths[1:])


def test_a_run_given_twice_counts_once(tmp_path):
    path = tmp_path / "a"
    assert without_reports([path, tmp_path / "b" / ".." / "a"]) == [tmp_path / "b" / ".." / "a"]


@pytest.mark.parametrize("kind", ["no such folder", "no run", "only warm-up", "no rows"])
def test_bad_input_is_one_line_and_exit_code_2(kind, a_run, tmp_path, capsys):
    paths = {
        "no such folder": lambda: tmp_path / "nowhere",
        "no run": lambda: tmp_path,
        "only warm-up": lambda: a_run(warm_up_s=90.0),
        "no rows": lambda: write_run(tmp_path, make_plan(), [], finished=False),
    }
    assert main(["report", str(paths[kind]())]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("analysis: ")
    assert captured.err.count("\n") == 1


def test_one_wrong_path_among_several_stops_the_report(a_run, tmp_path, capsys):
    assert main(["report", str(a_run()), str(tmp_path / "typo")]) == 2
    assert "typo" in capsys.readouterr().err


def test_an_unknown_command_is_exit_code_2(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["repport"])


@pytest.fixture
def million(tmp_path):
    """A run of a million rows: one simulated stretch, repeated."""
    plan = make_plan(rate_rps=2000.0, duration_s=ROWS / 2000, warm_up_s=10.0, law="uniform")
    short = make_plan(rate_rps=2000.0, duration_s=10.0, warm_up_s=0.0, law="uniform", spin="1ms")
    rows = [tuple(row) for row in simulate(short)]
    folder = write_run(tmp_path, plan, simulate(short))
    for path in folder.glob("calls-*"):
        path.unlink()
    repeats = ROWS // len(rows)
    for n in range(repeats):
        ending = Ending(True, ROWS, ROWS) if n == repeats - 1 else None
        write_segment(folder, "m0", n, [_later(row, n, len(rows)) for row in rows], ending)
    return folder


def _later(row, n, length):
    k, _, method, member, intended_s, sent_s, received_s, *rest = row
    shift_s = 10.0 * n
    phase = "warm-up" if n == 0 else "measured"
    return (
        k + n * length,
        phase,
        method,
        member,
        intended_s + shift_s,
        sent_s + shift_s,
        received_s + shift_s,
        *rest,
    )


@pytest.mark.timeout(300)
def test_a_million_rows_are_reported_in_bounded_memory(million):
    before_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    command = [sys.executable, "-m", "analysis", "report", str(million)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    peak_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert peak_kib >= before_kib
    assert peak_kib < 1_000_000
