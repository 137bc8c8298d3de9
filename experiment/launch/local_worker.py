"""A spin worker on this machine, for as long as something needs a target."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from experiment.errors import ExperimentError

END_S = 5.0
LISTENING = " listening on "
COMMAND = ("worker", "--port=0", "--host=127.0.0.1")


class WorkerNotStarted(ExperimentError):
    """The worker ended or said something else than where it listens."""


@contextmanager
def local_worker() -> Iterator[str]:
    """The address of a worker on a free port of loopback; it ends with the block, or with us.

    Raises:
        WorkerNotStarted: when it does not start.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "grpc_user.tied_process", str(os.getpid()), *COMMAND],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if name not in ("PORT", "HOST")},
    )
    try:
        yield _address(process)
    finally:
        _end(process)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None, "stdout is a pipe"
    line = process.stdout.readline().strip()
    if LISTENING not in line:
        raise WorkerNotStarted(f"the spin worker did not start: {line or 'it said nothing'}")
    return line.rpartition(LISTENING)[2]


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
