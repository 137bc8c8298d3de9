"""`python -m simulator run`, with everything that looks at its folder."""

import json

import numpy as np
import pytest

from analysis.__main__ import main as analyse
from records.reader import open_run
from records.replicas import read_replicas
from simulator.__main__ import main
from verdict.__main__ import main as judge

LOAD = ("--rps", "20", "--duration", "70s", "--distribution", "poisson", "--spin", "200ms")
SERVICE = ("--container-concurrency", "1", "--cores", "8", "--network", "2ms")


def simulated(root, run_id, *more):
    """The exit code of a simulated run of a minute."""
    fixed = ("--seed", "1", "--warm-up", "10s", "--records", str(root), "--run-id", run_id)
    return main(["run", *LOAD, *SERVICE, *fixed, *more])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("results")
    assert simulated(root, "one") == 0
    return root / "one"


def test_nothing_that_a_finished_run_has_is_missing(folder):
    assert open_run(folder).missing == []


def test_its_counts_balance(folder):
    counts = open_run(folder).counts()

    assert counts["planned"] == counts["sent"] + counts["unsent"] > 1000
    assert counts["sent"] == counts["ok"] + counts["failed"] + counts["unfinished"]


def test_its_manifest_says_that_it_is_simulated(folder):
    manifest = open_run(folder).manifest

    assert manifest.simulated["system"]["cores"] == 8
    assert manifest.simulated["service"]["container_concurrency"] == 1
    assert manifest.finished


def test_its_first_screen_says_so_before_anything_else(folder, capsys):
    assert judge([str(folder)]) == 0

    first_line = capsys.readouterr().out.splitlines()[0]
    assert "SIMULATED, not measured: 20 rps poisson for 70s" in first_line.replace("1m10s", "70s")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "(containerConcurrency 1, 8 cores)"),
        (("--cpu-limit", "0.5"), "8 cores, 0.5 a pod at most)"),
        (("--work", "wall", "--activators", "2"), "8 cores, spin by the wall clock, 2 activators)"),
        (("--no-autoscaler", "--cores", "unlimited"), "unlimited cores, no autoscaler)"),
    ],
)
def test_the_first_line_says_what_the_model_is_of(more, said, tmp_path):
    simulated(tmp_path, "named", "--duration", "11s", "--rps", "5", *more)

    assert said in (tmp_path / "named/summary.json").read_text()


def test_calls_are_sent_as_planned_and_answered_after_their_work(folder):
    calls = open_run(folder).table().to_pandas()

    assert (calls.sent_s == calls.intended_s).all()
    assert (calls.received_s - calls.sent_s >= 0.202 - 1e-9).all()
    assert calls.worker_cpu_s.dropna().eq(0.2).all()
    assert set(calls.phase) == {"warm-up", "measured"}


def test_without_a_cpu_limit_no_call_was_throttled(folder):
    assert set(open_run(folder).table(["throttled_s"]).column("throttled_s").to_pylist()) == {0.0}


def test_with_a_cpu_limit_rows_say_how_long_their_pods_stood_still(tmp_path):
    assert simulated(tmp_path, "limited", "--cpu-limit", "0.5", "--cores", "unlimited") == 0

    run = open_run(tmp_path / "limited")
    calls = run.table().to_pandas()
    answered = calls[calls.status == "ok"]
    stood_s = answered.worker_wall_s - answered.worker_cpu_s
    assert np.allclose(answered.throttled_s, stood_s)
    # 200 ms take four periods, the last of them half.
    assert answered.worker_wall_s.median() == pytest.approx(0.35, abs=0.051)
    assert run.manifest.simulated["system"]["quota_s"] == pytest.approx(0.05)


def test_what_an_observer_would_have_seen_is_there(folder):
    kinds = {row["kind"] for row in read_replicas(folder)}

    assert kinds == {"scale", "mode", "deployment", "pod", "panic"}
    assert {row["source"] for row in read_replicas(folder) if row["kind"] == "panic"} == {"model"}


