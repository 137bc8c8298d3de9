import io
import json
import socket
import tarfile
import threading

import pytest

from tests.records.depot.fakes import manifest
from tests.waiting import wait_for

SEGMENT = "calls-w1-00000.parquet"


def content(depot, run="run"):
    return {path.name: path.read_bytes() for path in (depot.folder / run).iterdir()}


def has_part_of_a_file(depot):
    return any(depot.folder.glob("run/*.tmp"))


def test_a_file_arrives_with_exactly_its_bytes(depot):
    body = bytes(range(256)) * 1000
    assert depot.put("run", SEGMENT, body) == 201
    assert content(depot) == {SEGMENT: body}


def test_an_empty_file_arrives(depot):
    assert depot.put("run", "notes.txt", b"") == 201
    assert content(depot) == {"notes.txt": b""}


def test_the_same_rows_sent_again_are_welcome(depot):
    depot.put("run", SEGMENT, b"rows")
    assert depot.put("run", SEGMENT, b"rows") == 200


@pytest.mark.parametrize("other", [b"sowr", b"row", b"rows and more", b""])
def test_rows_are_never_overwritten(depot, other):
    depot.put("run", SEGMENT, b"rows")
    status, said = depot.ask("PUT", f"/runs/run/{SEGMENT}", other)
    assert (status, b"never overwritten" in said) == (409, True)
    assert content(depot) == {SEGMENT: b"rows"}


def test_the_manifest_is_replaced_while_the_run_goes_on(depot):
    depot.put("run", "manifest.json", manifest())
    assert depot.put("run", "manifest.json", manifest(finished=True)) == 200
    assert json.loads(content(depot)["manifest.json"])["finished"]


def test_another_run_of_the_same_name_is_kept_out(depot):
    depot.put("run", "manifest.json", manifest(started_unix_s=1.0))
    status, said = depot.ask("PUT", "/runs/run/manifest.json", manifest(started_unix_s=2.0))
    assert (status, b"another run" in said) == (409, True)


@pytest.mark.parametrize("name", ["manifest.json", "summary.json"])
def test_a_run_that_has_ended_is_not_changed(depot, name):
    depot.put("run", "manifest.json", manifest())
    depot.put("run", "summary.json", b"{}")
    assert depot.put("run", name, manifest(finished=True)) == 409


@pytest.mark.parametrize(("member", "status"), [("w2", 201), ("conductor", 201), ("stranger", 409)])
def test_after_the_end_only_rows_of_the_runs_own_members_come_in(depot, member, status):
    depot.put("run", "manifest.json", manifest(members=("w1", "w2")))
    depot.put("run", "summary.json", b"{}")
    assert depot.put("run", f"calls-{member}-00000.parquet", b"rows") == status


@pytest.mark.parametrize(
    "path",
    [
        "/runs/../etc.txt",
        "/runs/run/..",
        "/runs/.hidden/a.txt",
        "/runs/run/.depot-id",
        "/runs/run/a.tmp",
        "/runs/run/a%2fb",
        "/runs/run/a%00b",
        f"/runs/{'r' * 97}/a.txt",
        "/runs//a.txt",
    ],
)
def test_an_unsafe_name_is_refused(depot, path):
    assert depot.ask("PUT", path, b"x")[0] == 400
    assert list(depot.folder.glob("**/*.txt")) == []


@pytest.mark.parametrize(
    "path", ["/", "/runs", "/runs/run", "/runs/run/a/b.txt", "/other/run/a.txt"]
)
def test_a_file_is_put_into_a_run_and_nowhere_else(depot, path):
    assert depot.ask("PUT", path, b"x")[0] == 404


