import numpy as np
import pytest

from tests.analysis.fakes import Target, make_plan, simulate, write_run


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "browser: opens a report in a real Chromium; says so when there is none"
    )


@pytest.fixture
def rng():
    return np.random.default_rng(20_240_501)


@pytest.fixture
def a_run(tmp_path):
    """Writes a run folder; keywords as those of `make_plan`."""

    def make(run_id="run-1", target=Target(), *, finished=True, calibration=None, **plan):  # noqa: B008
        plan = make_plan(run_id, **plan)
        return write_run(
            tmp_path, plan, simulate(plan, target), finished=finished, calibration=calibration
        )

    return make


@pytest.fixture
def hostile():
    """A target whose every text tries to break out of the report."""
    return Target(
        instances=("<script>alert('instance')</script>", "$\\frac{", "=cmd()", "実例🔥"),
        fails_from_s=30.0,
        fails_until_s=35.0,
        detail="<script>alert('detail')</script>",
    )
