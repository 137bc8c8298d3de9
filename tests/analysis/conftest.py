import pytest


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "browser: opens a report in a real Chromium; says so when there is none"
    )


@pytest.fixture
def rng():
    import numpy as np

    return np.random.default_rng(20_240_501)
