"""What many workers cost the master.

    python -m bench.many_workers [--workers 50] [--rps 500] [--seconds 30]

A master and its workers run as processes of this machine; the workers send nothing, for what is
measured is the master: its CPU in the middle of the run, with ten names in Locust's tables.
"""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from bench.processes import HEADLESS, LOCUST, ROOT, with_our_packages
from records.reader import open_run
from records.summary_file import read_summary

LOCUSTFILE = "bench/ten_names_locustfile.py"
PORT = 5599
SETTLED_S = 5.0
PATIENCE_S = 300.0
SHARE = 0.6
"""Of the run, from `SETTLED_S` on, that is measured: its end is another matter."""


@contextmanager
def started(*arguments: str) -> Iterator[psutil.Popen]:
    """A Locust process with these arguments, ended at the end."""
    process = psutil.Popen(
        [*LOCUST, "-f", LOCUSTFILE, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=with_our_packages(),
    )
    try:
        yield process
    finally:
        if process.is_running():
            process.terminate()
        process.wait()


def master_share(master: psutil.Popen, folder: Path, seconds: float) -> float:
    """The master's CPU over the middle of its run, in cores."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not list(folder.glob("*/manifest.json")) and time.monotonic() < deadline_s:
        time.sleep(0.2)
    time.sleep(SETTLED_S)
    before, began_s = master.cpu_times(), time.monotonic()
    time.sleep(SHARE * seconds)
    after, ended_s = master.cpu_times(), time.monotonic()
    used_s = after.user + after.system - before.user - before.system
    return float(used_s / (ended_s - began_s))


def measure(workers: int, rps: float, seconds: float, folder: Path) -> float:
    """One run with so many workers; the master's CPU in cores."""
    place = ("--master", "--master-bind-port", str(PORT), "--expect-workers", str(workers))
    how = (*HEADLESS, "--rps", f"{rps:g}", "--duration", f"{seconds:g}s")
    where = ("--records", str(folder), "--distribution", "poisson", "--seed", "1")
    there = ("--worker", "--master-host", "127.0.0.1", "--master-port", str(PORT))
    with ExitStack() as processes:
        master = processes.enter_context(started(*place, *how, *where))
        for _ in range(workers):
            processes.enter_context(started(*there))
        share = master_share(master, folder, seconds)
        master.wait()
    return share


def main() -> None:
    """Measure and print a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=50)
    parser.add_argument("--rps", type=float, default=500.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        share = measure(options.workers, options.rps, options.seconds, Path(name))
        (folder,) = Path(name).iterdir()
        counts = open_run(folder).counts()
        verdict = read_summary(folder)["verdict"]["level"]
    print(
        f"{options.workers} workers, 10 names, {options.rps:g} rps: the master used {share:.1%} of "
        f"a core; planned {counts['planned']} = sent {counts['sent']} + unsent {counts['unsent']}; "
        f"{verdict}"
    )


if __name__ == "__main__":
    main()
