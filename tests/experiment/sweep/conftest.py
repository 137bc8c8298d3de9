import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from experiment.sweep import grounds
from tests.experiment.sweep.light_sweep import BEGINS

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _own_grounds():
    before = dict(grounds.GROUNDS)
    yield
    grounds.GROUNDS.clear()
    grounds.GROUNDS.update(before)


@pytest.fixture
def light_process(tmp_path):
    """Starts the sweep of `tmp_path/sweep` as a process; what is left of it is killed."""

    @contextmanager
    def start(spec: dict, **more):
        command = [sys.executable, "-m", "tests.experiment.sweep.light_sweep"]
        process = subprocess.Popen(
            [*command, str(tmp_path / "sweep"), json.dumps({"spec": spec, **more})],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        try:
            assert process.stdout.readline().strip() == BEGINS
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()

    return start
