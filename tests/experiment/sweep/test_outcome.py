import json

import pytest

from experiment.sweep.outcome import complete_outcome, outcome_of

MANIFEST = {"run_id": "a", "started_unix_s": 0.0, "schema_version": 1, "finished": True}
SUMMARY = {
    "summary_version": 1,
    "verdict": {"level": "VALID", "findings": []},
    "context": {"stopped_by": None},
    "overload": {"level": "stable"},
    "checks": [{"passed": True}],
}
INVALID = {"verdict": {"level": "INVALID", "findings": [{"reason": "lag"}, {"reason": "law"}]}}


def left(folder, summary=None, manifest=None):
    (folder / "summary.json").write_text(json.dumps({**SUMMARY, **(summary or {})}))
    (folder / "manifest.json").write_text(json.dumps({**MANIFEST, **(manifest or {})}))
    return folder


@pytest.mark.parametrize("code", [0, 1, 4], ids=["usable", "requests failed", "check missed"])
def test_a_run_with_records_and_a_verdict_is_of_use_whatever_the_target_did(code, tmp_path):
    outcome = outcome_of(left(tmp_path), code, "")
    assert (outcome.level, outcome.overload_class, outcome.reason) == ("VALID", "stable", "")
    assert outcome.is_complete


def test_an_invalid_run_is_complete_and_says_why_it_is_of_no_use(tmp_path):
    outcome = outcome_of(left(tmp_path, INVALID), 3, "")
    assert outcome.reason == "INVALID (lag, law)"
    assert outcome.is_complete


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (5, "exit code 5: no space"),
        (2, "exit code 2: no space"),
        (137, "exit code 137: no space"),
        (124, "it did not end in time and was ended"),
    ],
)
def test_a_run_that_ended_otherwise_is_of_no_use_even_with_a_summary(code, reason, tmp_path):
    outcome = outcome_of(left(tmp_path), code, "no space")
    assert (outcome.reason, outcome.is_complete) == (reason, False)


def test_a_run_that_was_stopped_is_of_no_use_and_not_complete(tmp_path):
    folder = left(tmp_path, {"context": {"stopped_by": "SIGTERM"}})
    assert outcome_of(folder, 0, "").reason == "stopped by SIGTERM"
    assert not outcome_of(folder, 0, "").is_complete
    assert complete_outcome(folder) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "summary.json").unlink(),
        lambda folder: left(folder, manifest={"finished": False}),
        lambda folder: (folder / "summary.json").write_text('{"summary_version": 1}'),
        lambda folder: (folder / "manifest.json").write_text("{"),
    ],
    ids=["no summary", "not finished", "half a summary", "half a manifest"],
)  # fmt: skip
def test_a_folder_without_whole_records_is_no_finished_run(damage, tmp_path):
    folder = left(tmp_path)
    damage(folder)
    outcome = outcome_of(folder, 0, "last words")
    assert outcome.reason.endswith("(exit code 0: last words)")
    assert complete_outcome(folder) is None


@pytest.mark.parametrize(
    ("summary", "code"), [({}, 0), (INVALID, 3), ({"checks": [{"passed": False}]}, 4)]
)
def test_the_exit_code_that_nobody_saw_follows_from_the_summary(summary, code, tmp_path):
    assert complete_outcome(left(tmp_path, summary)).exit_code == code
