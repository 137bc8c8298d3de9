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
    "uniform": "3294a4910b31ee0e35506b53384b6a1f33aa473ad483f6622e00d9c98cf2300c",
    "poisson": "a32ebb8645c2cb8b145e271c675beb02451f378282d9467b24cb16063c82b662",
    "uniform-gap": "c4c348039b6ca7fa37ac04af401023fc26afa49dbcbe340ecc9c6626ff9be7ae",
    "bursty:3": "50706b5d35ec4e753a0564a603a2e729ba2d6b5dd00e14afc8118fe71a8cb065",
    "bursty:100": "23732f69fd6c061950ae49bdf641fab5a40ccfa601b27b0d8ef2489a02c64a06",
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
