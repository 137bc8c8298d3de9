"""Runs Locust and the worker as a person would: as processes, over loopback."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from records.manifest import read_manifest
from records.reader import open_run
from records.summary_file import read_summary

ROOT = Path(__file__).resolve().parents[2]
LOCUSTFILE = ROOT / "locustfile.py"
LOCUST = (sys.executable, "-m", "locust")
LISTENING = re.compile(r"listening on (\S+:\d+)")
PATIENCE_S = 90.0


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without options of Locust that a developer may have set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}
    kept.pop("GITHUB_STEP_SUMMARY", None)
    return {**kept, **(extra or {})}


@dataclass(frozen=True)
class Ended:
    """A Locust process that has ended."""

    code: int
    out: str
    err: str
    records: Path

    @property
    def folder(self) -> Path:
        """The one run folder it left."""
        (folder,) = self.records.iterdir()
        return folder

    @property
    def summary(self) -> dict:
        return read_summary(self.folder)

    @property
    def manifest(self):
        return read_manifest(self.folder)

    @property
    def rows(self) -> list[dict]:
        """Every row, in the order of k."""
        table: pa.Table = open_run(self.folder).table()
        return table.sort_by("k").to_pylist()

    def counts(self) -> dict:
        return open_run(self.folder).counts()


class Running:
    """A Locust process under way."""

    def __init__(self, records: Path, *arguments: str, env=None, cwd: Path = ROOT, locustfile=None):
        self.records = records
        self.process = subprocess.Popen(
            [*LOCUST, "-f", str(locustfile or LOCUSTFILE), "--records", str(records), *arguments],
            cwd=cwd,
            env=clean_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_for_folder(self) -> Path:
        """The run folder, once the run has its manifest."""
        return wait_until(lambda: next(iter(self.records.glob("*/manifest.json")), None)).parent

    def send(self, signal_number: int) -> None:
        self.process.send_signal(signal_number)

    def end(self, timeout_s: float = PATIENCE_S) -> Ended:
        """Wait for its end; a process that does not end is killed and fails the test."""
        try:
            out, err = self.process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return Ended(self.process.returncode, out, err, self.records)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def run_locust(records: Path, *arguments: str, **where) -> Ended:
    """Run Locust headless to its end."""
    return Running(records, "--headless", "--only-summary", *arguments, **where).end()


def wait_until(look, patience_s: float = PATIENCE_S):
    """The first true value of `look()`."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise TimeoutError(f"nothing came of {look} in {patience_s} s")


@dataclass
class Worker:
    """A spin worker process."""

    process: subprocess.Popen
    address: str

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def spin_worker(*flags: str) -> Iterator[Worker]:
    """A spin worker on a free loopback port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "worker", "--port", "0", *flags],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        yield Worker(process, LISTENING.search(line)[1])
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()