def test_a_run_from_zero_says_that_there_was_no_pod_at_its_start(tmp_path):
    assert simulated(tmp_path, "zero", "--pods", "0", "--duration", "30s") == 0

    seen = open_run(tmp_path / "zero").summary["replicas"]
    assert seen["start"] == 0
    assert seen["most"] > 0


def test_pods_and_replies_agree(folder):
    pods = {row["pod"] for row in read_replicas(folder) if row["kind"] == "pod"}
    replied = set(open_run(folder).table(["pod"]).column("pod").to_pylist()) - {None}

    assert replied <= pods


def test_the_summary_has_its_pods_and_their_forecast(folder):
    seen = json.loads((folder / "summary.json").read_text())["replicas"]

    assert seen["forecast"] == 6
    assert seen["start"] == 1


def test_calls_that_waited_for_pods_are_those_of_the_scale_up(folder, tmp_path):
    assert simulated(tmp_path, "whole", "--warm-up", "0s") == 0

    cold = [
        json.loads((run / "summary.json").read_text())["replicas"]["cold"]["affected"]
        for run in (folder, tmp_path / "whole")
    ]
    assert cold[0] == 0 < cold[1]  # it is over before the warm-up is


def test_the_report_says_on_every_picture_that_it_is_simulated(folder):
    assert analyse(["report", str(folder)]) == 0

    page = (folder / "report" / "index.html").read_text()
    assert "<h1>Simulated run one</h1>" in page
    assert "Simulated. The run over time" in page


def test_a_comparison_keeps_it_apart_from_what_was_measured(folder, tmp_path):
    assert simulated(tmp_path, "two", "--container-concurrency", "2") == 0
    out = tmp_path / "compared"
    assert analyse(["report", str(folder), str(tmp_path / "two"), "--out", str(out)]) == 0

    assert "poisson-simulated" in (out / "index.html").read_text()


def test_the_same_seed_gives_the_same_run(folder, tmp_path):
    simulated(tmp_path, "again")
    ours, theirs = (open_run(path).table() for path in (tmp_path / "again", folder))

    assert ours.equals(theirs)


def test_a_run_can_be_simulated_as_it_was_planned(folder, tmp_path):
    again = ("--replay", str(folder), "--container-concurrency", "4", "--records", str(tmp_path))
    assert main(["run", *again, "--run-id", "replayed"]) == 0
    ours, theirs = (
        np.sort(open_run(path).table(["intended_s"]).column("intended_s").to_numpy())
        for path in (tmp_path / "replayed", folder)
    )

    assert np.array_equal(ours, theirs)


def test_cold_starts_can_be_those_that_a_run_saw(folder, tmp_path):
    assert simulated(tmp_path, "cold", "--cold-starts-of", str(folder)) == 0

    drawn_from_s = open_run(tmp_path / "cold").manifest.simulated["cold_start_s"]
    assert len(drawn_from_s) > 10
    # To a microsecond: an observer's rows are on the wall clock.
    assert drawn_from_s == pytest.approx([2.0] * len(drawn_from_s), abs=1e-6)


def test_a_check_that_is_missed_is_exit_code_4(tmp_path):
    assert simulated(tmp_path, "checked", "--check", "p99<201ms") == 4


