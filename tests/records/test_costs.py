"""What recording costs. Allowances are several times what a quiet machine measures."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest

from records.frames import encode_rows
from records.sink import SLICE_ROWS, RecordSink
from tests.records.fakes import ROOT, call, calls, run_generator

MANY_ROWS = 1_000_000

READ_ALL = """
import json, sys
from pathlib import Path
import pyarrow.compute as pc
from records.reader import open_run
from tests.records.fakes import peak_rss_mib
before = peak_rss_mib()
run = open_run(Path(sys.argv[1]))
latest = max(pc.max(batch.column("received_s")).as_py() for batch in run.batches())
counts = run.counts()
print(json.dumps({"grown_mib": peak_rss_mib() - before, "latest_s": latest, **counts}))
"""


@pytest.fixture
def tell(capsys):
    """Say a measured number whether or not the test passes."""

    def write(text):
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return write


@pytest.fixture(scope="module")
def million(tmp_path_factory):
    """A run of a million rows, and what writing it took."""
    folder = tmp_path_factory.mktemp("million")
    return folder, run_generator(folder, "many", MANY_ROWS)


def test_a_million_rows_are_written_in_bounded_memory(million, tell):
    folder, report = million
    size = sum(path.stat().st_size for path in folder.iterdir())
    tell(
        f"1e6 rows written: generator +{report['generator_grown_mib']:.0f} MiB, "
        f"writer {report['writer_mib']:.0f} MiB, {size / MANY_ROWS:.1f} bytes/row"
    )
    assert report["rows_written"] == MANY_ROWS
    assert report["error"] is None
    assert report["generator_grown_mib"] < 40
    assert report["writer_mib"] < 400


def test_a_million_rows_are_read_in_bounded_memory(million, tell):
    folder, _ = million
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    read = json.loads(done.stdout)
    tell(f"1e6 rows read and counted: +{read['grown_mib']:.0f} MiB")
    assert read["planned"] == read["sent"] == read["ok"] == MANY_ROWS
    assert read["latest_s"] == call(MANY_ROWS - 1).received_s
    assert read["grown_mib"] < 200


def test_appending_costs_the_generator_little(tmp_path, tell):
    rows = calls(20_000)
    sink = RecordSink.start(tmp_path, "local")
    time.sleep(1.0)  # the writer's own start would be measured on a machine of few cores
    took_ns = []
    for row in rows:
        start_ns = time.perf_counter_ns()
        sink.append(row)
        took_ns.append(time.perf_counter_ns() - start_ns)
    sink.close(30.0)
    took_us = np.array(took_ns) / 1000
    slices_us = took_us[SLICE_ROWS - 1 :: SLICE_ROWS]
    plain_us = np.delete(took_us, np.arange(SLICE_ROWS - 1, len(took_us), SLICE_ROWS))
    tell(
        f"append: median {np.median(plain_us):.2f} us, mean with flushes "
        f"{took_us.mean():.2f} us a row; a slice of {SLICE_ROWS}: median "
        f"{np.median(slices_us):.0f} us, p99 {np.quantile(slices_us, 0.99):.0f} us"
    )
    assert np.median(plain_us) < 5
    assert np.median(slices_us) < 1000


def test_encoding_a_row_costs_about_a_microsecond(tell):
    rows = calls(SLICE_ROWS)
    best_s = min(_time_of(rows) for _ in range(20))
    tell(f"frame of {SLICE_ROWS} rows: {best_s * 1e6:.0f} us, {len(encode_rows(rows))} bytes")
    assert best_s / SLICE_ROWS < 20e-6


def _time_of(rows):
    start_s = time.perf_counter()
    encode_rows(rows)
    return time.perf_counter() - start_s
