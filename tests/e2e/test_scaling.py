"""A Knative Service from zero to several pods and back, over gRPC and in the API."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.e2e.knative import KnativeService, deploy, service
from tests.e2e.kubectl import Kubectl
from tests.e2e.spin_calls import call, instances, offer, open_stub
from tests.e2e.waiting import wait_for

ZERO_WITHIN_S = 60  # a window of 6 s, and a grace of 10 to 30 s
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def worker_service(cluster: Kubectl, namespace: str) -> KnativeService:
    return deploy(cluster, service(namespace))


@pytest.fixture
def at_zero(worker_service: KnativeService) -> Iterator[KnativeService]:
    worker_service.wait_for_pods(0, ZERO_WITHIN_S)
    return worker_service


def test_at_zero_the_first_call_is_answered_by_a_pod_made_for_it(at_zero: KnativeService) -> None:
    called_at = datetime.now(UTC)
    with open_stub(at_zero.entrance()) as stub:
        cold, warm = call(stub), call(stub)
    [pod] = at_zero.pods()
    made_at = datetime.fromisoformat(pod["metadata"]["creationTimestamp"])
    assert (cold.status, warm.status) == ("OK", "OK")
    assert cold.reply.pod == pod["metadata"]["name"]
    assert cold.reply.instance_seq == 1
    assert (made_at - called_at).total_seconds() > -1  # the API's stamps are whole seconds


def test_a_cold_start_costs_the_first_call_and_no_other(at_zero: KnativeService) -> None:
    called_unix_s = datetime.now(UTC).timestamp()
    with open_stub(at_zero.entrance()) as stub:
        cold, *warm = [call(stub) for _ in range(5)]
    began_s = cold.reply.ready_unix_us / 1e6 - called_unix_s
    assert 0 < began_s < cold.took_s < 30
    assert max(answer.took_s for answer in warm) < cold.took_s / 2
    assert [answer.reply.instance_seq for answer in warm] == [2, 3, 4, 5]


def test_load_of_two_pods_with_one_call_each_makes_pods_and_its_end_takes_all_of_them(
    worker_service: KnativeService,
) -> None:
    answers = offer(worker_service.entrance(), rps=20, duration_s=20, spin_ms=100)
    wanted = worker_service.autoscaler()["status"]["desiredScale"]
    assert [answer.status for answer in answers] == ["OK"] * 400
    assert 2 <= wanted <= 4
    assert 2 <= len(instances(answers)) <= 4
    assert len({answer.reply.pod for answer in answers}) == len(instances(answers))
    assert max(answer.reply.concurrency for answer in answers) == 1
    worker_service.wait_for_pods(0, ZERO_WITHIN_S)


@pytest.mark.parametrize(
    ("burst_capacity", "mode"), [("-1", "Proxy"), ("0", "Serve")], ids=["in", "out"]
)
def test_the_activator_is_in_the_path_or_out_of_it_as_the_burst_capacity_says(
    cluster: Kubectl, namespace: str, burst_capacity: str, mode: str
) -> None:
    manifest = service(namespace, target_burst_capacity=burst_capacity, min_scale="2")
    served = deploy(cluster, manifest)
    answers = offer(served.entrance(), rps=10, duration_s=5, spin_ms=20)
    activators = {
        pod["status"]["podIP"] for pod in cluster.items("knative-serving", "pods", "app=activator")
    }
    assert {answer.status for answer in answers} == {"OK"}
    wait_for(f"mode {mode}", lambda: served.path()["spec"]["mode"] == mode, within_s=30)
    assert (served.addresses_called() == activators) == (mode == "Proxy")
