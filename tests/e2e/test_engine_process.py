"""`--engine process` through Knative's own parts leaves the records of the hub's engine over h2."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from records.manifest import read_manifest
from tests.e2e.jobs import Generator, unusable_for
from tests.e2e.knative import KnativeService, deploy, service
from tests.e2e.kubectl import Kubectl
from tests.e2e.locust_runs import start_locust
from tests.e2e.manifests import apply_but_jobs, apply_to_namespace, render
from tests.e2e.spin_calls import Entrance
from tests.e2e.tls_ingress import is_traefik, tls_entrance
from tests.faults.harness import assert_books_balance, every_row
from tests.whole.harness import Ended, Running

ENGINES = ("hub", "process")
COLD = {
    "given up": "--rps 10 --duration 300ms --grpc-timeout 200ms",
    "waited for": "--rps 4 --duration 2s --spin 20ms",
}
WARM = ("through", "past")
BY_THE_CLOCK = {"sent_s", "received_s", "worker_queue_s", "worker_wall_s", "worker_cpu_s",
                "throttled_s", "reply_bytes", "instance_seq", "channel"}  # fmt: skip
OF_THE_POD = {"pod", "instance_id"}
ZERO_WITHIN_S = 90
UNDER_WAY_AFTER_S = 1.0
JOBS = {
    "LOCUST_RPS": "4",
    "LOCUST_DURATION": "5s",
    "LOCUST_WARM_UP": "0s",
    "LOCUST_SPIN": "20ms",
    "LOCUST_SEED": "1",
    "LOCUST_TRANSPORT": "h2",
    "LOCUST_ENGINE": "process",
}
Runs = Mapping[str, Ended]
pytestmark = pytest.mark.timeout(240)


def cold_services() -> dict[str, tuple[str, str]]:
    """By name: for what, and for which engine."""
    return {f"{what.split()[0]}-{engine}": (what, engine) for what in COLD for engine in ENGINES}


@pytest.fixture(scope="module")
def services(cluster: Kubectl, namespace: str) -> dict[str, KnativeService]:
    """With one pod at most: behind the activator, past it, and at zero soon one for each run."""
    one_pod = {"min_scale": "1", "max_scale": "1"}
    manifests = {
        "past": service(namespace, "past", target_burst_capacity="0", **one_pod),
        "through": service(namespace, "through", target_burst_capacity="-1", **one_pod),
        **{name: service(namespace, name, max_scale="1") for name in cold_services()},
    }
    cluster.apply(manifests.values())
    return {name: deploy(cluster, manifest) for name, manifest in manifests.items()}


@pytest.fixture(scope="module", autouse=True)
def generator(
    services: dict[str, KnativeService],
    cluster: Kubectl,
    second_namespace: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator:
    """A run by Jobs whose workers have engine processes, under way while the other tests run."""
    objects = render(cluster, tmp_path_factory.mktemp("jobs"), "headless", second_namespace, JOBS)
    apply_but_jobs(cluster, objects, second_namespace)
    apply_to_namespace(cluster, objects, second_namespace)
    return Generator(cluster, second_namespace)


def start(entrance: Entrance, folder: Path, line: str, **options: str) -> dict[str, Running]:
    """The same run with each engine, at the same time."""
    return {
        engine: start_locust(
            entrance, folder / engine, line, transport="h2", engine=engine, **options
        )
        for engine in ENGINES
    }


def ended(under_way: Mapping[str, Running]) -> dict[str, Ended]:
    return {name: running.end() for name, running in under_way.items()}


@pytest.fixture(scope="module")
def cold(
    services: dict[str, KnativeService], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Ended]]:
    """Runs from zero, all at once."""
    folder = tmp_path_factory.mktemp("cold")
    for name in cold_services():
        services[name].wait_for_pods(0, ZERO_WITHIN_S)
    under_way: dict[str, dict[str, Running]] = {what: {} for what in COLD}
    for name, (what, engine) in cold_services().items():
        options = {"transport": "h2", "engine": engine}
        to = services[name].entrance()
        under_way[what][engine] = start_locust(to, folder / name, COLD[what], **options)
    return {what: ended(running) for what, running in under_way.items()}


@pytest.fixture(scope="module")
def warm(
    services: dict[str, KnativeService], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Ended]]:
    """Runs to warm pods, all at once."""
    folder = tmp_path_factory.mktemp("warm")
    line = "--rps 4 --duration 2s --spin 20ms"
    under_way = {name: start(services[name].entrance(), folder / name, line) for name in WARM}
    return {name: ended(running) for name, running in under_way.items()}


def records(runs: Runs, *but: str) -> list[list[dict[str, Any]]]:
    """The records with each engine, without some of their columns."""
    left_out = BY_THE_CLOCK.union(but)
    return [
        [{name: row[name] for name in row if name not in left_out} for row in runs[engine].rows]
        for engine in ENGINES
    ]


def known(runs: Runs) -> list[set[str]]:
    """The columns in which something is said, with each engine."""
    return [
        {name for row in runs[engine].rows for name in row if row[name] is not None}
        for engine in ENGINES
    ]


def ends(rows: list[dict[str, Any]]) -> set[tuple[str, str | None, int | None]]:
    return {(row["code"], row["failure_class"], row["http_status"]) for row in rows}


def test_a_cold_start_ends_at_the_deadline_alike(cold: dict[str, Runs]) -> None:
    hub, process = records(cold["given up"])
    assert len(hub) == 3
    assert process == hub
    assert ends(process) == {("DEADLINE_EXCEEDED", "deadline", None)}


def test_a_cold_start_is_waited_for_alike(cold: dict[str, Runs]) -> None:
    runs = cold["waited for"]
    hub, process = records(runs, *OF_THE_POD)
    assert process == hub
    assert known(runs)[0] == known(runs)[1]
    for rows in (runs[engine].rows for engine in ENGINES):
        assert len({row["pod"] for row in rows}) == 1
        assert sorted(row["instance_seq"] for row in rows) == list(range(1, 9))
        assert rows[0]["received_s"] - rows[0]["intended_s"] > 2 * rows[0]["worker_wall_s"]


@pytest.mark.parametrize("name", WARM)
def test_calls_to_a_warm_pod_leave_the_same(
    services: dict[str, KnativeService], warm: dict[str, Runs], name: str
) -> None:
    runs = warm[name]
    hub, process = records(runs)
    assert process == hub
    assert known(runs)[0] == known(runs)[1]
    assert ends(process) == {("OK", None, None)}
    assert {row["pod"] for row in process} == {services[name].only_pod()}
    seen = [row["instance_seq"] for engine in ENGINES for row in runs[engine].rows]
    assert len(set(seen)) == len(seen) == 16, "the worker has counted each call once"


def test_calls_by_tls_to_the_ingress_leave_the_same(
    cluster: Kubectl, services: dict[str, KnativeService], tmp_path: Path
) -> None:
    if not is_traefik(cluster):
        pytest.skip("starts an ingress of its own, and knows only Traefik")
    served, roots = services["through"], tmp_path / "ca.pem"
    with tls_entrance(cluster, served, roots) as entrance:
        line = "--rps 4 --duration 1s --spin 20ms"
        hub, process = records(ended(start(entrance, tmp_path, line, grpc_tls_ca=str(roots))))
    assert process == hub
    assert {row["pod"] for row in process} == {served.only_pod()}


def test_a_pod_that_dies_under_its_calls_leaves_the_same_by_the_ingress_and_by_its_proxy(
    services: dict[str, KnativeService], tmp_path: Path
) -> None:
    served = services["past"]
    served.wait_for_one_pod()
    entrances = {"ingress": served.entrance(), "proxy": served.entrance_of_revision()}
    line = "--rps 1 --duration 1s --spin 9s"
    under_way = {by: start(to, tmp_path / by, line) for by, to in entrances.items()}
    for running in [one for of_one in under_way.values() for one in of_one.values()]:
        running.wait_for_folder()
    time.sleep(UNDER_WAY_AFTER_S)
    dead = ("delete", "pod", served.only_pod(), "--grace-period=0", "--force")
    served.kubectl.text("-n", served.namespace, *dead)
    left = {by: records(ended(running)) for by, running in under_way.items()}
    assert left["ingress"][1] == left["ingress"][0]
    assert left["proxy"][1] == left["proxy"][0]
    assert ends(left["ingress"][1]) == {("UNKNOWN", "platform", 500)}
    assert ends(left["proxy"][1]) == {("UNAVAILABLE", "reset", None)}


def test_pods_of_the_generator_send_from_engine_processes(
    generator: Generator, tmp_path: Path
) -> None:
    for job in ("locust-master", "locust-worker"):
        generator.wait_for_end(job, within_s=90)
    [run] = generator.files_at_home()
    folder = generator.fetch(run, tmp_path)
    counts = assert_books_balance(folder)
    assert counts["planned"] == counts["ok"] == 20
    assert {row["member"] for row in every_row(folder)} == {"w0", "w1"}
    assert read_manifest(folder).options["engine"] == "process"
    assert unusable_for(folder) == set()
    assert generator.exit_codes("locust-worker") == [0, 0]
