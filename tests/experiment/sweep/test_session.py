import json
import re
import shutil
import signal
import subprocess

import pytest

from experiment.errors import ExperimentError
from experiment.sweep.lock import UnderWay, alone_in
from experiment.sweep.sweep_folder import OtherSweep
from records.sweeps import open_sweep
from records.sweeps.ledger import LEDGER_NAME, Ledger
from records.sweeps.sweep_file import SWEEP_NAME
from tests.experiment.sweep.light_sweep import conduct, light_spec
from tests.waiting import wait_for

ONE = "poisson-1rps-100ms-as-is-r1"


def events(folder, run_id=None):
    entries = open_sweep(folder).entries
    return [entry.event for entry in entries if run_id in (None, entry.run_id)]


def test_a_sweep_does_all_its_runs_in_the_order_of_its_plan_and_says_how_it_goes(tmp_path, capfd):
    folder = tmp_path / "sweep"
    assert conduct(folder, light_spec()) == 0
    sweep = open_sweep(folder)
    begun = [entry.run_id for entry in sweep.entries if entry.event == "run-started"]
    assert begun == [run.run_id for run in sweep.sweep.runs]
    assert events(folder, ONE) == ["waited", "run-started", "run-finished"]
    assert (events(folder)[0], events(folder)[-1]) == ("started", "finished")
    said = capfd.readouterr().err.splitlines()
    assert re.search(r"\[1/4\] \S+: VALID, stable; about \d+s left", said[1])
    assert said[-2:] == [f"sweep: 4 runs finished; records: {folder}", "sweep: no report"]


def test_the_same_again_does_nothing_and_only_says_that_all_is_over(tmp_path, capfd):
    folder = tmp_path / "sweep"
    conduct(folder, light_spec())
    before = events(folder)
    capfd.readouterr()
    assert conduct(folder, light_spec()) == 0
    assert events(folder) == [*before, "resumed"]
    assert f"all 4 runs of {folder} are over" in capfd.readouterr().err


def test_a_run_that_fails_once_is_done_again_and_the_second_attempt_counts(tmp_path, capfd):
    folder = tmp_path / "sweep"
    model = {"runs": {ONE: {"exit_code": 5, "words": "records could not be written"}}}
    assert conduct(folder, light_spec(model=model)) == 0
    assert open_sweep(folder).run_folder(ONE) == folder / "runs" / f"{ONE}.2"
    assert events(folder, ONE).count("run-failed") == 1
    said = capfd.readouterr().err
    assert f"{ONE}: exit code 5: records could not be written; once more" in said


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (
            {"runs": {name: {"exit_code": 7, "words": "oh"} for name in (ONE, f"{ONE}.2")}},
            "exit code 7: oh",
        ),
        ({"not_prepared": [ONE]}, "the pods did not become ready within 5m"),
    ],
    ids=["it fails", "it cannot begin"],
)
def test_a_run_that_fails_twice_is_given_up_the_sweep_goes_on_and_its_exit_code_says_so(
    model, reason, tmp_path, capfd
):
    folder = tmp_path / "sweep"
    assert conduct(folder, light_spec(model=model)) == 1
    standings = open_sweep(folder).standings
    assert standings[ONE].given_up.fields["reason"] == reason
    assert sum(one.finished is not None for one in standings.values()) == 3
    said = capfd.readouterr().err
    assert f"{ONE}: GIVEN UP: {reason}" in said
    assert "3 runs finished, 1 given up" in said
    assert conduct(folder, light_spec(model=model)) == 1, "it stays so"


def test_an_invalid_run_is_done_once_more_and_is_then_kept_as_what_it_is(tmp_path, capfd):
    folder = tmp_path / "sweep"
    model = {"runs": {name: {"level": "INVALID"} for name in (ONE, f"{ONE}.2")}}
    assert conduct(folder, light_spec(model=model)) == 0
    finished = open_sweep(folder).standings[ONE].finished
    assert (finished.attempt, finished.fields["level"]) == (2, "INVALID")
    assert "4 runs finished, 1 of them INVALID (not to be used)" in capfd.readouterr().err


def test_an_overload_is_skipped_where_that_is_asked_for(tmp_path):
    folder = tmp_path / "sweep"
    spec = light_spec(cores=0.15, overload="skip")
    assert conduct(folder, spec) == 0
    skipped = {run for run, one in open_sweep(folder).standings.items() if one.skipped}
    assert skipped == {f"poisson-2rps-100ms-as-is-r{n}" for n in (1, 2)}


