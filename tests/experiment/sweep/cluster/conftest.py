import pytest

from experiment.clock import Clock
from experiment.sweep.cluster.service_api import ServiceApi
from tests.experiment.sweep.cluster.fake_knative import NAME, NAMESPACE, put_service


@pytest.fixture
def knative(api):
    """A Service that may be patched, ready and at zero."""
    return put_service(api, patchable="true")


@pytest.fixture
def service_api(cluster, knative):
    """The way to it, with a clock that costs no time."""
    return ServiceApi(cluster, NAMESPACE, NAME, made_clock())


def made_clock():
    """Time that passes when one sleeps, and else not."""
    now = [1000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Clock(lambda: now[0], sleep)


class Notes(list):
    """A ledger in memory."""

    def __call__(self, event, **fields):
        self.append({"event": event, **fields})

    @property
    def events(self):
        return [line["event"] for line in self]


@pytest.fixture
def notes():
    return Notes()
