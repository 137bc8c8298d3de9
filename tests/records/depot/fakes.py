"""Runs as a pod leaves them, for the tests of the depot."""

import json

from records.segments import Ending, write_segment
from tests.records.fakes import calls


def write_rows(folder, member="w1", n=0, rows=3, ending=None):
    folder.mkdir(parents=True, exist_ok=True)
    return write_segment(folder, member, n, calls(rows, member=member), ending)


def write_ended_member(folder, member):
    """All that one member leaves of its rows."""
    write_rows(folder, member, 0, 3)
    return write_rows(folder, member, 1, 0, Ending(closed=True, rows_given=3, rows_written=3))


def manifest(started_unix_s=1.0, members=("w1", "w2"), **more):
    fields = {"run_id": "run", "started_unix_s": started_unix_s, "members": list(members)}
    return json.dumps({"schema_version": 1, **fields, **more})
