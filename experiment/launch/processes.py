"""Programs that are started beside the run and end with it, whatever happens to it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def start_tied(
    module: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
) -> subprocess.Popen[bytes]:
    """`python -m MODULE ARGUMENTS`; sent SIGTERM by the kernel should this process be killed.

    Args:
        module: What is run.
        arguments: Of it.
        environment: Variables beside this process's own.
        stdout: Where its words go, as `subprocess` has it; None: to this process's own.
        stderr: The same for its errors.

    It is out of the terminal's reach: Ctrl-C comes to this process alone.
    """
    tied = [sys.executable, "-m", "grpc_user.tied_process", str(os.getpid())]
    return subprocess.Popen(
        [*tied, module, *arguments],
        env={**os.environ, **(environment or {})},
        start_new_session=True,
        stdout=stdout,
        stderr=stderr,
    )


def end_started(process: subprocess.Popen[bytes], within_s: float) -> None:
    """End it where it still runs, killed when it does not end in time; its pipes are closed."""
    process.terminate()
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


@contextmanager
def on_signals(act: Callable[[int], None]) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM do this while the block runs, in place of ending it."""

    def handle(number: int, _frame: FrameType | None) -> None:
        act(number)

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
