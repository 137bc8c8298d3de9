"""A spin worker on this machine, for as long as something needs a target."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from experiment.errors import ExperimentError
from experiment.launch.processes import end_started, start_tied

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
    process = start_tied(*COMMAND, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield _address(process)
    finally:
        end_started(process, END_S)


def _address(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None, "stdout is a pipe"
    line = process.stdout.readline().decode(errors="replace").strip()
    if LISTENING not in line:
        raise WorkerNotStarted(f"the spin worker did not start: {line or 'it said nothing'}")
    return line.rpartition(LISTENING)[2]
