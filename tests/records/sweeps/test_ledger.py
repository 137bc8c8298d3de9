import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.sweeps.ledger import LEDGER_NAME, Ledger, LedgerEntry, read_ledger


def written(folder, *events):
    ledger = Ledger(folder, now_unix_s=lambda: 3.5)
    for event in events:
        ledger.note(event, "a", attempt=2)
    ledger.close()


def test_what_was_noted_comes_back_in_order(tmp_path):
    written(tmp_path, "run-started", "run-finished")
    assert read_ledger(tmp_path) == (
        LedgerEntry(3.5, "run-started", "a", {"attempt": 2}),
        LedgerEntry(3.5, "run-finished", "a", {"attempt": 2}),
    )


def test_lines_are_only_added(tmp_path):
    written(tmp_path, "started")
    before = (tmp_path / LEDGER_NAME).read_bytes()
    written(tmp_path, "resumed")
    assert (tmp_path / LEDGER_NAME).read_bytes().startswith(before)


def test_a_folder_without_ledger_has_no_entries(tmp_path):
    assert read_ledger(tmp_path) == ()


@given(cut=st.integers(1, 60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_a_torn_last_line_is_left_out_and_what_follows_is_whole(cut, tmp_path):
    path = tmp_path / LEDGER_NAME
    path.unlink(missing_ok=True)
    written(tmp_path, "run-started", "run-finished")
    path.write_bytes(path.read_bytes()[:-cut])
    assert [entry.event for entry in read_ledger(tmp_path)][:1] == ["run-started"]
    written(tmp_path, "resumed")
    events = [entry.event for entry in read_ledger(tmp_path)]
    assert events[0] == "run-started"
    assert events[-1] == "resumed"


@pytest.mark.parametrize("line", ["7", "[]", '"x"', "{}", '{"at_unix_s": "x", "event": "e"}'])
def test_lines_that_say_nothing_are_left_out(line, tmp_path):
    (tmp_path / LEDGER_NAME).write_text(line + "\n" + '{"at_unix_s": 1, "event": "started"}\n')
    assert read_ledger(tmp_path) == (LedgerEntry(1.0, "started"),)


def test_each_line_is_json_that_any_program_reads(tmp_path):
    written(tmp_path, "started")
    (line,) = (tmp_path / LEDGER_NAME).read_text().splitlines()
    assert json.loads(line) == {"at_unix_s": 3.5, "event": "started", "run_id": "a", "attempt": 2}
