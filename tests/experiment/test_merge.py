"""Fetched files put into a run's folder."""

import pytest

from experiment.fetching.merge import WouldOverwrite, merge_run

SEGMENT = "calls-a-00000.parquet"


def test_new_files_are_moved_and_the_summary_last(tmp_path):
    fetched = made(tmp_path / "f", **{"summary.json": "s", SEGMENT: "r", "manifest.json": "m"})
    folder = made(tmp_path / "run")
    assert merge_run(fetched, folder) == (SEGMENT, "manifest.json", "summary.json")
    assert (folder / SEGMENT).read_text() == "r"


def test_merging_the_same_files_again_changes_nothing(tmp_path):
    folder = made(tmp_path / "run", **{"summary.json": "s", SEGMENT: "r"})
    assert merge_run(made(tmp_path / "f", **{"summary.json": "s", SEGMENT: "r"}), folder) == ()


def test_rows_that_came_late_are_added_to_a_finished_run(tmp_path):
    folder = made(tmp_path / "run", **{"summary.json": "s"})
    assert merge_run(made(tmp_path / "f", **{SEGMENT: "r"}), folder) == (SEGMENT,)


@pytest.mark.parametrize("name", ["summary.json", "manifest.json", SEGMENT])
def test_no_file_of_a_finished_run_is_changed(tmp_path, name):
    folder = made(tmp_path / "run", **{"summary.json": "s", name: "old"})
    with pytest.raises(WouldOverwrite, match="finished run"):
        merge_run(made(tmp_path / "f", **{"a": "first", name: "new"}), folder)
    assert (folder / name).read_text() == "old"
    assert not (folder / "a").exists()


def test_the_manifest_of_a_run_under_way_is_replaced(tmp_path):
    folder = made(tmp_path / "run", **{"manifest.json": "old"})
    merge_run(made(tmp_path / "f", **{"manifest.json": "new"}), folder)
    assert (folder / "manifest.json").read_text() == "new"


def test_rows_are_never_changed_even_while_the_run_goes_on(tmp_path):
    folder = made(tmp_path / "run", **{SEGMENT: "old"})
    with pytest.raises(WouldOverwrite, match="never overwritten"):
        merge_run(made(tmp_path / "f", **{SEGMENT: "new"}), folder)


def made(folder, **files):
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder
