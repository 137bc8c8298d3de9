"""A simulation as a run folder: the files of a real run, and a manifest that says what it is."""

import platform
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import Any

from records.manifest import Manifest, write_manifest
from records.replica_log import ReplicaLog
from records.replicas import write_replica_table
from records.schema import CallRecord
from records.segments import Ending, write_segment
from simulator.asked import MEMBER, Asked
from simulator.call_rows import call_rows
from simulator.compiled import IS_COMPILED
from simulator.pod_rows import replica_rows
from simulator.system.simulate import Simulated

SEGMENT_ROWS = 50_000
_PACKAGES = ("numpy", "numba", "pyarrow", "locust-knative")


def write_folder(
    folder: Path,
    asked: Asked,
    simulated: Simulated,
    options: dict[str, Any],
    started_unix_s: float,
) -> None:
    """Write all files of a finished run but its summary, which is the verdict's.

    Args:
        folder: Of the run, empty.
        asked: What was simulated.
        simulated: What came of it.
        options: As given.
        started_unix_s: What the epoch is called on the wall clock.

    Raises:
        OSError: when a file cannot be written.
    """
    _write_calls(folder, call_rows(asked, simulated))
    log = ReplicaLog(folder)
    for row in replica_rows(simulated, started_unix_s):
        log.append(row)
    log.close()
    write_replica_table(folder)
    write_manifest(folder, manifest_of(asked, simulated, options, started_unix_s))


def _write_calls(folder: Path, rows: Iterator[CallRecord]) -> None:
    written = number = 0
    while segment := list(islice(rows, SEGMENT_ROWS)):
        write_segment(folder, MEMBER, number, segment)
        written, number = written + len(segment), number + 1
    write_segment(folder, MEMBER, number, [], Ending(True, written, written))


def manifest_of(
    asked: Asked, simulated: Simulated, options: dict[str, Any], started_unix_s: float
) -> Manifest:
    """The manifest: a real run's, and under `simulated` what no measurement has."""
    return Manifest(
        run_id=asked.plan.run_id,
        started_unix_s=started_unix_s,
        versions=_versions(),
        options=options,
        seed=asked.plan.seed,
        plans=[asked.plan.to_dict()],
        members=[MEMBER],
        host={"simulated": "no machine was under load", "python": platform.python_version()},
        knative=asked.service.as_manifest(),
        finished=True,
        simulated=_model(asked, simulated),
    )


def _model(asked: Asked, simulated: Simulated) -> dict[str, Any]:
    system = asked.system._asdict()
    del system["scaler"]
    return {
        "service": asdict(asked.service),
        "system": system,
        "cold_start_s": list(asked.cold_s),
        "network_s": asked.network_s,
        "events": simulated.events,
        "compiled": IS_COMPILED,
    }


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
