import pytest

from records.sweeps import open_sweep
from records.sweeps.ledger import Ledger
from records.sweeps.sweep_file import write_sweep
from tests.records.sweeps.made import made_sweep

FIRST, SECOND = (run.run_id for run in made_sweep().runs)


@pytest.fixture
def ledger(tmp_path):
    write_sweep(tmp_path, made_sweep())
    ledger = Ledger(tmp_path)
    yield ledger
    ledger.close()


def test_a_run_that_finished_has_the_folder_of_that_attempt(tmp_path, ledger):
    ledger.note("run-started", FIRST, attempt=1)
    ledger.note("run-failed", FIRST, attempt=1, reason="no records")
    ledger.note("run-started", FIRST, attempt=2)
    ledger.note("run-finished", FIRST, attempt=2, exit_code=0)
    sweep = open_sweep(tmp_path)
    assert sweep.run_folder(FIRST) == tmp_path / "runs" / f"{FIRST}.2"
    assert sweep.run_folder(SECOND) is None
    assert sweep.standings[FIRST].failures == 1
    assert sweep.standings[FIRST].is_over


def test_the_first_attempt_has_the_runs_own_name(tmp_path, ledger):
    ledger.note("run-started", FIRST, attempt=1)
    ledger.note("run-finished", FIRST, attempt=1, exit_code=3)
    assert open_sweep(tmp_path).run_folder(FIRST) == tmp_path / "runs" / FIRST


def test_an_attempt_whose_end_nobody_noted_is_under_way_and_does_not_count(tmp_path, ledger):
    ledger.note("run-started", FIRST, attempt=1)
    ledger.note("run-interrupted", FIRST, attempt=1, reason="killed")
    ledger.note("run-started", FIRST, attempt=2, pid=77)
    standing = open_sweep(tmp_path).standings[FIRST]
    assert standing.under_way.fields["pid"] == 77
    assert (standing.attempts, standing.failures, standing.is_over) == (2, 0, False)


@pytest.mark.parametrize("event", ["run-given-up", "run-skipped"])
def test_runs_given_up_or_skipped_are_over_without_a_folder(event, tmp_path, ledger):
    ledger.note(event, FIRST, reason="so")
    sweep = open_sweep(tmp_path)
    assert sweep.standings[FIRST].is_over
    assert sweep.run_folder(FIRST) is None


def test_a_sweep_that_has_not_begun_has_runs_that_nothing_is_known_of(tmp_path):
    write_sweep(tmp_path, made_sweep())
    sweep = open_sweep(tmp_path)
    assert [standing.attempts for standing in sweep.standings.values()] == [0, 0]
    with pytest.raises(KeyError):
        sweep.run_folder("other")


def test_an_attempt_that_failed_before_it_began_counts_as_one(tmp_path, ledger):
    ledger.note("run-failed", FIRST, attempt=1, reason="not prepared")
    standing = open_sweep(tmp_path).standings[FIRST]
    assert (standing.attempts, standing.failures, standing.under_way) == (1, 1, None)
