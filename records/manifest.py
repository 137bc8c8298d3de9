"""`manifest.json`: what was run, with which versions, on what machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from records.json_file import read_json, write_json
from records.redaction import redacted
from records.run_folder import MANIFEST_NAME, NewerSchema, RunExists, RunFolderError, check_name
from records.schema import SCHEMA_VERSION


@dataclass(frozen=True)
class Manifest:
    """The facts of one run.

    Attributes:
        run_id: Name of the run and of its folder.
        started_unix_s: Wall-clock time of the epoch, seconds since 1970.
        schema_version: Of the rows and of this file.
        versions: Package to version.
        git: Commit and whether there were changes.
        options: Every option as given.
        seed: Of the plan.
        plans: All versions of the plan, oldest first, as plain dicts.
        members: Names of all members that ever took part.
        offsets: Member to its clock's measured offset and error.
        host: Facts of the machine.
        calibration: The isolated service time, when it was measured.
        knative: Settings of the Service under load, when they are known.
        finished: The run has ended and nothing will be added.
        simulated: The model that made it, where it is no measurement; None for a real run.
    """

    run_id: str
    started_unix_s: float
    schema_version: int = SCHEMA_VERSION
    versions: Mapping[str, Any] = field(default_factory=dict)
    git: Mapping[str, Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    plans: Sequence[Mapping[str, Any]] = ()
    members: Sequence[str] = ()
    offsets: Mapping[str, Any] = field(default_factory=dict)
    host: Mapping[str, Any] = field(default_factory=dict)
    calibration: Mapping[str, Any] | None = None
    knative: Mapping[str, Any] | None = None
    finished: bool = False
    simulated: Mapping[str, Any] | None = None


_NAMES = tuple(item.name for item in fields(Manifest))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write or replace the manifest atomically, secrets taken out.

    Raises:
        RunExists: when the folder holds another run's manifest.
        InvalidRunId: when the run id is not safe.
        OSError: when it cannot be written; the earlier one stays as it was.
    """
    check_name(manifest.run_id)
    path = folder / MANIFEST_NAME
    if path.exists() and (there := read_manifest(folder).run_id) != manifest.run_id:
        raise RunExists(f"{path} is of run {there!r}: not overwritten by {manifest.run_id!r}")
    # Not `asdict`: it would copy the plans, deeply.
    write_json(path, redacted({name: getattr(manifest, name) for name in _NAMES}))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a run folder.

    Raises:
        NewerSchema: when a later version wrote it.
        RunFolderError: when it is missing or damaged.
    """
    path = folder / MANIFEST_NAME
    try:
        value = read_json(path)
    except FileNotFoundError:
        raise RunFolderError(f"{path} is not there") from None
    except (OSError, ValueError) as error:
        raise RunFolderError(f"{path} cannot be read: {error}") from None
    check_schema_version(value.get("schema_version"), path)
    return _manifest(value, path)


def check_schema_version(version: object, where: Path, newest: int = SCHEMA_VERSION) -> None:
    """Refuse what this version cannot read.

    Args:
        version: As it is there.
        where: The file.
        newest: The newest of its kind that this program reads; that of a run's files.

    Raises:
        NewerSchema: for a later version.
        RunFolderError: when it is no version at all.
    """
    if not isinstance(version, int) or version < 1:
        raise RunFolderError(f"{where} has no schema version: {version!r}")
    if version > newest:
        raise NewerSchema(
            f"{where} has schema version {version}; this program reads up to {newest}: "
            "use a newer one"
        )


def _manifest(value: dict[str, Any], path: Path) -> Manifest:
    missing = [name for name in ("run_id", "started_unix_s") if name not in value]
    unknown = [name for name in value if name not in _NAMES]
    if missing or unknown:
        raise RunFolderError(f"{path} is damaged: missing {missing}, unknown {unknown}")
    return Manifest(**value)
