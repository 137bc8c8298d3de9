"""The same calls over grpcio and over h2 through Knative's own parts leave the same records."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.both_transports import TRANSPORTS, Call, Calling, Left, call_over, calling
from tests.e2e.knative import KnativeService, deploy, service
from tests.e2e.kubectl import Kubectl
from tests.e2e.locust_runs import start_locust
from tests.e2e.spin_calls import Entrance
from tests.e2e.tls_ingress import is_traefik, tls_entrance
from tests.whole.harness import Ended

ZERO_WITHIN_S = 90
QUEUE_FOR_ONE_CALL_AT_ONCE = 10
USABLE_OR_TOO_BUSY = {0, 3}  # on a busy machine a run is INVALID for its lag
LEAVES_AFTER_S = 31  # a pod's proxy serves on for 30 s when its pod is to end
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def services(cluster: Kubectl, namespace: str) -> dict[str, KnativeService]:
    """Services with one pod: behind the activator, past it, at zero soon."""
    one_pod = {"min_scale": "1", "max_scale": "1"}
    manifests = {
        "past": service(namespace, "past", target_burst_capacity="0", **one_pod),
        "leaving": service(namespace, "leaving", target_burst_capacity="0", **one_pod),
        "through": service(namespace, "through", target_burst_capacity="-1", **one_pod),
        "cold": service(namespace, "cold", max_scale="1"),
        "run": service(namespace, "run", max_scale="1"),
    }
    cluster.apply(manifests.values())
    return {name: deploy(cluster, manifest) for name, manifest in manifests.items()}


@dataclass(frozen=True)
class Leaving:
    """Calls by way of a pod's proxy alone, under way while that pod is removed."""

    served: KnativeService
    pod: str
    calls: Calling


@pytest.fixture(scope="module", autouse=True)
def leaving(services: dict[str, KnativeService]) -> Iterator[Leaving]:
    """Begun before all tests: a pod takes half a minute to leave, and they run meanwhile."""
    served = services["leaving"]
    served.wait_for_one_pod()
    pod = served.only_pod()
    every_s = 0.5
    with calling() as process:
        plan = [Call(after_s=k * every_s) for k in range(round((LEAVES_AFTER_S + 9) / every_s))]
        process.send(served.entrance_of_revision(), plan)
        served.kubectl.text("-n", served.namespace, "delete", "pod", pod, "--wait=false")
        yield Leaving(served, pod, process)


def records(left: dict[str, list[Left]], *but: str) -> list[list[dict[str, Any]]]:
    """The records of each transport, without some of their columns."""
    return [
        [{key: each.facts[key] for key in each.facts if key not in but} for each in of_one]
        for of_one in left.values()
    ]


def counted(left: list[Left]) -> Counter[tuple[str, str | None, int | None, str | None]]:
    """How often each end of a call came, and by which pod."""
    keys = ("code", "failure_class", "http_status", "pod")
    return Counter(tuple(each.facts[key] for key in keys) for each in left)


@pytest.fixture(scope="module")
def warm(services: dict[str, KnativeService]) -> dict[str, dict[str, list[Left]]]:
    """What is left of calls to warm pods, behind the activator and past it."""
    plan = [Call(after_s=k * 0.25) for k in range(6)]
    return {name: call_over(services[name].entrance(), plan) for name in ("through", "past")}


@pytest.mark.parametrize("name", ["through", "past"])
def test_calls_to_a_warm_pod_leave_the_same_and_are_each_counted_once(
    services: dict[str, KnativeService], warm: dict[str, dict[str, list[Left]]], name: str
) -> None:
    left = warm[name]
    first, second = records(left, "instance_seq")
    assert first == second
    assert {each["code"] for each in first} == {"OK"}
    assert {each["pod"] for each in first} == {services[name].only_pod()}
    seen = sorted(each.facts["instance_seq"] for of_one in left.values() for each in of_one)
    assert seen == list(range(seen[0], seen[0] + 12))


@pytest.mark.parametrize("name", ["through", "past"])
def test_headers_that_vary_from_reply_to_reply_are_read(
    warm: dict[str, dict[str, list[Left]]], name: str
) -> None:
    first, second = [[set(each.headers) for each in warm[name][one]] for one in TRANSPORTS]
    assert first == second
    assert all("date" in names for names in second)
    assert len({each.headers["date"] for each in warm[name]["h2"]}) >= 2


def test_calls_by_tls_to_the_ingress_leave_the_same(
    cluster: Kubectl, services: dict[str, KnativeService], tmp_path: Path
) -> None:
    if not is_traefik(cluster):
        pytest.skip("starts an ingress of its own, and knows only Traefik")
    served, roots = services["through"], tmp_path / "ca.pem"
    with tls_entrance(cluster, served, roots) as entrance:
        left = call_over(entrance, [Call(), Call(after_s=0.1)], grpc_tls_ca=str(roots))
    first, second = records(left, "instance_seq")
    assert first == second
    assert [each["pod"] for each in second] == 2 * [served.only_pod()], left


