"""Starts what a benchmark needs, and ends just that."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from verdict.exit_codes import BAD_CONFIGURATION

ROOT = Path(__file__).resolve().parent.parent
LOCUST = (sys.executable, "-m", "locust")
HEADLESS = ("--headless", "--only-summary")


def with_our_packages(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a program that imports what is here, from whatever folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **(extra or {})}


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started meanwhile runs on this core alone; where there is no such core, anywhere."""
    before = os.sched_getaffinity(0)
    with suppress(OSError):
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def served(module: str, *flags: str) -> Iterator[str]:
    """A server of this folder in a process of its own; yields its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *flags],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None, "it was asked for"
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate()


def run_locust(
    locustfile: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> None:
    """Run Locust headless to its end; what it prints is shown only when it could not run."""
    ended = subprocess.run(
        [*LOCUST, *HEADLESS, "-f", locustfile, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=with_our_packages(environment),
    )
    if ended.returncode == BAD_CONFIGURATION:
        raise SystemExit(ended.stderr)
