"""`sweep.json`: the plan of a sweep, written once. Its presence says that a folder is a sweep."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from records.json_file import read_json, write_json
from records.manifest import check_schema_version
from records.run_folder import RunFolderError, check_name
from records.sweeps.planned import SWEEP_VERSION, Arm, Cell, PlannedRun, Sweep

SWEEP_NAME = "sweep.json"


def write_sweep(folder: Path, sweep: Sweep) -> None:
    """Write the plan; it is never written a second time.

    Raises:
        FileExistsError: when there is one.
        InvalidRunId: when a run's id is not safe as a file name.
        OSError: when it cannot be written.
    """
    for run in sweep.runs:
        check_name(run.run_id)
    path = folder / SWEEP_NAME
    if path.exists():
        raise FileExistsError(f"{path} exists already")
    write_json(path, asdict(sweep))


def read_sweep(folder: Path) -> Sweep:
    """The plan of a sweep's folder.

    Raises:
        NewerSchema: when a later version wrote it.
        RunFolderError: when it is missing or damaged.
    """
    path = folder / SWEEP_NAME
    try:
        value = read_json(path)
    except FileNotFoundError:
        raise RunFolderError(f"{path} is not there: {folder} is no folder of a sweep") from None
    except (OSError, ValueError) as error:
        raise RunFolderError(f"{path} cannot be read: {error}") from None
    check_schema_version(value.get("schema_version"), path, SWEEP_VERSION)
    try:
        return _sweep(value)
    except (KeyError, TypeError) as error:
        raise RunFolderError(f"{path} is damaged: {error}") from None


def is_sweep(folder: Path) -> bool:
    """Whether a folder is that of a sweep."""
    return (folder / SWEEP_NAME).is_file()


def _sweep(value: dict[str, Any]) -> Sweep:
    arms = tuple(Arm(**arm) for arm in value["arms"])
    runs = tuple(_run(run) for run in value["runs"])
    return Sweep(**{**value, "arms": arms, "runs": runs})


def _run(value: Mapping[str, Any]) -> PlannedRun:
    return PlannedRun(**{**value, "cell": Cell(**value["cell"])})
