import json
from dataclasses import replace

import pytest

from records.run_folder import TEMP_SUFFIX, InvalidRunId, NewerSchema, RunFolderError
from records.sweeps.sweep_file import SWEEP_NAME, is_sweep, read_sweep, write_sweep
from tests.records.sweeps.made import made_sweep


def test_a_sweep_comes_back_as_it_was_written(tmp_path):
    write_sweep(tmp_path, made_sweep())
    assert read_sweep(tmp_path) == made_sweep()
    assert is_sweep(tmp_path)


def test_it_is_written_once(tmp_path):
    write_sweep(tmp_path, made_sweep())
    with pytest.raises(FileExistsError):
        write_sweep(tmp_path, made_sweep(3))
    assert read_sweep(tmp_path) == made_sweep()


def test_what_a_killed_writer_left_does_not_hinder_the_next(tmp_path):
    (tmp_path / (SWEEP_NAME + TEMP_SUFFIX)).write_text("{")
    write_sweep(tmp_path, made_sweep())
    assert read_sweep(tmp_path) == made_sweep()


def test_a_run_id_that_leads_out_of_the_folder_is_refused(tmp_path):
    sweep = made_sweep(1)
    bad = replace(sweep, runs=(replace(sweep.runs[0], run_id="../x"),))
    with pytest.raises(InvalidRunId):
        write_sweep(tmp_path, bad)
    assert not is_sweep(tmp_path)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"schema_version": 99}, NewerSchema, "schema version 99; this program reads up to 1"),
        ({"schema_version": None}, RunFolderError, "has no schema version: None"),
        ({"runs": [{"index": 0}]}, RunFolderError, "is damaged"),
        ({"more": 1}, RunFolderError, "is damaged"),
    ],
)
def test_a_plan_that_cannot_be_read_is_told_in_one_line(change, error, said, tmp_path):
    write_sweep(tmp_path, made_sweep())
    path = tmp_path / SWEEP_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(error, match=said) as caught:
        read_sweep(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_without_plan_is_no_sweep(tmp_path):
    assert not is_sweep(tmp_path)
    with pytest.raises(RunFolderError, match="no folder of a sweep"):
        read_sweep(tmp_path)
