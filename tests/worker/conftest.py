from collections.abc import Iterator

import pytest

from tests.worker.fakes import RunningWorker, running_worker


@pytest.fixture
def worker() -> Iterator[RunningWorker]:
    with running_worker() as running:
        yield running


@pytest.fixture(scope="module")
def shared_worker() -> Iterator[RunningWorker]:
    """One worker for the tests of a file that do not count its calls."""
    with running_worker("--port=0", "--pod=pod-7") as running:
        yield running
