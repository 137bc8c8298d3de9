"""A Knative Service from zero to several pods and back, over gRPC and in the API."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.e2e.knative import KnativeService, deploy, service
from tests.e2e.kubectl import Kubectl
from tests.e2e.spin_calls import Answer, call, instances, offer, open_stub
from tests.waiting import wait_for

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
    called_at = datetime.now(UTC).replace(microsecond=0)  # the API's stamps are whole seconds
    with open_stub(at_zero.entrance()) as stub:
        cold = call(stub)
    assert (cold.status, cold.reply.instance_seq) == ("OK", 1)
    made_at = at_zero.made_at()  # from zero Knative may make more than one
    assert made_at[cold.reply.pod] >= called_at
    assert min(made_at.values()) >= called_at


def test_a_cold_start_costs_the_first_call_and_no_later_one(at_zero: KnativeService) -> None:
    called_unix_s = datetime.now(UTC).timestamp()
    with open_stub(at_zero.entrance()) as stub:
        cold, *warm = [call(stub) for _ in range(9)]
    began_s = cold.reply.ready_unix_us / 1e6 - called_unix_s
    assert 0 < began_s < cold.took_s < 30
    assert statistics.median(answer.took_s for answer in warm) < cold.took_s / 2


def test_each_pod_counts_its_own_calls_from_one(at_zero: KnativeService) -> None:
    with open_stub(at_zero.entrance()) as stub:
        replies = [call(stub).reply for _ in range(9)]
    counted: dict[str, list[int]] = {}
    for reply in replies:
        counted.setdefault(reply.instance_id, []).append(reply.instance_seq)
    assert all(seen == list(range(1, len(seen) + 1)) for seen in counted.values())


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


@dataclass(frozen=True)
class TwoPods:
    """Two pods that take one call at once, and the answers to more calls than one can answer."""

    served: KnativeService
    answers: list[Answer]


def deploy_two_pods(
    cluster: Kubectl, namespace: str, name: str, **autoscaling: str
) -> KnativeService:
    manifest = service(namespace, name, min_scale="2", max_scale="2", **autoscaling)
    served = deploy(cluster, manifest)
    wait_for("two pods", lambda: len(served.ready_pods()) == 2, within_s=60)
    return served


@pytest.fixture(scope="module")
def through_the_activator(cluster: Kubectl, namespace: str) -> TwoPods:
    served = deploy_two_pods(cluster, namespace, "through", target_burst_capacity="-1")
    return TwoPods(served, offer(served.entrance(), rps=10, duration_s=6, spin_ms=150))


@pytest.fixture(scope="module")
def past_the_activator(cluster: Kubectl, namespace: str) -> TwoPods:
    served = deploy_two_pods(cluster, namespace, "past", target_burst_capacity="0")
    wait_for("no activator in the path", served.is_past_the_activator, within_s=30)
    # Few enough that those which wait for one pod are never more than it may keep waiting.
    return TwoPods(served, offer(served.entrance(), rps=10, duration_s=2.4, spin_ms=150))


def test_with_the_activator_in_the_path_calls_go_to_it_and_reach_both_pods(
    cluster: Kubectl, through_the_activator: TwoPods
) -> None:
    pods = cluster.items("knative-serving", "pods", "app=activator")
    served, answers = through_the_activator.served, through_the_activator.answers
    assert served.path()["spec"]["mode"] == "Proxy"
    assert served.addresses_called() == {pod["status"]["podIP"] for pod in pods}
    assert {answer.status for answer in answers} == {"OK"}
    assert len(instances(answers)) == 2


def test_with_the_activator_out_of_the_path_calls_go_to_the_pods(
    past_the_activator: TwoPods,
) -> None:
    served, answers = past_the_activator.served, past_the_activator.answers
    assert served.addresses_called() == {pod["status"]["podIP"] for pod in served.ready_pods()}
    assert {answer.status for answer in answers} == {"OK"}


def test_an_ingress_that_balances_by_connection_sends_all_past_the_activator_to_one_pod(
    cluster: Kubectl, past_the_activator: TwoPods
) -> None:
    network = cluster.get("knative-serving", "configmap", "config-network")["data"]
    if not network.get("ingress-class", "").startswith("traefik."):
        pytest.skip("known of Traefik, which has one connection to all pods of a revision")
    assert len(instances(past_the_activator.answers)) == 1
