"""Arrivals have the same bits whatever the CPU offers and whichever machine made them before."""

import os
import subprocess
import sys
from pathlib import Path

import numpy._core._multiarray_umath as numpy_core
import pytest

from tests.shapes.print_hashes import hashes

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = {
    "uniform": "35535d40eb90c11327e8da956d7844dbc1abfb62735e1e54e4335cc2ab9780cf",
    "poisson": "ca7b743f9f088f158eff133ba753e8ebd505680bdbb4269889d879eaa74f73ae",
    "uniform-gap": "5b42b8a409f9700a5c94ec3123eaf270ac9fb83eaa7cf1a966eaeea0b88d38c6",
    "bursty:3": "5d0ad6591f89631b776d965c94e5b3954f169c1fefd0e942cba737ac47d7ec32",
    "bursty:100": "2168ac2e2612c4b22db4ad712d32672d58c42677790bc84f8b3747337cbb2fb1",
    "plan": "516220273c147e6858c38b57ef99d21d404d310322454ac89cb1c56319667a35",
}
OFFERED = [name for name in numpy_core.__cpu_dispatch__ if numpy_core.__cpu_features__.get(name)]
FEATURE_SETS = {"all": [], "none": OFFERED} | {
    f"up-to-{OFFERED[i - 1]}": OFFERED[i:] for i in range(1, len(OFFERED))
}


def hashes_without(features):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("NPY_DISABLE_CPU_FEATURES", None)
    if features:
        environment["NPY_DISABLE_CPU_FEATURES"] = " ".join(features)
    command = [sys.executable, "-W", "error", "tests/shapes/print_hashes.py"]
    finished = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return dict(line.split() for line in finished.stdout.splitlines())


def test_arrivals_are_those_that_were_always_made():
    assert hashes() == GOLDEN


@pytest.mark.parametrize("features", FEATURE_SETS.values(), ids=FEATURE_SETS.keys())
def test_arrivals_do_not_depend_on_the_features_of_the_cpu(features):
    assert hashes_without(features) == GOLDEN
