"""What a run folder lacks, said in sentences."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from records.arrow_schema import VERSION_KEY
from records.manifest import check_schema_version, read_manifest
from records.run_folder import (
    MANIFEST_NAME,
    SUMMARY_NAME,
    TEMP_SUFFIX,
    NewerSchema,
    RunFolderError,
    parse_segment_name,
)
from records.segments import Ending, ending_of


@dataclass(frozen=True)
class Segment:
    """One file of rows.

    Attributes:
        path: The file.
        member: Whose rows.
        n: Its number, from 0.
        rows: How many; 0 when it is not readable.
        ending: What the member's last segment says of the whole.
        fault: Why it is not readable; None when it is.
    """

    path: Path
    member: str
    n: int
    rows: int = 0
    ending: Ending | None = None
    fault: str | None = None


def scan_segments(folder: Path) -> list[Segment]:
    """All segments of a folder, by member, then number.

    Raises:
        NewerSchema: when a later version wrote one.
    """
    named = ((path, parse_segment_name(path.name)) for path in folder.iterdir())
    found = sorted((name, path) for path, name in named if name)
    return [_scan(path, *name) for name, path in found]


def missing_rows(folder: Path, segments: Sequence[Segment]) -> list[str]:
    """One sentence for each way in which rows are missing; empty when all are here."""
    by_member: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        by_member[segment.member].append(segment)
    sentences = [f"{s.path.name} cannot be read: {s.fault}" for s in segments if s.fault]
    sentences += _left_unfinished(folder)
    for member, own in by_member.items():
        sentences += _gaps(member, own)
        sentences += _ending_faults(member, own)
    return sentences


def missing_files(folder: Path) -> list[str]:
    """One sentence for each file that a finished run has besides its rows."""
    sentences = []
    try:
        if not read_manifest(folder).finished:
            sentences.append(f"{MANIFEST_NAME} does not say that the run has finished")
    except RunFolderError as error:
        sentences.append(str(error))
    if not (folder / SUMMARY_NAME).is_file():
        sentences.append(f"{SUMMARY_NAME} is not there: the run has not ended, or was killed")
    return sentences


def _scan(path: Path, member: str, n: int) -> Segment:
    if path.is_symlink() or not path.is_file():
        return Segment(path, member, n, fault="it is not a regular file; links are not followed")
    try:
        footer = pq.read_metadata(path)
        metadata = footer.metadata or {}
        check_schema_version(_version(metadata), path)
        return Segment(path, member, n, footer.num_rows, ending_of(metadata))
    except NewerSchema:
        raise
    except (OSError, ValueError, TypeError, pa.ArrowException, RunFolderError) as error:
        return Segment(path, member, n, fault=str(error).splitlines()[0])


def _version(metadata: dict[bytes, bytes]) -> int | None:
    text = metadata.get(VERSION_KEY, b"")
    return int(text) if text.isdigit() else None


def _left_unfinished(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob(f"*{TEMP_SUFFIX}")):
        yield f"{path.name} was left unfinished: its writer was killed; its rows are lost"


def _gaps(member: str, segments: Sequence[Segment]) -> Iterator[str]:
    numbers = {segment.n for segment in segments}
    gap = sorted(set(range(max(numbers) + 1)) - numbers)
    if gap:
        shown = ", ".join(map(str, gap[:10])) + (", ..." if gap[10:] else "")
        yield f"member {member}: segments {shown} are missing"


def _ending_faults(member: str, segments: Sequence[Segment]) -> Iterator[str]:
    ending = segments[-1].ending
    if ending is None:
        yield f"member {member}: the last segment is missing: its writer is at work or was killed"
        return
    if not ending.closed:
        yield f"member {member}: it ended without closing its record; its last rows may be missing"
    rows = sum(segment.rows for segment in segments)
    if rows != (expected := ending.rows_given if ending.closed else ending.rows_written):
        yield f"member {member}: {rows} rows are here of {expected}"
