"""`python -m experiment run` and `fetch` on a real Service: from here, by pods, and stopped."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from records.manifest import read_manifest
from records.reader import open_run
from records.replicas import read_replicas
from tests.e2e.knative import KnativeService, deploy, service
from tests.e2e.kubectl import Kubectl
from tests.waiting import wait_for
from tests.whole.harness import rows_of

PROJECT = Path(__file__).parents[2]
GENERATOR_IMAGE = os.environ.get("E2E_GENERATOR_IMAGE", "ko.local/locust-knative-generator:e2e")
BY_PODS = ("--in-cluster", "2", "--image", GENERATOR_IMAGE, "--pod-cpu", "50m")
USABLE_OR_TOO_BUSY = (0, 3)  # on a busy machine a run is INVALID for its lag
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def worker_service(cluster: Kubectl, namespace: str) -> KnativeService:
    return deploy(cluster, service(namespace))


@dataclass(frozen=True)
class Ended:
    """A command that has ended, and the folder of the run that it was for."""

    code: int
    out: str
    err: str
    folder: Path


def test_a_run_from_here_leaves_records_pods_settings_and_report(
    worker_service: KnativeService, tmp_path: Path
) -> None:
    ended = run(
        worker_service, tmp_path, "spun", "--rps", "4", "--duration", "15s", "--spin", "100ms"
    )
    assert ended.code in USABLE_OR_TOO_BUSY, ended.err
    assert_complete(ended, worker_service, planned=60)
    assert {row["pod"] for row in rows(ended)} <= pods_seen(ended)
    assert judged_again(ended) == ended.code


def test_a_run_by_pods_of_any_method_brings_everything_home_and_fetching_again_changes_nothing(
    cluster: Kubectl, worker_service: KnativeService, tmp_path: Path
) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text('{"spin_us": 1000}\n{"spin_us": 2000}\n')
    call = ["--call", "spin.v1.Spinner/Spin", "--data", f"@{data}", "--metadata", "key=hidden"]
    ended = run(
        worker_service, tmp_path, "called", "--rps", "4", "--duration", "10s", *call, before=BY_PODS
    )
    assert ended.code in USABLE_OR_TOO_BUSY, ended.err
    assert_complete(ended, worker_service, planned=40)
    assert {row["member"] for row in rows(ended)} == {"w0", "w1"}
    assert "hidden" not in cluster.text("-n", worker_service.namespace, "get", "job", "-o", "yaml")
    before = {path: path.read_bytes() for path in ended.folder.rglob("*") if path.is_file()}
    fetched = experiment("fetch", "called", *of(worker_service), "--out", str(tmp_path))
    assert (fetched.returncode, fetched.stdout[-14:]) == (0, "files already\n"), fetched.stderr
    assert before == {path: path.read_bytes() for path in before}
    assert "called  " in experiment("fetch", *of(worker_service)).stdout


def test_a_fault_stops_a_run_before_any_load(
    worker_service: KnativeService, tmp_path: Path
) -> None:
    ended = run(worker_service, tmp_path, "stopped", "--rps", "4", "--spin", "60s")
    assert ended.code == 3
    assert "FAULT" in ended.out
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_is_one_line(worker_service: KnativeService, tmp_path: Path) -> None:
    elsewhere = run(
        worker_service, tmp_path, "x", "--rps", "4", before=(*BY_PODS, "--namespace", "nowhere")
    )
    assert (elsewhere.code, elsewhere.out) == (2, "")
    assert elsewhere.err.startswith("experiment: there is no namespace 'nowhere'")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", [(), BY_PODS], ids=["from here", "by pods"])
def test_ctrl_c_ends_a_run_with_all_records_and_a_report(
    worker_service: KnativeService, tmp_path: Path, before: tuple[str, ...]
) -> None:
    arguments = ["--rps", "4", "--duration", "10m", "--spin", "20ms"]
    with started(worker_service, tmp_path, "ended", *arguments, before=before) as running:
        wait_for("load", lambda: "All users spawned" in read(tmp_path), within_s=90)
        time.sleep(3)
        running.send_signal(signal.SIGINT)
        code = running.wait(90)
    ended = Ended(code, read(tmp_path), "", tmp_path / "ended")
    assert ended.code in (130, 3), ended.out
    assert "run: stopping" in ended.out
    assert_complete(ended, worker_service, planned=None)
    assert processes_of(tmp_path) == []


def run(
    served: KnativeService, results: Path, name: str, *arguments: str, before: tuple[str, ...] = ()
) -> Ended:
    """`python -m experiment run` to its end."""
    done = experiment(*command(served, results, name, arguments, before))
    return Ended(done.returncode, done.stdout, done.stderr, results / name)


def started(
    served: KnativeService, results: Path, name: str, *arguments: str, before: tuple[str, ...]
) -> subprocess.Popen:
    """The same, under way; what it says is in the file `said` of the results."""
    program = [sys.executable, "-m", "experiment"]
    with (results / "said").open("w") as said:
        return subprocess.Popen(
            [*program, *command(served, results, name, arguments, before)],
            cwd=PROJECT,
            stdout=said,
            stderr=subprocess.STDOUT,
        )


def command(
    served: KnativeService,
    results: Path,
    name: str,
    arguments: tuple[str, ...],
    before: tuple[str, ...],
) -> list[str]:
    """The arguments of `run`."""
    ksvc = f"{served.namespace}/{served.name}"
    ours = ["run", "--ksvc", ksvc, "--out", str(results), *before]
    return [*ours, "--", "--run-id", name, *arguments]


def experiment(*arguments: str) -> subprocess.CompletedProcess:
    """`python -m experiment` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "experiment", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def of(served: KnativeService) -> list[str]:
    """Where its runs' pods are."""
    return ["--namespace", served.namespace]


def assert_complete(ended: Ended, served: KnativeService, planned: int | None) -> None:
    """The folder has records, pods, settings and a report, and nothing is beside it."""
    manifest = read_manifest(ended.folder)
    assert manifest.finished
    assert manifest.knative["service"]["name"] == served.name
    assert manifest.knative["config"]["config-autoscaler"]["stable-window"]
    assert not open_run(ended.folder).missing
    assert planned is None or len(rows(ended)) == planned
    assert {"pod", "scale"} <= {row["kind"] for row in read_replicas(ended.folder)}
    assert (ended.folder / "report" / "index.html").exists()
    last = ended.out.rpartition("\n\n")[2]
    assert last.startswith(("PASS", "FAIL", "DO NOT USE")), last
    assert f"Records: {ended.folder}" in last
    assert [path.name for path in ended.folder.parent.glob(".*")] == []


def rows(ended: Ended) -> list[dict]:
    """One for each arrival."""
    return rows_of(ended.folder)


def pods_seen(ended: Ended) -> set[str]:
    """Names of pods that the observer saw."""
    return {row["pod"] for row in read_replicas(ended.folder) if row["kind"] == "pod"}


def judged_again(ended: Ended) -> int:
    """The exit code of `python -m verdict`."""
    program = [sys.executable, "-m", "verdict", str(ended.folder)]
    return subprocess.run(program, cwd=PROJECT, capture_output=True, check=False).returncode


def read(results: Path) -> str:
    """What a run that was started has said so far."""
    return (results / "said").read_text()


def processes_of(results: Path) -> list[str]:
    """Command lines of processes that still name the folder."""
    lines = [read_bytes(path) for path in Path("/proc").glob("[0-9]*/cmdline")]
    return [line.decode() for line in lines if str(results).encode() in line]


def read_bytes(path: Path) -> bytes:
    """What is in a file of a process; nothing where that has ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
