"""Workers as processes: the real spin worker, and one that only waits and counts."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.whole.harness import ROOT, clean_environment

LISTENING = re.compile(r"listening on (\S+:\d+)")
SEEN = re.compile(r"seen (\d+)")
END_S = 30.0


@dataclass
class Worker:
    """A worker process and where it serves."""

    process: subprocess.Popen
    address: str
    last_words: str = ""

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        if self.process.poll() is None:
            self.thaw()
            self.process.terminate()
        if not self.process.stdout.closed:
            self.last_words, _ = self.process.communicate(timeout=END_S)

    def seen(self) -> int:
        """End it; how many calls reached it (the slow worker counts them)."""
        self.end()
        return int(SEEN.search(self.last_words)[1])


@contextmanager
def spin_worker(*flags: str) -> Iterator[Worker]:
    """The spin worker, burning CPU."""
    with _worker(["worker", "--port", "0", *flags]) as worker:
        yield worker


@contextmanager
def slow_worker(*flags: str) -> Iterator[Worker]:
    """The worker that waits as long as it is asked to spin; see `tests/whole/slow_worker.py`."""
    with _worker(["tests.whole.slow_worker", *flags]) as worker:
        yield worker


@contextmanager
def _worker(module: Sequence[str]) -> Iterator[Worker]:
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    worker = Worker(process, LISTENING.search(process.stdout.readline())[1])
    try:
        yield worker
    finally:
        worker.end()
