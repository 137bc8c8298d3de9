"""kill -9 at random moments, of either side."""

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from records.reader import open_run
from records.sink import RecordSink
from tests.records.fakes import (
    call,
    is_running,
    start_generator,
    wait_for_exit,
    wait_until,
)

SLICE_ROWS = 20


def kill_after(generator, delay_s):
    """Kill -9 after so much time of writing; rows that were in the pipe, and the writer's pid."""
    writer = json.loads(generator.stdout.readline())["writer"]
    time.sleep(delay_s)
    generator.kill()
    lines = generator.stdout.read().splitlines()
    close(generator)
    whole = [json.loads(line) for line in lines if line.endswith("}")]
    return max((line["in_pipe"] for line in whole), default=0), writer


@pytest.mark.parametrize("seed", range(6), ids=lambda seed: f"moment-{seed}")
@pytest.mark.parametrize("patch", ["", "gevent-"], ids=["plain", "gevent"])
def test_a_killed_generator_loses_at_most_its_last_slice(seed, patch, tmp_path):
    delay_s = random.Random(seed).uniform(0.0, 0.6)
    generator = start_generator(tmp_path, f"{patch}steady", SLICE_ROWS, 20_000)
    in_pipe, writer = kill_after(generator, delay_s)
    wait_for_exit(writer)
    run = open_run(tmp_path)
    k = run.table(["k"])["k"].to_pylist()
    assert k == list(range(len(k)))
    assert len(k) >= in_pipe
    (sentence,) = run.missing_rows
    assert "ended without closing its record" in sentence


@pytest.mark.parametrize("seed", range(12), ids=lambda seed: f"moment-{seed}")
def test_a_killed_writer_leaves_whole_segments_only(seed, tmp_path):
    draw = random.Random(seed)
    sink = RecordSink.start(tmp_path, "local", slice_rows=SLICE_ROWS)
    wait_until(lambda: has_pyarrow(sink.writer_pid), "the writer to be at work")
    rows = draw.randrange(49_000, 52_000)  # about when a segment is due
    for k in range(rows):
        sink.append(call(k))
    sink.flush()
    time.sleep(draw.uniform(0.0, 0.5))
    os.kill(sink.writer_pid, signal.SIGKILL)
    report = sink.close(30.0)
    assert "ended early (exit code -9)" in report.error
    run = open_run(tmp_path) if any(tmp_path.iterdir()) else None
    k = run.table(["k"])["k"].to_pylist() if run else []
    assert k == list(range(len(k)))
    assert len(k) in (0, *range(50_000, 50_000 + SLICE_ROWS))
    assert len(k) >= report.rows_written
    assert run is None or run.missing_rows


def close(generator):
    generator.stdin.close()
    generator.stdout.close()
    generator.wait()


def has_pyarrow(pid):
    return "_parquet" in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")


@pytest.mark.parametrize("patch", ["", "gevent-"], ids=["plain", "gevent"])
def test_a_forked_child_that_outlives_the_generator_does_not_keep_the_writer_waiting(
    patch, tmp_path
):
    generator = start_generator(tmp_path, f"{patch}forked", 100)
    facts = json.loads(generator.stdout.readline())
    wait_for_exit(facts["writer"])
    assert is_running(facts["child"])
    # The child's own appends went nowhere; the parent's rows are there once each.
    assert open_run(tmp_path).table(["k"])["k"].to_pylist() == list(range(100))
    close(generator)
    wait_for_exit(facts["child"])
