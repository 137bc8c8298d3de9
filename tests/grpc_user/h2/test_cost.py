"""What h2 is for, as a ratio that a busy machine leaves true."""

import re
import subprocess
import sys

from tests.grpc_user.conftest import ROOT

MEASURE = (
    *("-m", "bench.peers", "--only", "saturated", "--clients", "transport alone"),
    *("--server", "canned", "--seconds", "0.7", "--reps", "1"),
)


def test_a_call_over_h2_costs_at_most_a_fifth_of_grpcios(tmp_path):
    done = subprocess.run(
        [sys.executable, *MEASURE, "--out", str(tmp_path / "cost.json")],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    found = re.search(r"h2 costs ([\d.]+) of grpcio's CPU", done.stdout)
    assert found, done.stdout + done.stderr
    print(found[0])  # noqa: T201 - what was seen
    assert float(found[1]) <= 0.2