def test_a_service_that_does_not_exist_is_the_ingresss_404(
    services: dict[str, KnativeService],
) -> None:
    there = services["past"].entrance()
    left = call_over(Entrance(there.address, f"not-{there.authority}"), [Call()])
    first, second = records(left)
    assert first == second
    assert (second[0]["failure_class"], second[0]["http_status"]) == ("platform", 404)


def test_calls_beyond_the_queue_of_a_pod_that_takes_one_at_once_are_its_proxys_503(
    services: dict[str, KnativeService],
) -> None:
    served = services["past"]
    served.wait_for_one_pod()
    room = 1 + QUEUE_FOR_ONE_CALL_AT_ONCE
    plan = [Call(spin_ms=200)] * (room + 3)
    first, second = [
        counted(call_over(served.entrance(), plan, [name])[name]) for name in TRANSPORTS
    ]
    assert first == second
    assert second[("OK", None, None, served.only_pod())] == room
    assert second[("UNAVAILABLE", "platform", 503, None)] == 3


def test_a_cold_start_is_waited_for_or_ends_at_the_deadline(
    services: dict[str, KnativeService],
) -> None:
    served = services["cold"]
    served.wait_for_pods(0, ZERO_WITHIN_S)
    left = call_over(served.entrance(), [Call(timeout_s=0.2), Call()])
    first, second = records(left, "instance_seq")
    assert first == second
    given_up, waited = second
    assert (given_up["code"], given_up["failure_class"]) == ("DEADLINE_EXCEEDED", "deadline")
    assert (waited["code"], waited["pod"]) == ("OK", served.only_pod())
    assert {of_one[1].facts["instance_seq"] for of_one in left.values()} == {1, 2}


@pytest.mark.parametrize(
    ("by", "failure"),
    [("ingress", ("UNKNOWN", "platform", 500)), ("proxy", ("UNAVAILABLE", "reset", None))],
)
def test_a_pod_that_dies_under_its_calls_is_a_failure_of_the_same_kind(
    services: dict[str, KnativeService], by: str, failure: tuple[str, str, int | None]
) -> None:
    served = services["past"]
    served.wait_for_one_pod()
    entrance = served.entrance() if by == "ingress" else served.entrance_of_revision()
    with calling() as process:
        process.send(entrance, [Call(spin_ms=9000)])
        time.sleep(1)
        dead = ("delete", "pod", served.only_pod(), "--grace-period=0", "--force")
        served.kubectl.text("-n", served.namespace, *dead)
        left = process.left()
    first, second = records(left)
    assert first == second
    assert tuple(second[0][key] for key in ("code", "failure_class", "http_status")) == failure


@pytest.fixture(scope="module")
def runs(
    services: dict[str, KnativeService], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Ended]:
    """A run over each transport at the same time, from zero."""
    served, folder = services["run"], tmp_path_factory.mktemp("runs")
    served.wait_for_pods(0, ZERO_WITHIN_S)
    line = "--rps 4 --duration 4s --spin 20ms"
    under_way = {
        name: start_locust(served.entrance(), folder / name, line, transport=name)
        for name in TRANSPORTS
    }
    return {name: running.end() for name, running in under_way.items()}


def test_a_run_of_locust_over_h2_leaves_all_that_one_over_grpcio_leaves(
    services: dict[str, KnativeService], runs: dict[str, Ended]
) -> None:
    by_grpcio, by_h2 = [
        {key for row in runs[name].rows for key in row if row[key] is not None}
        for name in TRANSPORTS
    ]
    assert by_h2 == by_grpcio >= {"pod", "instance_seq", "worker_cpu_s", "channel", "reply_bytes"}
    for name, ended in runs.items():
        assert {row["status"] for row in ended.rows} == {"ok"}
        assert {row["pod"] for row in ended.rows} == {services["run"].only_pod()}
        assert ended.manifest.options["transport"] == name


def test_the_verdict_on_both_runs_sees_one_pod_and_one_cold_start(runs: dict[str, Ended]) -> None:
    assert {ended.code for ended in runs.values()} <= USABLE_OR_TOO_BUSY
    seen = [set(ended.summary["instances"]["replies"]) for ended in runs.values()]
    assert len(seen[0]) == 1
    assert seen[0] == seen[1]
    assert sum(ended.summary["cold"]["first_on_instance"] for ended in runs.values()) == 1
    for ended in runs.values():  # the first call of each was held until there was a pod
        first = ended.rows[0]
        assert first["received_s"] - first["intended_s"] > 2 * first["worker_wall_s"]


def test_connections_to_a_pod_that_leaves_are_made_anew_and_no_call_fails(
    leaving: Leaving,
) -> None:
    first, second = leaving.calls.left().values()
    assert {each.facts["code"] for each in (*first, *second)} == {"OK"}, [first, second]
    for of_one in (first, second):
        pods = [each.facts["pod"] for each in of_one]
        assert pods[0] == leaving.pod
        assert pods[-1] == leaving.served.only_pod() != leaving.pod
        assert len(set(pods)) == 2
