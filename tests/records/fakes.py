"""Rows, and small programs that play the generator, for the tests of the records."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from records.schema import CallRecord

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


def call(k=0, /, **changes):
    """The row of an arrival that went well."""
    row = CallRecord(
        k=k,
        phase="measured",
        method="/spin.v1.Spinner/Spin",
        member="local",
        intended_s=k * 0.01,
        sent_s=k * 0.01 + 0.0002,
        received_s=k * 0.01 + 0.1,
        status="ok",
        code="OK",
        http_status=200,
        instance_id="6f1b",
        instance_seq=1,
        pod="worker-00001",
        spin_s=0.1,
        worker_queue_s=0.0001,
        worker_wall_s=0.1002,
        worker_cpu_s=0.1,
        throttled_s=0.0,
        channel=1,
        request_bytes=12,
        reply_bytes=80,
    )
    return row._replace(**changes)


def calls(count, first=0, **changes):
    return [call(k, **changes) for k in range(first, first + count)]


def start_generator(folder, mode, *arguments, cwd=None, root=ROOT):
    """A generator of its own process, in one of the modes of generator.py."""
    generator = str(root / "tests" / "records" / "generator.py")
    return subprocess.Popen(
        [sys.executable, "-P", generator, mode, str(folder), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )


def run_generator(folder, mode, *arguments, **kwargs):
    """A generator that runs to its end; what it said last."""
    with start_generator(folder, mode, *arguments, **kwargs) as process:
        out, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
    return json.loads(out.splitlines()[-1])


def wait_until(condition, what):
    """Poll for something that other processes bring about."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE_S} s for {what}"
        time.sleep(0.01)


def is_running(pid):
    """Whether a process that is no child of ours is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def wait_for_exit(pid):
    wait_until(lambda: not is_running(pid), f"the end of process {pid}")


def peak_rss_mib(pid="self"):
    """The largest resident memory of a process so far."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
