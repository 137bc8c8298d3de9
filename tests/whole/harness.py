"""Runs Locust as a person would: as a process, over loopback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import split
from typing import Any

from records.manifest import Manifest, read_manifest
from records.reader import Run, open_run
from records.summary_file import read_summary

ROOT = Path(__file__).resolve().parents[2]
LOCUSTFILE = ROOT / "locustfile.py"
SHAPES_OF_OTHERS = Path(__file__).with_name("shapes_of_others.py")
EXAMPLES = ROOT / "examples"
PATIENCE_S = 45.0
POLL_S = 0.05


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without what a developer may have set for Locust and for Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}
    for name in ("GITHUB_STEP_SUMMARY", "PYTHONPATH"):
        kept.pop(name, None)
    return {**kept, **(extra or {})}


@dataclass(frozen=True)
class Ended:
    """A Locust process that has ended."""

    code: int
    out: str
    err: str
    records: Path

    @property
    def folders(self) -> list[Path]:
        """The run folders it left, oldest first."""
        return sorted(self.records.iterdir()) if self.records.exists() else []

    @property
    def folder(self) -> Path:
        """The one run folder it left."""
        assert len(self.folders) == 1, f"{self.folders}\n{self.out}\n{self.err}"
        return self.folders[0]

    @property
    def run(self) -> Run:
        return open_run(self.folder)

    @property
    def summary(self) -> dict:
        return read_summary(self.folder)

    @property
    def manifest(self) -> Manifest:
        return read_manifest(self.folder)

    @property
    def rows(self) -> list[dict]:
        return rows_of(self.folder)

    def counts(self) -> dict[str, int]:
        return counts_of(self.folder)


def rows_of(folder: Path) -> list[dict]:
    """Every row of a run, in the order of k."""
    return open_run(folder).table().sort_by("k").to_pylist()


def counts_of(folder: Path) -> dict[str, int]:
    """The counts of a run from its rows alone, the invariant checked."""
    rows = rows_of(folder)
    ends = ("ok", "failed", "unfinished", "unsent")
    counts = {end: sum(row["status"] == end for row in rows) for end in ends}
    assert [row["k"] for row in rows] == list(range(len(rows))), "each arrival has one row"
    sent = sum(row["sent_s"] is not None for row in rows)
    assert sent == counts["ok"] + counts["failed"] + counts["unfinished"]
    assert len(rows) == sent + counts["unsent"]
    return {"planned": len(rows), "sent": sent, **counts}


class Running:
    """A Locust process under way.

    Args:
        records: Folder for the run folders; None leaves `--records` out, so `results` of `cwd`.
        arguments: The command line after `-f`.
        locustfile: None leaves `-f` to the arguments or the configuration.
        python: The interpreter, for an environment of its own.
        stdin: A descriptor to read keys from; none by default.
    """

    def __init__(
        self,
        records: Path | None,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        locustfile: Path | None = LOCUSTFILE,
        python: str = sys.executable,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        self.records = records or cwd / "results"
        file = [] if locustfile is None else ["-f", str(locustfile)]
        folder = [] if records is None else ["--records", str(records)]
        self.process = subprocess.Popen(
            [python, "-m", "locust", *file, *arguments, *folder],
            cwd=cwd,
            env=clean_environment(env),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_for_folder(self) -> Path:
        """The run folder, once the run has begun."""
        return wait_until(lambda: next(iter(self.records.glob("*/manifest.json")), None)).parent

    def wait_for_rows(self, rows: int = 1) -> Path:
        """The run folder, once so many rows are in its files."""
        folder = self.wait_for_folder()
        wait_until(lambda: open_run(folder).rows >= rows)
        return folder

    def send(self, signal_number: int) -> None:
        self.process.send_signal(signal_number)

    def end(self, timeout_s: float = PATIENCE_S) -> Ended:
        """Wait for its end; a process that does not end is killed and fails the test."""
        try:
            out, err = self.process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            out, err = self.kill()
            raise AssertionError(f"Locust did not end in {timeout_s} s\n{out}\n{err}") from None
        return Ended(self.process.returncode, out, err, self.records)

    def kill(self) -> tuple[str, str]:
        """Kill it, and what it started in its process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.communicate()


def headless(records: Path | None, *arguments: str, **where) -> Running:
    """Start Locust headless."""
    return Running(records, "--headless", "--only-summary", *arguments, **where)


def run_locust(records: Path | None, *arguments: str, **where) -> Ended:
    """Run Locust headless to its end."""
    return headless(records, *arguments, **where).end()


class Together(Mapping[str, Any]):
    """What several functions return, run at once: most of a short run is waiting.

    One that fails spoils no other: its error is raised where its result is looked at.
    """

    def __init__(self, work: Mapping[str, Callable[[], Any]], at_once: int = 6) -> None:
        with ThreadPoolExecutor(at_once) as pool:
            self._results = {name: pool.submit(function) for name, function in work.items()}

    def __getitem__(self, name: str) -> Any:
        return self._results[name].result()

    def __iter__(self) -> Iterator[str]:
        return iter(self._results)

    def __len__(self) -> int:
        return len(self._results)


def side_by_side(root: Path, lines: Mapping[str, str], **where) -> Together:
    """Run command lines headless to their ends, each with records of its own under `root`."""
    return Together(
        {
            name: partial(run_locust, root / name, *split(line), **where)
            for name, line in lines.items()
        }
    )


def wait_until(look, patience_s: float = PATIENCE_S):
    """The first true value of `look()`."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(POLL_S)
    raise TimeoutError(f"nothing came of {look} in {patience_s} s")
