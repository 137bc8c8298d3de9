"""What the observer sees of a real Service, with the rights of k8s/base/roles.yaml alone."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from records.replica_rows import TABLE_NAME, Row
from records.replicas import read_replicas
from tests.e2e.knative import KnativeService, deploy, service
from tests.e2e.kubectl import Kubectl
from tests.e2e.observing import (
    api_server,
    command,
    make_account,
    observing,
    of_kind,
    write_kubeconfig,
)
from tests.e2e.relay import relay_to
from tests.e2e.spin_calls import call, offer, open_stub
from tests.waiting import wait_for

START = ["created", "scheduled", "initialized", "started", "ready"]
ZERO_WITHIN_S = 90
WHOLE_SECOND_S = 1.0
LATE_S = 10.0  # on a machine that is busy
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def worker_service(cluster: Kubectl, namespace: str) -> KnativeService:
    return deploy(cluster, service(namespace, target_burst_capacity="0"))


@pytest.fixture(scope="module")
def account(cluster: Kubectl, namespace: str) -> str:
    make_account(cluster, namespace, "observer")
    return "observer"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.fixture(scope="module")
def rows(
    cluster: Kubectl, namespace: str, worker_service: KnativeService, account: str, folder: Path
) -> list[Row]:
    """From zero to several pods and back."""
    kubeconfig = write_kubeconfig(cluster, namespace, account, folder / "kubeconfig")
    worker_service.wait_for_pods(0, ZERO_WITHIN_S)
    with observing(command(kubeconfig, f"{namespace}/worker", folder), folder):
        offer(worker_service.entrance(), rps=10, duration_s=8, spin_ms=150)
        worker_service.wait_for_pods(0, ZERO_WITHIN_S)
        wait_for("zero in the rows", lambda: scales(read_replicas(folder))[-1] == 0, within_s=30)
    return read_replicas(folder)


def scales(rows: list[Row], column: str = "desired") -> list[int]:
    values = [row.get(column) for row in of_kind(rows, "scale")]
    return [value for value in values if value is not None]


def starts(rows: list[Row]) -> dict[str, list[Row]]:
    """Pods that began under observation and became ready: the rows of their start."""
    pods: dict[str, list[Row]] = {}
    for row in of_kind(rows, "pod"):
        pods.setdefault(row["pod"], []).append(row)
    began_unix_s = rows[0]["at_unix_s"] - WHOLE_SECOND_S if rows else 0.0
    return {
        pod: [row for row in seen if row["phase"] in START]
        for pod, seen in pods.items()
        if seen[0]["said_unix_s"] > began_unix_s and "ready" in {row["phase"] for row in seen}
    }


def test_what_the_autoscaler_wants_and_counts_goes_from_zero_to_several_and_back(rows):
    for column in ("desired", "actual"):
        seen = scales(rows, column)
        assert (seen[0], seen[-1]) == (0, 0)
        assert 2 <= max(seen) <= 4


def test_as_many_pods_become_ready_as_the_deployment_counts(rows):
    counted = max(row["ready"] for row in of_kind(rows, "deployment"))
    assert 2 <= counted <= len(starts(rows))


def test_each_pod_goes_through_the_phases_of_its_start_in_order(rows):
    for seen in starts(rows).values():
        assert [row["phase"] for row in seen] == START


def test_each_phase_has_the_apis_stamp_and_is_seen_soon_after_it(rows):
    for seen in starts(rows).values():
        said = [row["said_unix_s"] for row in seen]
        assert said == sorted(said)
        late = [row["at_unix_s"] - row["said_unix_s"] for row in seen]
        assert all(0 <= each < WHOLE_SECOND_S + LATE_S for each in late)


def test_each_pod_is_on_a_node_once_it_is_scheduled_and_is_told_to_end(rows):
    for pod, seen in starts(rows).items():
        assert all(row["node"] for row in seen[1:])
        phases = [row["phase"] for row in of_kind(rows, "pod") if row["pod"] == pod]
        assert phases.count("terminating") == 1


def test_the_activator_is_seen_in_the_path_at_zero_and_out_of_it_under_load(rows):
    modes = [row["mode"] for row in of_kind(rows, "mode")]
    assert (modes[0], modes[-1]) == ("Proxy", "Proxy")
    assert "Serve" in modes
    assert all(row["activators"] >= 1 for row in of_kind(rows, "mode"))


def test_an_observation_without_breaks_has_no_gap_and_ends_with_the_parquet_file(rows, folder):
    assert of_kind(rows, "gap") == []
    assert (folder / TABLE_NAME).is_file()


def test_a_gap_in_the_api_is_a_row_and_what_comes_after_it_is_seen(
    cluster: Kubectl,
    namespace: str,
    worker_service: KnativeService,
    account: str,
    tmp_path: Path,
):
    worker_service.wait_for_pods(0, ZERO_WITHIN_S)
    with relay_to(*api_server(cluster)) as relay:
        kubeconfig = write_kubeconfig(
            cluster, namespace, account, tmp_path / "kubeconfig", relay.port
        )
        with observing(command(kubeconfig, f"{namespace}/worker", tmp_path), tmp_path):
            time.sleep(1)  # all five watches are open
            cut_unix_s = time.time()
            relay.cut()
            time.sleep(3)
            relay.restore()
            restored_unix_s = time.time()
            wait_for("an end of the gap", lambda: _gap_of_pods(tmp_path)[1] > cut_unix_s + 3, 15)
            with open_stub(worker_service.entrance()) as stub:
                assert call(stub).status == "OK"
            wait_for("a pod", lambda: starts(read_replicas(tmp_path)), within_s=30)
    from_unix_s, to_unix_s = _gap_of_pods(tmp_path)
    assert cut_unix_s - 0.1 <= from_unix_s <= cut_unix_s + 1
    assert restored_unix_s <= to_unix_s <= restored_unix_s + LATE_S
    later = [row for row in read_replicas(tmp_path) if row["at_unix_s"] > to_unix_s]
    assert {"scale", "pod", "deployment"} <= {row["kind"] for row in later}


def _gap_of_pods(folder: Path) -> tuple[float, float]:
    gaps = [row for row in of_kind(read_replicas(folder), "gap") if row["resource"] == "pods"]
    return (gaps[-1]["from_unix_s"], gaps[-1]["to_unix_s"]) if gaps else (0.0, 0.0)


def test_panic_is_seen_in_the_autoscalers_metrics(
    namespace: str, worker_service: KnativeService, tmp_path: Path
):
    kubeconfig = os.environ["KUBECONFIG"]  # for the API server's proxy in Knative's namespace
    worker_service.wait_for_pods(0, ZERO_WITHIN_S)
    arguments = command(kubeconfig, f"{namespace}/worker", tmp_path, "--metrics", "autoscaler")
    with observing(arguments, tmp_path):
        offer(worker_service.entrance(), rps=10, duration_s=4, spin_ms=150)
        wait_for("panic", lambda: _panics(tmp_path) > 0, within_s=30)
    metrics = {row["name"] for row in of_kind(read_replicas(tmp_path), "metric")}
    assert {"kn_revision_concurrency_stable", "kn_revision_pods_desired"} <= metrics


def _panics(folder: Path) -> int:
    return sum(row["on"] for row in of_kind(read_replicas(folder), "panic"))


def test_without_rights_it_says_in_one_line_what_is_missing_and_ends_with_exit_code_two(
    cluster: Kubectl, namespace: str, worker_service: KnativeService, tmp_path: Path
):
    make_account(cluster, namespace, "nobody")
    kubeconfig = write_kubeconfig(cluster, namespace, "nobody", tmp_path / "kubeconfig")
    done = subprocess.run(
        command(kubeconfig, f"{namespace}/worker", tmp_path / "run"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    for missing in ("get services.serving", "list and watch podautoscalers", "watch pods"):
        assert missing in line
    assert "k8s/base/roles.yaml" in line
