"""What a row costs while a run is analysed: ten million must fit into 4 GiB."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.big_run import write_run

ROOT = Path(__file__).parents[2]
FEW, MANY = 50_000, 450_000
MOST_BYTES_A_ROW = 250
"""4 GiB over ten million rows are 429, less 300 MiB of programs; 216 when this was written."""
READS_AND_SUMS = """
import sys
from pathlib import Path
from analysis.dataset import read_run
from analysis.metrics.decomposition import mean_parts_by_band, split_latency
from analysis.metrics.instances import by_instance
from analysis.metrics.timeline import scatter_sample
from analysis.report.numbers import measured_numbers
run = read_run(Path(sys.argv[1]))
measured_numbers(run)
mean_parts_by_band(split_latency(run.measured))
by_instance(run.measured)
scatter_sample(run.calls)
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("big")
    few, many = (write_run(root, str(rows), rows) for rows in (FEW, MANY))
    judge = [sys.executable, "-m", "verdict", str(few), "--save"]
    subprocess.run(judge, cwd=ROOT, check=True, capture_output=True)
    shutil.copy(few / "summary.json", many)
    return few, many


def peak_bytes(folder):
    command = [sys.executable, "-c", READS_AND_SUMS, str(folder)]
    process = subprocess.Popen(command, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


def test_a_row_costs_so_little_that_ten_million_fit(folders):
    few, many = map(peak_bytes, folders)
    a_row = (many - few) / (MANY - FEW)
    assert a_row < MOST_BYTES_A_ROW
