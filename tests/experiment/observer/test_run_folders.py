import os

import pytest

from experiment.observer.run_folders import STALE_S, is_over, run_under_way
from records.replica_rows import LIVE_NAME, TABLE_NAME
from records.run_folder import MANIFEST_NAME, SUMMARY_NAME

NOW = 1_000_000.0


def run(results, name, *files, written=NOW):
    folder = results / name
    folder.mkdir()
    for file in files:
        (folder / file).touch()
        os.utime(folder / file, (written, written))
    os.utime(folder, (written, written))
    return folder


def test_the_run_that_is_being_written_is_under_way(tmp_path):
    run(tmp_path, "ended", MANIFEST_NAME, SUMMARY_NAME)
    live = run(tmp_path, "live", MANIFEST_NAME)
    assert run_under_way(tmp_path, NOW + 1) == live


def test_of_several_the_one_written_last_is_taken(tmp_path):
    run(tmp_path, "a", MANIFEST_NAME, written=NOW - 9)
    latest = run(tmp_path, "b", MANIFEST_NAME, written=NOW - 3)
    run(tmp_path, "c", MANIFEST_NAME, written=NOW - 6)
    assert run_under_way(tmp_path, NOW) == latest


def test_a_run_that_was_killed_long_ago_is_not_under_way(tmp_path):
    folder = run(tmp_path, "killed", MANIFEST_NAME)
    assert run_under_way(tmp_path, NOW + STALE_S + 1) is None
    assert not is_over(folder)


def test_what_an_observer_wrote_does_not_keep_a_killed_run_alive(tmp_path):
    folder = run(tmp_path, "killed", MANIFEST_NAME)
    (folder / LIVE_NAME).touch()
    os.utime(folder, (NOW, NOW))
    os.utime(folder / LIVE_NAME, (NOW + STALE_S, NOW + STALE_S))
    assert run_under_way(tmp_path, NOW + STALE_S + 1) is None


@pytest.mark.parametrize("last", [SUMMARY_NAME, TABLE_NAME])
def test_a_run_is_over_by_its_summary_or_by_the_end_of_its_observation(tmp_path, last):
    folder = run(tmp_path, "run", MANIFEST_NAME, last)
    assert is_over(folder)
    assert run_under_way(tmp_path, NOW) is None


def test_a_folder_that_is_gone_is_over(tmp_path):
    assert is_over(tmp_path / "gone")


@pytest.mark.parametrize("name", [".hidden", "with blank"])
def test_folders_that_are_no_runs_are_passed_over(tmp_path, name):
    run(tmp_path, name, MANIFEST_NAME)
    assert run_under_way(tmp_path, NOW) is None


def test_a_link_is_not_followed(tmp_path):
    results = tmp_path / "results"
    results.mkdir()
    (results / "link").symlink_to(run(tmp_path, "outside", MANIFEST_NAME))
    assert run_under_way(results, NOW) is None


def test_results_may_come_into_being_later(tmp_path):
    assert run_under_way(tmp_path / "results", NOW) is None
