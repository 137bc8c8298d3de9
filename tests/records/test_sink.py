import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from records.outbox import PIPE_BYTES
from records.reader import open_run
from records.run_folder import InvalidRunId, RunFolderError
from records.sink import RecordingError, RecordSink, SinkReport
from records.slot_batches import frames_of
from tests.records.fakes import call, calls, run_generator, wait_for_exit, wait_until
from tests.slot_rows import slots_of

PLAIN_OR_GEVENT = pytest.mark.parametrize("patch", ["", "gevent-"], ids=["plain", "gevent"])


class FakeWriter:
    """The other ends of a sink's pipes, held by the test; nothing is started."""

    def __init__(self, **limits):
        self.rows_fd, rows_out = os.pipe()
        reports_in, self.reports_fd = os.pipe()
        os.set_blocking(self.rows_fd, False)
        process = SimpleNamespace(pid=0, poll=lambda: -9, wait=lambda timeout: -9)
        started = SimpleNamespace(process=process, rows_fd=rows_out, reports_fd=reports_in)
        self.sink = RecordSink(started, **limits)
        self.open = {self.rows_fd, self.reports_fd}

    def received_bytes(self):
        try:
            return len(os.read(self.rows_fd, 1 << 24))
        except BlockingIOError:
            return 0

    def end(self):
        for descriptor in self.open:
            os.close(descriptor)
        self.open = set()


@pytest.fixture
def fake():
    made = []

    def make(**limits):
        made.append(FakeWriter(**limits))
        return made[-1]

    yield make
    for writer in made:
        writer.sink.abandon()
        writer.end()


@PLAIN_OR_GEVENT
@pytest.mark.parametrize("count", [0, 1, 5000], ids=["none", "one", "many"])
def test_every_row_given_is_in_the_files_after_close(patch, count, tmp_path):
    report = run_generator(tmp_path, f"{patch}given", count)
    assert (report["rows_given"], report["rows_written"]) == (count, count)
    assert report["error"] is None
    assert open_run(tmp_path).table().to_pylist() == [row._asdict() for row in calls(count)]
    assert open_run(tmp_path).missing_rows == []


@PLAIN_OR_GEVENT
def test_close_leaves_no_process_no_zombie_and_no_descriptor(patch, tmp_path):
    report = run_generator(tmp_path, f"{patch}given", 100)
    assert not report["writer_is_left"]
    assert report["pipes_left"] == 0


@PLAIN_OR_GEVENT
def test_a_killed_writer_is_an_error_at_once_and_costs_no_exception(patch, tmp_path):
    report = run_generator(tmp_path, f"{patch}killed", 1000)
    assert "the writer process ended early" in report["error_while_running"]
    assert "its last rows are lost" in report["error"]
    assert report["rows_given"] == 1000
    assert report["rows_written"] == 0
    assert not report["writer_is_left"]
    assert report["pipes_left"] == 0


@PLAIN_OR_GEVENT
def test_close_gives_up_in_time_and_the_writer_goes_on_alone(patch, tmp_path):
    report = run_generator(tmp_path, f"{patch}frozen", 500)
    assert "not done in time" in report["error"]
    assert report["rows_written"] == 0
    assert report["same"]
    wait_for_exit(report["writer"])
    assert open_run(tmp_path).rows == 500
    assert open_run(tmp_path).missing_rows == []


def test_a_stalled_writer_does_not_stall_the_hub_and_loses_nothing(tmp_path):
    report = run_generator(tmp_path, "gevent-stalled", 40_000)
    assert report["waiting_bytes"] > PIPE_BYTES  # the pipe was full, and more
    assert report["ticks_during_close"] > 20  # other greenlets ran while close() waited
    assert (report["rows_written"], report["error"]) == (40_000, None)
    found = open_run(tmp_path).counts()
    assert (found["planned"], found["duplicates"]) == (40_000, 0)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_stops_the_generator_does_not_stop_the_writer(signum, tmp_path):
    sink = RecordSink.start(tmp_path, "local", slice_rows=1)
    wait_until_ignoring(sink.writer_pid, signum)
    sink.append(call(0))
    os.kill(sink.writer_pid, signum)
    sink.append(call(1))
    assert sink.close(30.0) == SinkReport(2, 2, 2, None)


def wait_until_ignoring(pid, signum):
    def ignores():
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        mask = int(status.split("SigIgn:")[1].split()[0], 16)
        return mask >> (signum - 1) & 1

    wait_until(ignores, f"the writer to ignore {signum}")


def test_ctrl_c_does_not_reach_the_writer_and_its_niceness_counts(
    tmp_path,
):
    sink = RecordSink.start(tmp_path, "local")
    assert os.getpgid(sink.writer_pid) == sink.writer_pid != os.getpgid(0)
    assert os.getsid(sink.writer_pid) == os.getsid(0)  # Linux shares the CPU out by sessions first
    sink.close(30.0)


def test_a_slice_goes_out_when_it_is_full_and_a_flush_sends_the_rest(fake):
    writer = fake(slice_rows=4)
    for row in calls(3):
        writer.sink.append(row)
    assert writer.received_bytes() == 0
    writer.sink.append(call(3))
    assert writer.received_bytes() > 0
    writer.sink.append(call(4))
    writer.sink.flush()
    assert writer.received_bytes() > 0
    assert writer.sink.rows_given == 5


