import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.compiled import IS_COMPILED, floats, wholes
from tests.simulator.engine_digest import digest

ROOT = Path(__file__).parents[2]


def test_tests_run_the_plain_source():
    assert not IS_COMPILED
    assert isinstance(floats([1.0]), list)
    assert isinstance(wholes([1]), list)


@pytest.mark.timeout(400)  # compiling takes its time on a busy machine, once
def test_compiled_it_computes_the_same_to_the_last_bit():
    pytest.importorskip("numba")
    said = subprocess.run(
        [sys.executable, "-m", "tests.simulator.engine_digest"],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "0"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.split() == ["True", digest()]
