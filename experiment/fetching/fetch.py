"""A run brought home: down into a folder beside it, checked, then merged into its own."""

import io
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from experiment.errors import ExperimentError
from experiment.fetching.archive import unpack_run
from experiment.fetching.depot import Depot, KeptRun
from experiment.fetching.merge import merge_run

BUFFER_BYTES = 1 << 18


class NoSuchRun(ExperimentError):
    """The run is not kept there."""


class NotWritable(ExperimentError):
    """The folder of results cannot be written."""


@dataclass(frozen=True)
class Fetched:
    """What a fetch has done.

    Attributes:
        folder: The run's.
        new: Names of the files that were not here before, or not so.
        kept: The run as it is kept in the cluster.
    """

    folder: Path
    new: tuple[str, ...]
    kept: KeptRun


def fetch_run(depot: Depot, run: str, results: Path) -> Fetched:
    """Bring what is new of a run into its folder below the results; doing it again is a no-op.

    Raises:
        NoSuchRun: naming the runs that are there.
        NotWritable: when the files cannot be written.
        UnsafeArchive: for an archive that holds what no run does.
        WouldOverwrite: when what is here differs.
        KubeError: when the cluster cannot be asked.
    """
    kept = _find(depot, run)
    try:
        results.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".fetching-", dir=results))
    except OSError as error:
        raise NotWritable(f"cannot write into {results}: {error.strerror}") from None
    try:
        unpack_run(io.BufferedReader(depot.tar(run), BUFFER_BYTES), run, beside)
        folder = results / run
        _make(folder)
        return Fetched(folder, merge_run(beside, folder), kept)
    except OSError as error:
        raise NotWritable(f"cannot write into {results}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _make(folder: Path) -> None:
    if folder.is_symlink():
        raise NotWritable(f"{folder} is a symbolic link: not followed")
    folder.mkdir(exist_ok=True)


def _find(depot: Depot, run: str) -> KeptRun:
    there = depot.runs()
    for one in there:
        if one.run == run:
            return one
    names = ", ".join(one.run for one in there) or "none"
    raise NoSuchRun(f"there is no run {run!r} in namespace {depot.namespace}; there is {names}")
