import pytest

from experiment.kube import open_cluster
from tests.experiment.fake_api import fake_api, write_kubeconfig


@pytest.fixture
def api():
    """An API server that does what a test tells it."""
    with fake_api() as made:
        yield made


@pytest.fixture
def cluster(api, tmp_path):
    """The real client of that server."""
    opened = open_cluster(write_kubeconfig(tmp_path, api))
    yield opened
    opened.close()