def test_a_linked_run_folder_is_not_followed(depot, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (depot.folder / "run").symlink_to(elsewhere)
    assert depot.put("run", SEGMENT, b"rows") == 409
    assert list(elsewhere.iterdir()) == []


def test_a_file_above_the_cap_is_refused_and_the_sender_told_why(start_depot):
    depot = start_depot(most_file_bytes=1000)
    status, said = depot.ask("PUT", f"/runs/run/{SEGMENT}", b"x" * 3_000_000)
    assert (status, b"at most 1000" in said) == (413, True)


def test_a_full_depot_says_so_and_keeps_what_it_has(start_depot):
    depot = start_depot(most_bytes=10)
    assert depot.put("run", SEGMENT, b"12345678") == 201
    assert depot.put("run", "calls-w1-00001.parquet", b"123") == 507
    assert depot.put("run", "calls-w1-00002.parquet", b"12") == 201


def test_what_is_there_counts_after_a_restart(start_depot):
    start_depot(most_bytes=10).put("run", SEGMENT, b"12345678")
    assert start_depot(most_bytes=10).put("run", "calls-w1-00001.parquet", b"123") == 507


def test_a_full_disk_is_told_and_leaves_nothing(depot, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("records.atomic_file.os.write", full)
    assert depot.put("run", SEGMENT, b"rows") == 507
    monkeypatch.undo()
    assert content(depot) == {}


def test_a_length_must_be_said(depot):
    headers = {"Transfer-Encoding": "chunked"}
    assert depot.ask("PUT", f"/runs/run/{SEGMENT}", iter([b"x"]), headers)[0] == 411


def test_of_an_upload_that_is_torn_nothing_is_kept(depot):
    with socket.create_connection((depot.address.host, depot.address.port)) as sender:
        head = f"PUT /runs/run/{SEGMENT} HTTP/1.1\r\nHost: d\r\nContent-Length: 1000\r\n\r\n"
        sender.sendall(head.encode() + b"x" * 500)
        wait_for("a part of a file", lambda: has_part_of_a_file(depot), within_s=10, every_s=0.01)
    wait_for("an empty folder", lambda: content(depot) == {}, within_s=10, every_s=0.01)
    assert depot.put("run", SEGMENT, b"rows") == 201


def test_two_senders_of_one_file_do_not_mix(depot):
    with socket.create_connection((depot.address.host, depot.address.port)) as slow:
        head = f"PUT /runs/run/{SEGMENT} HTTP/1.1\r\nHost: d\r\nContent-Length: 4\r\n\r\n"
        slow.sendall(head.encode() + b"sl")
        wait_for("a part of a file", lambda: has_part_of_a_file(depot), within_s=10, every_s=0.01)
        assert depot.put("run", SEGMENT, b"fast") == 503
        slow.sendall(b"ow")
        assert b" 201 " in slow.recv(1000)
    assert content(depot) == {SEGMENT: b"slow"}


def test_what_a_killed_depot_left_half_is_gone_after_its_restart(start_depot):
    depot = start_depot()
    depot.put("run", SEGMENT, b"rows")
    (depot.folder / "run" / "calls-w1-00001.parquet.tmp").write_bytes(b"half")
    again = start_depot()
    assert content(again) == {SEGMENT: b"rows"}
    assert again.put("run", "calls-w1-00001.parquet", b"whole") == 201


def test_many_files_come_in_at_once(depot):
    def put(n):
        statuses.append(depot.put("run", f"calls-w{n}-00000.parquet", b"x" * 100_000))

    statuses = []
    threads = [threading.Thread(target=put, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 16


def test_the_list_of_runs_says_what_is_there(depot):
    assert json.loads(depot.ask("GET", "/runs")[1]) == {"runs": []}
    depot.put("a", SEGMENT, b"rows")
    depot.put("b", "summary.json", b"{}")
    assert json.loads(depot.ask("GET", "/runs")[1])["runs"] == [
        {"run": "a", "files": 1, "bytes": 4, "finished": False},
        {"run": "b", "files": 1, "bytes": 2, "finished": True},
    ]


def test_the_tar_of_a_run_has_its_files_and_no_others(depot):
    depot.put("run", SEGMENT, b"rows" * 50_000)
    depot.put("run", "summary.json", b"{}")
    depot.put("other", SEGMENT, b"others")
    (depot.folder / "run" / "half.tmp").write_bytes(b"half")
    status, body = depot.ask("GET", "/runs/run.tar")
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        got = {entry.name: archive.extractfile(entry).read() for entry in archive}
    assert status == 200
    assert got == {f"run/{SEGMENT}": b"rows" * 50_000, "run/summary.json": b"{}"}


@pytest.mark.parametrize("path", ["/runs/none.tar", "/runs/..tar", "/runs/../run.tar", "/x", "/"])
def test_what_is_not_there_is_not_found(depot, path):
    assert depot.ask("GET", path)[0] == 404


def test_a_tar_that_is_cut_short_cannot_pass_for_a_whole_one(depot, monkeypatch):
    def broken(_root, _run, out):
        out.write(b"some")
        raise OSError("disk")

    monkeypatch.setattr("records.depot.server.write_tar", broken)
    depot.put("run", SEGMENT, b"rows")
    with pytest.raises(Exception, match="IncompleteRead"):
        depot.ask("GET", "/runs/run.tar")


def test_the_probes_page_answers(depot):
    assert depot.ask("GET", "/health")[0] == 200
