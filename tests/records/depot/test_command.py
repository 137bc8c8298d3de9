"""`python -m records.depot` as the pods run it."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from records.reader import open_run
from tests.records.depot.fakes import write_ended_member, write_rows
from tests.records.fakes import ROOT
from tests.waiting import wait_for

PATIENCE_S = 30


@contextmanager
def running(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-m", "records.depot", *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def serving(folder, *arguments):
    with running("serve", "--folder", folder, "--port", "0", *arguments) as process:
        port = re.search(r"\d+$", process.stdout.readline().strip())[0]
        yield process, f"http://127.0.0.1:{port}"


def test_sigterm_brings_the_rest_home_and_ends_with_0(tmp_path):
    pod = tmp_path / "pod"
    with (
        serving(tmp_path / "home") as (_, address),
        running("ship", "--folder", pod, "--to", address) as shipper,
    ):
        first = write_rows(pod / "run", "w1", 0)
        at_home = (tmp_path / "home" / "run" / first.name).exists
        wait_for("the first rows", at_home, within_s=PATIENCE_S)
        write_ended_member(pod / "run", "w2")
        shipper.send_signal(signal.SIGTERM)
        _, said = shipper.communicate(timeout=PATIENCE_S)
    assert shipper.returncode == 0, said
    assert "all is sent" in said
    assert open_run(tmp_path / "home" / "run").rows == 6


def test_what_could_not_be_sent_ends_with_1_and_is_counted(tmp_path):
    write_rows(tmp_path / "run")
    to = ("--to", "http://127.0.0.1:1", "--patience-s", "0")
    with running("ship", "--folder", tmp_path, *to) as shipper:
        assert "waiting with run/calls-w1-00000.parquet" in shipper.stderr.readline()
        shipper.send_signal(signal.SIGTERM)
        _, said = shipper.communicate(timeout=PATIENCE_S)
    assert shipper.returncode == 1
    assert "1 files were not sent" in said


def test_the_depot_ends_on_sigterm_with_0(tmp_path):
    with serving(tmp_path) as (depot, _):
        depot.send_signal(signal.SIGTERM)
        assert depot.wait(PATIENCE_S) == 0


@pytest.mark.parametrize("host", ["*", "::1", "localhost"])
def test_the_depot_listens_where_it_is_told(tmp_path, host):
    with serving(tmp_path, "--host", host) as (_, address):
        assert address


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["serve", "--folder", "x", "--port", "99999"], "99999"),
        (["serve", "--folder", "/dev/null/x", "--port", "0"], "/dev/null/x"),
        (["serve", "--folder", "x", "--port", "0", "--most-bytes", "-1"], "-1"),
        (["ship", "--folder", "x", "--to", "ftp://x"], "http://HOST:PORT"),
        (["ship", "--folder", "x", "--to", "http://x:1", "--patience-s", "nan"], "nan"),
        (["store"], "store"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments, named):
    with running(*arguments) as process:
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert named in said
    assert len(said.strip().splitlines()) == 1


def test_the_pods_helper_loads_neither_numpy_nor_pyarrow():
    heavy = "{'numpy', 'pyarrow'} & set(sys.modules)"
    program = f"import sys, records.depot.__main__; sys.exit(bool({heavy}))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
