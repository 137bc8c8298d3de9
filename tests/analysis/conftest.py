import numpy as np
import pytest

from analysis.dataset import read_run
from analysis.report.build import write_report
from tests.analysis.fakes import HOSTILE, Target, make_plan, simulate, write_run


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "browser: opens a report in a real Chromium; says so when there is none"
    )


@pytest.fixture
def rng():
    return np.random.default_rng(20_240_501)


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory):
    """The report of a run whose every foreign text tries to break out of it."""
    plan = make_plan(host="<script>document.title='owned'</script>")
    folder = write_run(tmp_path_factory.mktemp("hostile"), plan, simulate(plan, HOSTILE))
    return write_report(read_run(folder), folder / "report")


@pytest.fixture
def a_run(tmp_path):
    """Writes a run folder; keywords as those of `make_plan`."""

    def make(run_id="run-1", target=Target(), *, finished=True, calibration=None, **plan):  # noqa: B008
        plan = make_plan(run_id, **plan)
        return write_run(
            tmp_path, plan, simulate(plan, target), finished=finished, calibration=calibration
        )

    return make