def test_rows_beyond_the_memory_for_them_are_counted_as_lost_not_raised(fake):
    writer = fake(slice_rows=10, capacity_bytes=2 << 20)
    while writer.sink.error is None:
        for row in calls(10):
            writer.sink.append(row)
        assert writer.sink.waiting_bytes <= 2 << 20
    assert writer.sink.error == "10 rows were not recorded: the writer does not keep up, or is gone"


def test_what_waited_goes_out_when_the_pipe_has_room_again(fake):
    writer = fake(slice_rows=100)
    while writer.sink.waiting_bytes == 0:
        writer.sink.append(call())
    while writer.sink.waiting_bytes:
        assert writer.received_bytes() > 0
        writer.sink.flush()
    assert writer.sink.error is None


def test_a_value_that_cannot_be_encoded_costs_its_own_row_only(tmp_path):
    sink = RecordSink.start(tmp_path, "local")
    for row in (call(0), call(1, detail=ValueError("not a text")), call(2)):
        sink.append(row)
    report = sink.close(30.0)
    assert (report.rows_given, report.rows_written) == (3, 2)
    assert report.error == "1 rows were not recorded: arrival 1 has a value that is not plain"
    assert open_run(tmp_path).missing_rows == ["member local: 2 rows are here of 3"]


def test_a_value_of_the_wrong_type_costs_its_own_row_only_and_is_named(tmp_path):
    sink = RecordSink.start(tmp_path, "local")
    for row in (call(0), call(1, code=14), call(2)):
        sink.append(row)
    report = sink.close(30.0)
    assert report.rows_written == 2
    assert "code must be a plain string, not int 14" in report.error


def test_the_writers_error_is_seen_without_asking_for_it_twice(fake):
    writer = fake()
    os.write(
        writer.reports_fd,
        b'{"rows_written": 0, "segments": 0, "error": "disk full", "ended": true}\n',
    )
    assert writer.sink.error == "disk full"


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RecordingError, match="there is no such folder"):
        RecordSink.start(tmp_path / "nothing", "local")


def test_an_interpreter_that_is_not_there_is_refused_as_an_error_of_the_run_folder(tmp_path):
    with pytest.raises(RunFolderError, match="cannot start the writer"):
        RecordSink.start(tmp_path, "local", python=str(tmp_path / "no-python"))
    assert list(tmp_path.iterdir()) == []


def test_an_unsafe_member_name_is_refused(tmp_path):
    with pytest.raises(InvalidRunId):
        RecordSink.start(tmp_path, "../local")


def test_a_batch_is_in_the_files_after_close_between_rows_given_one_by_one(tmp_path):
    sink = RecordSink.start(tmp_path, "local")
    sink.append(call(0))
    slots, texts = slots_of(calls(4000, first=1))
    sink.append_frames(frames_of(slots, texts, method="/spin.v1.Spinner/Spin", warm_up_s=0.0))
    report = sink.close(timeout_s=60.0)
    assert (report.rows_given, report.rows_written, report.error) == (4001, 4001, None)
    rows = open_run(tmp_path).table().to_pylist()
    assert sorted(rows, key=lambda row: row["k"]) == [row._asdict() for row in calls(4001)]


def give(sink, rows):
    slots, texts = slots_of(calls(rows))
    sink.append_frames(frames_of(slots, texts, method="m", warm_up_s=0.0))


def test_a_batch_is_taken_whole_however_slow_the_writer_is(fake):
    sink = fake(capacity_bytes=200_000).sink
    give(sink, 20_000)
    assert sink.error is None
    assert sink.waiting_bytes > PIPE_BYTES
    assert sink.rows_given == 20_000


def test_a_batch_for_a_writer_that_is_gone_is_counted_as_lost(fake):
    writer = fake()
    writer.end()
    give(writer.sink, 3000)
    assert "rows were not recorded: the writer does not keep up, or is gone" in (
        writer.sink._own_error
    )
    assert writer.sink.rows_given == 3000


def test_it_is_known_how_much_of_what_was_given_the_pipe_has_taken(fake):
    writer = fake()
    give(writer.sink, 20_000)
    given_bytes = writer.sink.given_bytes
    passed_bytes = writer.sink.passed_bytes
    assert 0 < passed_bytes < given_bytes
    received_bytes = writer.received_bytes()
    assert received_bytes == passed_bytes
    while writer.sink.passed_bytes < given_bytes:
        writer.sink.push()
        received_bytes += writer.received_bytes()
    assert received_bytes == given_bytes


def test_a_push_fills_the_pipe(fake):
    writer = fake()
    give(writer.sink, 40_000)
    writer.received_bytes()
    writer.sink.push()
    assert writer.received_bytes() > PIPE_BYTES // 2


def test_rows_that_never_came_are_said_to_be_lost_and_are_missing_in_the_files(tmp_path):
    sink = RecordSink.start(tmp_path, "local")
    give(sink, 5)
    sink.lose(2, "somebody died who alone knew of them")
    report = sink.close(30.0)
    assert report.error == "2 rows were not recorded: somebody died who alone knew of them"
    assert open_run(tmp_path).missing_rows == ["member local: 5 rows are here of 7"]