def test_runs_that_a_pattern_names_are_done_now_and_the_others_by_the_same_command_without(
    tmp_path, capfd
):
    folder = tmp_path / "sweep"
    assert conduct(folder, light_spec(), only="*-r1") == 0
    assert "2 runs are left" in capfd.readouterr().err
    assert "finished" not in events(folder)
    assert conduct(folder, light_spec()) == 0
    assert events(folder).count("run-finished") == 4
    assert "finished" in events(folder)


def test_a_pattern_that_names_no_run_is_refused(tmp_path):
    with pytest.raises(ExperimentError, match="--only uni\\*: no run that is left has such an id"):
        conduct(tmp_path / "sweep", light_spec(), only="uni*")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"repetitions": 3}, "was planned with repetitions 2, not 3"),
        ({"rates_rps": [1]}, r"was planned with rates_rps \[1.0, 2.0\], not \[1.0\]"),
        ({"arms": [{"name": "b"}]}, "was planned with arms"),
        ({"seed": 8}, "was planned with seed 7, not 8"),
    ],
)
def test_a_changed_sweep_is_refused_in_one_line_and_changes_nothing(change, said, tmp_path):
    folder = tmp_path / "sweep"
    conduct(folder, light_spec())
    before = (folder / LEDGER_NAME).read_bytes()
    with pytest.raises(OtherSweep, match=said) as caught:
        conduct(folder, light_spec(**change))
    assert "\n" not in str(caught.value)
    assert (folder / LEDGER_NAME).read_bytes() == before


def test_a_sweep_on_another_ground_is_refused(tmp_path):
    conduct(tmp_path / "sweep", light_spec())
    with pytest.raises(OtherSweep, match="planned with ground local, not simulated"):
        conduct(tmp_path / "sweep", light_spec(), ground="simulated")


def test_a_sweep_of_before_there_was_a_key_goes_on(tmp_path):
    folder = tmp_path / "sweep"
    conduct(folder, light_spec(), only="*-r1")
    plan = json.loads((folder / SWEEP_NAME).read_text())
    del plan["spec"]["settle"]
    (folder / SWEEP_NAME).write_text(json.dumps(plan))
    assert conduct(folder, light_spec()) == 0
    with pytest.raises(OtherSweep, match=r"planned with settle 0\.0, not 1\.0"):
        conduct(folder, light_spec(settle=1))


def test_a_seed_that_was_drawn_or_given_stays_without_being_said_again(tmp_path):
    folder = tmp_path / "sweep"
    conduct(folder, light_spec(seed=9), only="*-r1")
    assert conduct(folder, light_spec()) == 0
    assert open_sweep(folder).sweep.seed == 9


def test_a_folder_that_was_made_for_a_sweep_that_is_refused_is_taken_away(tmp_path, monkeypatch):
    def refuse(*_):
        raise ExperimentError("no such Service")

    monkeypatch.setattr("tests.experiment.sweep.light_sweep.LightModule.make_ground", refuse)
    with pytest.raises(ExperimentError, match="no such Service"):
        conduct(tmp_path / "sweep", light_spec())
    assert not (tmp_path / "sweep").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(OtherSweep, match=r"holds thesis\.tex and no sweep; valid: --out"):
        conduct(tmp_path, light_spec())
    assert {path.name for path in tmp_path.iterdir()} <= {"thesis.tex", ".lock"}


def test_a_damaged_plan_is_told_in_one_line(tmp_path):
    (tmp_path / SWEEP_NAME).write_text("{")
    with pytest.raises(OtherSweep, match="cannot be read"):
        conduct(tmp_path, light_spec())


def test_a_second_sweep_of_a_folder_is_refused_while_the_first_is_under_way(tmp_path):
    with alone_in(tmp_path), pytest.raises(UnderWay, match=r"under way in .* \(process \d+\)"):
        conduct(tmp_path, light_spec())
    assert conduct(tmp_path, light_spec()) == 0


