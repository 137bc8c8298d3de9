"""What h2 is for, as a ratio that a busy machine leaves true."""

import re
import subprocess
import sys

from tests.grpc_user.conftest import ROOT


def test_a_call_over_h2_costs_at_most_a_fifth_of_grpcios():
    done = subprocess.run(
        [sys.executable, "-m", "bench.transports", "--seconds", "0.7", "--repeats", "1"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    found = re.search(r"h2 costs ([\d.]+) of grpcio's CPU", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= 0.2
