import pytest
from gevent import monkey

from tests.whole.workers import slow_worker


def pytest_collection_modifyitems() -> None:
    if monkey.is_module_patched("socket"):
        raise pytest.UsageError("tests/faults needs an unpatched process: leave gevent_first out")


@pytest.fixture(scope="module")
def target():
    """A worker that waits as long as it is asked to spin, and counts."""
    with slow_worker() as worker:
        yield worker


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of the module's own for its records."""
    return tmp_path_factory.mktemp("runs")
