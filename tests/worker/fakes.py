"""Parts that tests of the spin worker move by hand, and a worker process to call."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc

from proto import spin_pb2_grpc
from worker.machine import Machine
from worker.spin import Clocks
from worker.turns import Ticket, Turns

ROOT = Path(__file__).resolve().parents[2]
LISTENING = re.compile(r"spin worker (?P<id>[0-9a-f]{16}) listening on (?P<address>\S+:\d+)\n")
ACCOUNT = re.compile(
    r"(\d+) started, (\d+) finished, (\d+) cut short, (\d+) still running, (\d+) refused"
)


class HandClock:
    """Nanoseconds that pass only when a test says so."""

    def __init__(self, now_ns: int = 0) -> None:
        self.now_ns = now_ns

    def __call__(self) -> int:
        return self.now_ns

    def move(self, by_ns: int) -> None:
        self.now_ns += by_ns


class SteppingClock(HandClock):
    """Moves by the same step at each reading, as if work took that long between two readings."""

    def __init__(self, step_ns: int) -> None:
        super().__init__()
        self.step_ns = step_ns

    def __call__(self) -> int:
        self.move(self.step_ns)
        return self.now_ns


class WatchedTicket(Ticket):
    """Says when its owner has begun to wait in line."""

    __slots__ = ("waits",)

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Event()
        self.called = _WatchedSemaphore(self.waits)


class _WatchedSemaphore(threading.Semaphore):
    def __init__(self, waits: threading.Event) -> None:
        super().__init__(0)
        self._waits = waits

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        self._waits.set()
        return super().acquire(blocking, timeout)


def fake_machine(
    cpu_ns: Callable[[], int],
    wall_ns: Callable[[], int],
    throttled_us: Callable[[], int] = lambda: 0,
    at_once: int = 1,
) -> Machine:
    return Machine(Turns(at_once), throttled_us, Clocks(cpu_ns, wall_ns))


@dataclass(frozen=True)
class Account:
    started: int
    finished: int
    cut_short: int
    still_running: int
    refused: int


@dataclass
class RunningWorker:
    """A worker process that serves, and a plaintext connection to it."""

    process: subprocess.Popen[str]
    instance_id: str
    address: str
    channel: grpc.Channel

    @property
    def stub(self) -> spin_pb2_grpc.SpinnerStub:
        return spin_pb2_grpc.SpinnerStub(self.channel)

    def end(self, signal_number: int | None = None) -> tuple[int, str]:
        """Send a signal when given, wait: exit code and standard error."""
        if signal_number is not None:
            self.process.send_signal(signal_number)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors

    def cpu_s(self) -> float:
        """CPU seconds of the process so far, by the kernel's count."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tell(measured: str) -> None:
    """Show a figure: with `pytest -s`, or when the test fails."""
    sys.stdout.write(f"\n{measured}\n")


def account_in(errors: str) -> Account:
    """The counts in the last line of a worker's standard error."""
    found = ACCOUNT.search(errors.splitlines()[-1])
    assert found is not None, errors
    return Account(*map(int, found.groups()))


def start(*flags: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """A worker process, serving or not; PORT is not inherited from the test's environment."""
    inherited = {name: value for name, value in os.environ.items() if name != "PORT"}
    return subprocess.Popen(
        [sys.executable, "-m", "worker", *flags],
        cwd=ROOT,
        env={**inherited, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refused_to_start(
    *flags: str, environment: dict[str, str] | None = None
) -> tuple[int, Sequence[str]]:
    """Exit code and lines on standard error of a worker that should not start."""
    process = start(*flags, environment=environment)
    try:
        output, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert output == ""
    return process.returncode, errors.splitlines()


@contextmanager
def running_worker(
    *flags: str,
    environment: dict[str, str] | None = None,
    credentials: grpc.ChannelCredentials | None = None,
) -> Iterator[RunningWorker]:
    """A worker that has said it serves; killed at the end when it still runs."""
    process = start(*(flags or ("--port=0",)), environment=environment)
    try:
        line = process.stdout.readline()
        said = LISTENING.fullmatch(line)
        assert said is not None, line or process.stderr.read()
        with connected(said["address"], credentials) as channel:
            yield RunningWorker(process, said["id"], said["address"], channel)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def connected(
    address: str, credentials: grpc.ChannelCredentials | None = None
) -> Iterator[grpc.Channel]:
    """A connection of its own, whatever other channels there are to the address."""
    alone = [("grpc.use_local_subchannel_pool", 1)]
    address = address.replace("[::]", "127.0.0.1")
    if credentials is None:
        channel = grpc.insecure_channel(address, alone)
    else:
        channel = grpc.secure_channel(address, credentials, alone)
    with channel:
        yield channel