def test_a_run_is_never_overwritten(folder, capsys):
    assert simulated(folder.parent, "one") == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rps", "ten"], "rate is 'ten'"),
        (["--rps", "10"], "--duration is missing"),
        (["--duration", "0s"], "no time at all"),
        (["--duration", "10s", "--warm-up", "10s"], "leaves nothing"),
        (["--duration", "10s", "--distribution", "gauss"], "law is 'gauss'"),
        (["--duration", "10s", "--rps", "5", "--rate-profile", "ramp:0,5,5s"], "disagree"),
        (["--duration", "10s", "--container-concurrency", "-1"], "whole number from 0"),
        (["--duration", "10s", "--min-scale", "3", "--max-scale", "1"], "min-scale is 3"),
        (["--duration", "10s", "--window", "1s"], "window is 1 s"),
        (["--duration", "10s", "--cpu-limit", "0"], "a number of cores above 0"),
        (["--duration", "10s", "--cpu-limit", "1", "--work", "wall"], "valid: with --work cpu"),
        (["--duration", "10s", "--wall-quantum", "1ms"], "valid: with --work wall"),
        (["--duration", "10s", "--activators", "0"], "a whole number from 1 to 20"),
        (["--duration", "10s", "--pods", "200"], "valid: room for them"),
        (["--duration", "10s", "--no-autoscaler", "--pods", "0"], "at least one pod"),
        (["--duration", "10s", "--replay", "nowhere"], "--replay nowhere"),
        (["--duration", "10s", "--cold-starts-of", "nowhere"], "nobody saw a pod start"),
        (["--duration", "10s", "--run-id", "../up"], "run id"),
        (["--duration", "24h", "--rps", "1000"], "valid: at most 5,000,000"),
        (["--duration", "10s", "--sping", "1s"], "unrecognized arguments"),
        (["--duration", "10s", "--check", "p99<fast"], "--check: duration is 'fast'"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(arguments, said, tmp_path, capsys):
    try:
        code = main(["run", "--records", str(tmp_path), *arguments])
    except SystemExit as stop:
        code = stop.code
    printed = capsys.readouterr().err

    assert code == 2
    assert said in printed
    assert len(printed.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_without_a_command_there_is_help(capsys):
    assert main([]) == 2
    assert "run" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [("--cores", "-1"), ("--cores", "nan"), ("--seeds", "some")])
def test_what_its_speed_cannot_be_measured_with_is_refused_in_one_line(capsys, wrong):
    with pytest.raises(SystemExit) as refused:
        main(["speed", *wrong])

    assert refused.value.code == 2
    assert f"argument {wrong[0]}: '{wrong[1]}' is not valid" in capsys.readouterr().err


def test_its_own_speed_can_be_measured(capsys, monkeypatch):
    monkeypatch.setattr("simulator.commands.speed._LONG_S", 200.0)
    assert main(["speed", "--seeds", "0"]) == 0
    assert "million events a second" in capsys.readouterr().out


def test_a_trace_is_simulated_with_the_work_of_its_calls_and_again_from_its_record(
    tmp_path, capsys
):
    trace = tmp_path / "calls.csv"
    trace.write_text("app,func,end_timestamp,duration\na,f,9,2\na,g,4.5,0.5\na,f,5,-1\na,f,30,1\n")
    fixed = ("--records", str(tmp_path), "--pods", "2", "--run-id")
    assert main(["run", "--rate-profile", f"trace:{trace}", *fixed, "one"]) == 0
    assert "1 row left out: its duration is negative (row 4)" in capsys.readouterr().err
    trace.unlink()
    assert main(["run", "--replay", str(tmp_path / "one"), *fixed, "two"]) == 0

    for run_id in ("one", "two"):
        rows = open_run(tmp_path / run_id).table().sort_by("k").to_pylist()
        assert [row["intended_s"] for row in rows] == pytest.approx([0.0, 3.0, 25.0], abs=1e-6)
        assert [row["spin_s"] for row in rows] == [0.5, 2.0, 1.0]
        assert [row["received_s"] for row in rows] == pytest.approx([0.5, 5.0, 26.0], abs=1e-6)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--distribution", "poisson"), "a trace has arrivals of its own"),
        (("--rps", "5"), "the profile's rates are its own"),
    ],
)
def test_a_trace_and_another_law_or_rate_are_refused(tmp_path, capsys, more, said):
    trace = tmp_path / "times.csv"
    trace.write_text("0\n1\n")
    assert main(["run", "--rate-profile", f"trace:{trace}", *more]) == 2
    assert said in capsys.readouterr().err
