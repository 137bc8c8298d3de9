"""The command as a process of its own, on a scripted API server."""

import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from experiment.observer.readers import WATCHED
from experiment.resources import DEPLOYMENTS, KNATIVE_SERVICES, PODS
from records.replica_rows import LIVE_NAME, TABLE_NAME
from records.replicas import read_replicas
from records.run_folder import SUMMARY_NAME
from tests.experiment.fake_api import write_kubeconfig
from tests.experiment.observer.things import thing
from tests.waiting import wait_for

DEPLOYMENTS_PATH = DEPLOYMENTS.path("loadtest")


@pytest.fixture
def command(api, tmp_path):
    api.put(KNATIVE_SERVICES.path("loadtest"), thing(name="worker"))
    for watched in WATCHED:
        api.put(watched.resource.path("loadtest"), thing(name="worker-00001"))
    kubeconfig = write_kubeconfig(tmp_path, api)
    start = [sys.executable, "-m", "experiment", "observe"]
    return [*start, "--kubeconfig", kubeconfig, "--ksvc", "loadtest/worker"]


@contextmanager
def running(command):
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until(is_so):
    wait_for("what the observer is to write", is_so, within_s=20.0, every_s=0.02)


def kinds_in(folder):
    return {row["kind"] for row in read_replicas(folder)}


ALL_KINDS = {"scale", "mode", "deployment", "pod", "revision"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order_with_the_parquet_file(command, tmp_path, number):
    folder = tmp_path / "run"
    with running([*command, "--folder", str(folder)]) as observing:
        until(lambda: kinds_in(folder) == ALL_KINDS)
        observing.send_signal(number)
        assert observing.wait(10) == 0
        assert f"rows in {folder / TABLE_NAME}" in observing.stderr.read()
    assert (folder / TABLE_NAME).is_file()


def test_it_follows_one_run_after_the_other(command, tmp_path):
    results = tmp_path / "results"
    with running([*command, "--follow", str(results)]) as observing:
        for name in ("run-1", "run-2"):
            folder = results / name
            folder.mkdir(parents=True)
            until(lambda folder=folder: kinds_in(folder) == ALL_KINDS)
            (folder / SUMMARY_NAME).touch()
            until((folder / TABLE_NAME).is_file)
        observing.terminate()
        assert observing.wait(10) == 0


def ended(command):
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_missing_permissions_are_one_line_and_exit_code_two(command, api, tmp_path):
    api.refuse(PODS.path("loadtest"), 403)
    done = ended([*command, "--folder", str(tmp_path / "run")])
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "no permission in namespace loadtest to list and watch pods" in line
    assert not (tmp_path / "run").exists()


def test_an_api_that_does_not_answer_at_the_start_is_one_line_and_exit_code_two(
    command, api, tmp_path
):
    api.is_silent = True
    done = ended([*command, "--folder", str(tmp_path / "run")])
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("experiment: the API server at http://127.0.0.1")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--folder", "x", "--follow", "y"], "not allowed with"),
        ([], "one of the arguments --folder --follow is required"),
        (["--folder", "x", "--ksvc", "worker"], "NAMESPACE/NAME"),
    ],
)
def test_wrong_options_end_with_exit_code_two_and_a_line_that_says_so(command, arguments, said):
    done = ended([*command, *arguments])
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]


def test_a_folder_that_cannot_be_made_is_one_line_and_exit_code_two(command, tmp_path):
    (tmp_path / "file").touch()
    done = ended([*command, "--folder", str(tmp_path / "file" / "run")])
    assert done.returncode == 2
    assert "cannot make" in done.stderr


def test_a_disk_that_is_full_ends_it_with_exit_code_five(command, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / LIVE_NAME).touch()
    limited = ["bash", "-c", 'ulimit -f 0; trap "" XFSZ; exec "$@"', "bash", *command]
    done = ended([*limited, "--folder", str(folder)])
    assert done.returncode == 5
    assert "cannot write into" in done.stderr
