import json
from dataclasses import replace

import pytest

from records.manifest import Manifest, read_manifest, write_manifest
from records.run_folder import InvalidRunId, NewerSchema, RunExists, RunFolderError

MANIFEST = Manifest(
    run_id="run-1",
    started_unix_s=1_764_042_852.25,
    versions={"locust": "2.47.0"},
    git={"commit": "0a1b", "changed": False},
    options={"rps": "20", "metadata": "", "tags": ["a"]},
    seed=42,
    plans=[{"version": 1, "rates": [[0.0, 20.0, 0.0]]}, {"version": 2, "rates": []}],
    members=["local"],
    offsets={"local": {"offset_s": 0.0, "error_s": 0.0}},
    host={"cores": 2},
    calibration={"ideal_s": 0.1001, "calls": 30},
    knative=None,
    finished=True,
)


def rewrite(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_manifest_comes_back_as_it_was_written(tmp_path):
    write_manifest(tmp_path, MANIFEST)
    assert read_manifest(tmp_path) == MANIFEST


def test_what_is_not_known_yet_has_a_default(tmp_path):
    write_manifest(tmp_path, Manifest(run_id="run-1", started_unix_s=0.0))
    manifest = read_manifest(tmp_path)
    assert not manifest.finished
    assert manifest.calibration is None


def test_the_runs_own_manifest_is_replaced_when_it_finishes(tmp_path):
    write_manifest(tmp_path, replace(MANIFEST, finished=False))
    write_manifest(tmp_path, MANIFEST)
    assert read_manifest(tmp_path).finished


def test_another_runs_manifest_is_never_replaced(tmp_path):
    write_manifest(tmp_path, MANIFEST)
    with pytest.raises(RunExists, match="'run-1': not overwritten by 'run-2'"):
        write_manifest(tmp_path, replace(MANIFEST, run_id="run-2"))
    assert read_manifest(tmp_path).run_id == "run-1"


def test_an_unsafe_run_id_is_not_written(tmp_path):
    with pytest.raises(InvalidRunId):
        write_manifest(tmp_path, replace(MANIFEST, run_id="../run"))


@pytest.mark.parametrize(
    "changes",
    [
        {"options": {"metadata": "authorization=Bearer s3cr3t"}},
        {"plans": [{"request": {"metadata": ["authorization=Bearer s3cr3t"]}}]},
        {"knative": {"env": {"DB_PASSWORD": "s3cr3t"}}},
    ],
    ids=["options", "plan", "knative"],
)
def test_secrets_are_not_in_the_file(changes, tmp_path):
    write_manifest(tmp_path, replace(MANIFEST, **changes))
    assert "s3cr3t" not in (tmp_path / "manifest.json").read_text()


def test_a_newer_schema_is_refused_in_one_line(tmp_path):
    write_manifest(tmp_path, MANIFEST)
    rewrite(tmp_path, schema_version=2, something_new=True)
    with pytest.raises(NewerSchema, match="schema version 2; this program reads up to 1") as newer:
        read_manifest(tmp_path)
    assert "\n" not in str(newer.value)


DAMAGED = {
    "empty": "",
    "cut": "{",
    "list": "[]",
    "no-version": "{}",
    "text-version": '{"schema_version": "1"}',
    "no-run-id": '{"schema_version": 1}',
    "unknown-key": '{"schema_version": 1, "run_id": "a", "started_unix_s": 0, "extra": 1}',
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_manifest_is_refused_in_one_line(text, tmp_path):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(RunFolderError, match=r"manifest\.json") as damaged:
        read_manifest(tmp_path)
    assert "\n" not in str(damaged.value)


def test_a_missing_manifest_is_said_so(tmp_path):
    with pytest.raises(RunFolderError, match="is not there"):
        read_manifest(tmp_path)
