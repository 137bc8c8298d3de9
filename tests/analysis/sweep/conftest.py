import shutil

import pytest

from analysis.sweep.answers import Answers
from analysis.sweep.study import read_study
from simulator.service import Service
from tests.analysis.sweep.simulated import Grid, write_simulated_sweep

GRID = Grid(
    rates_rps=(5.0, 10.0, 30.0),
    spins_s=(0.1,),
    arms={"as-is": Service(), "one": Service(container_concurrency=1)},
    repetitions=2,
    duration_s=30.0,
    warm_up_s=10.0,
    checks=("p99<500ms",),
    deadline_s=3.0,
)


@pytest.fixture(scope="session")
def swept(tmp_path_factory):
    """A finished sweep of two arms, in overload at its highest rate; not to be changed."""
    return write_simulated_sweep(tmp_path_factory.mktemp("sweeps") / "sim", GRID)


@pytest.fixture
def a_copy(swept, tmp_path):
    """The same sweep, to be changed."""
    return shutil.copytree(swept, tmp_path / "sim")


@pytest.fixture(scope="session")
def _was_read(swept, tmp_path_factory):
    """What was read of it, and the folder that keeps its rows."""
    folder = tmp_path_factory.mktemp("read")
    return Answers(read_study(swept, folder)), folder


@pytest.fixture(scope="session")
def answers(_was_read):
    return _was_read[0]


@pytest.fixture
def cache(_was_read, tmp_path):
    """A folder with the rows of the sweep: only what changes in a copy is read again."""
    return shutil.copytree(_was_read[1], tmp_path / "cache")