def test_a_run_that_had_ended_whole_when_its_sweep_was_killed_counts_and_is_not_repeated(
    tmp_path, capfd
):
    folder = tmp_path / "sweep"
    conduct(folder, light_spec(), only=ONE)
    path = folder / LEDGER_NAME
    path.write_bytes(path.read_bytes().rpartition(b'{"at_unix_s"')[0])  # the end was not noted
    assert events(folder)[-1] == "run-started"
    assert conduct(folder, light_spec(), only="*-r1") == 0
    finished = open_sweep(folder).standings[ONE].finished
    assert finished.fields == {
        "attempt": 1, "exit_code": 0, "level": "VALID", "overload_class": "stable", "adopted": True,
    }  # fmt: skip
    assert not (folder / "runs" / f"{ONE}.2").exists()


def test_a_run_that_was_under_way_is_done_again_beside_what_it_left(tmp_path):
    folder = tmp_path / "sweep"
    conduct(folder, light_spec(), only="*-2rps-*")
    ledger = Ledger(folder)
    ledger.note("run-started", ONE, attempt=1, pid=1, pid_started="long/ago", mark="")
    ledger.close()
    (folder / "runs" / ONE).mkdir()
    assert conduct(folder, light_spec()) == 0
    assert open_sweep(folder).run_folder(ONE) == folder / "runs" / f"{ONE}.2"
    assert "run-interrupted" in events(folder, ONE)


def test_an_api_that_is_gone_halts_the_sweep_in_one_line_and_its_state_is_kept(tmp_path, capfd):
    folder = tmp_path / "sweep"
    conduct(folder, light_spec(), only="*-r1")
    (tmp_path / "api-is-gone").touch()
    capfd.readouterr()
    assert conduct(folder, light_spec()) == 5
    assert capfd.readouterr().err.splitlines()[1:] == [
        "sweep: cannot go on: the API at example:6443 does not answer"
    ]
    (tmp_path / "api-is-gone").unlink()
    assert conduct(folder, light_spec()) == 0
    assert events(folder).count("run-finished") == 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_under_way_and_the_same_command_goes_on(
    number, tmp_path, light_process
):
    folder = tmp_path / "sweep"
    spec = {"rates_rps": [1], "repetitions": 1, "model": {"seconds": 100.0}}
    with light_process(spec) as process:
        wait_for("the run", (folder / "runs" / ONE).exists, 60, every_s=0.02)
        process.send_signal(number)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + number
    assert f"stopped by {number.name}; the same command goes on with {folder}" in said
    assert "Traceback" not in said
    assert events(folder)[-2:] == ["run-interrupted", "stopped"]
    assert open_sweep(folder).standings[ONE].under_way is None


def test_a_ledger_that_may_not_grow_halts_the_sweep_and_the_same_command_goes_on(
    tmp_path, light_process
):
    spec = {"rates_rps": [1, 2], "repetitions": 1}
    conduct(tmp_path / "sweep", light_spec(**spec), only=ONE)
    size = (tmp_path / "sweep" / LEDGER_NAME).stat().st_size
    with light_process(spec, largest_file_bytes=size + 200) as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 5, said
    assert re.fullmatch(r"sweep: cannot go on: \S+: File too large", said.splitlines()[-1])
    with light_process(spec) as process:
        assert process.communicate(timeout=60)
    assert process.returncode == 0
    assert events(tmp_path / "sweep").count("run-finished") == 2


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 20 MiB."""
    mount = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs"]
    try:
        subprocess.run([*mount, str(tmp_path)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the right to mount a file system")
    yield tmp_path
    subprocess.run([shutil.which("umount"), str(tmp_path)], check=True)


def test_a_full_disk_halts_the_sweep_before_a_run_and_with_room_it_goes_on(small_disk, capfd):
    folder = small_disk / "sweep"
    assert conduct(folder, light_spec(), only="*-r1") == 0
    (small_disk / "ballast").write_bytes(bytes(18 * 2**20))
    capfd.readouterr()
    assert conduct(folder, light_spec()) == 5
    said = capfd.readouterr().err.splitlines()[-1]
    assert re.search(r"cannot go on: .* has \d\.\d MiB free, and a run may need 16 MiB: make", said)
    (small_disk / "ballast").unlink()
    assert conduct(folder, light_spec()) == 0


def test_a_folder_that_cannot_be_made_halts_in_one_line(tmp_path, capfd):
    (tmp_path / "file").touch()
    assert conduct(tmp_path / "file" / "sweep", light_spec()) == 5
    assert "Not a directory" in capfd.readouterr().err
