import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from records.replica_log import ReplicaLog
from records.replica_rows import LIVE_NAME, TABLE_NAME
from records.replicas import TABLE_SCHEMA, VERSION_KEY, read_replicas, write_replica_table
from records.run_folder import NewerSchema, RunFolderError

ROWS = [
    {"at_unix_s": 10.0, "kind": "scale", "revision": "worker-00001", "desired": 2, "actual": 1},
    {
        "at_unix_s": 10.5,
        "kind": "mode",
        "revision": "worker-00001",
        "mode": "Proxy",
        "activators": 2,
    },
    {
        "at_unix_s": 11.0,
        "kind": "deployment",
        "revision": "worker-00001",
        "replicas": 2,
        "ready": 1,
        "available": 1,
    },
    {
        "at_unix_s": 11.25,
        "kind": "pod",
        "revision": "worker-00001",
        "pod": "worker-00001-x",
        "phase": "ready",
        "said_unix_s": 11.0,
        "node": "kn",
    },
    {
        "at_unix_s": 12.0,
        "kind": "revision",
        "revision": "worker-00001",
        "ready": True,
        "reason": "",
    },
    {
        "at_unix_s": 13.0,
        "kind": "gap",
        "resource": "pods",
        "from_unix_s": 12.5,
        "to_unix_s": 13.0,
        "reason": "connection refused",
    },
    {
        "at_unix_s": 14.0,
        "kind": "panic",
        "revision": "worker-00001",
        "on": True,
        "source": "metric",
    },
    {
        "at_unix_s": 15.0,
        "kind": "metric",
        "name": "kn_revision_pods_desired",
        "value": 2.0,
        "labels": {"kn_revision_name": "worker-00001"},
    },
]
UNKNOWN = {
    "at_unix_s": 16.0,
    "kind": "quota",
    "limit": {"cpu": "4"},
    "reason": "of a later version",
}


def write(folder, rows):
    log = ReplicaLog(folder)
    for row in rows:
        log.append(row)
    log.close()


@pytest.mark.parametrize("is_complete", [False, True], ids=["live file", "parquet"])
def test_every_kind_of_row_is_read_as_it_was_written(tmp_path, is_complete):
    write(tmp_path, [*ROWS, UNKNOWN])
    if is_complete:
        write_replica_table(tmp_path)
        (tmp_path / LIVE_NAME).unlink()
    assert read_replicas(tmp_path) == [*ROWS, UNKNOWN]


def test_a_folder_without_observer_has_no_rows(tmp_path):
    assert read_replicas(tmp_path) == []
    assert write_replica_table(tmp_path) is None


def test_a_row_is_in_the_file_as_soon_as_it_is_appended(tmp_path):
    log = ReplicaLog(tmp_path)
    log.append(ROWS[0])
    assert read_replicas(tmp_path) == [ROWS[0]]
    log.close()


@pytest.mark.parametrize(
    "torn",
    [b'{"at_unix_s": 99.0, "kin', b"\xff\xfe\n", b"[1, 2]\n", b'{"kind": "scale"}\n'],
    ids=["torn", "no text", "no row", "no time"],
)
def test_a_line_that_is_no_row_is_skipped(tmp_path, torn):
    write(tmp_path, ROWS)
    with (tmp_path / LIVE_NAME).open("ab") as file:
        file.write(torn)
    assert read_replicas(tmp_path) == ROWS


def test_an_observer_that_goes_on_after_a_torn_line_loses_none_of_its_own(tmp_path):
    (tmp_path / LIVE_NAME).write_bytes(b'{"at_unix_s": 9.0, "kin')
    write(tmp_path, ROWS)
    assert read_replicas(tmp_path) == ROWS


def test_rows_are_read_in_the_order_of_time(tmp_path):
    write(tmp_path, reversed(ROWS))
    assert read_replicas(tmp_path) == ROWS


def test_rows_after_the_end_are_dropped(tmp_path):
    log = ReplicaLog(tmp_path)
    log.append(ROWS[0])
    log.close()
    log.append(ROWS[1])
    assert read_replicas(tmp_path) == [ROWS[0]]
    assert log.rows == 1


def test_a_complete_observation_is_not_added_to(tmp_path):
    write(tmp_path, ROWS)
    write_replica_table(tmp_path)
    with pytest.raises(FileExistsError, match=r"replicas\.parquet exists"):
        ReplicaLog(tmp_path)


def test_values_of_an_unexpected_type_are_kept(tmp_path):
    odd = {"at_unix_s": 1.0, "kind": "scale", "desired": "two", "actual": 2.5}
    write(tmp_path, [odd])
    write_replica_table(tmp_path)
    assert read_replicas(tmp_path) == [odd]


def test_a_damaged_table_is_named(tmp_path):
    (tmp_path / TABLE_NAME).write_bytes(b"PAR1 no more")
    with pytest.raises(RunFolderError, match=r"replicas\.parquet is damaged"):
        read_replicas(tmp_path)


def test_a_table_of_a_later_version_is_refused(tmp_path):
    schema = TABLE_SCHEMA.with_metadata({VERSION_KEY: b"2"})
    pq.write_table(pa.Table.from_pylist([], schema=schema), tmp_path / TABLE_NAME)
    with pytest.raises(NewerSchema, match="version 2"):
        read_replicas(tmp_path)


def test_lines_are_json_objects_that_other_programs_read(tmp_path):
    write(tmp_path, ROWS)
    lines = (tmp_path / LIVE_NAME).read_text().splitlines()
    assert [json.loads(line) for line in lines] == ROWS
