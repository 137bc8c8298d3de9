"""A run's files as one tar, made while it is sent."""

import tarfile
from pathlib import Path
from typing import IO

from records.depot.chunked import ChunkedWriter
from records.depot.travelling import files_of_run


def write_tar(root: Path, run: str, out: IO[bytes] | ChunkedWriter) -> None:
    """Write a run's finished files as entries `RUN/NAME`, the summary last.

    Each entry is one state of its file, whatever comes in its place meanwhile.

    Args:
        root: The folder of the runs.
        run: A safe name.
        out: Only written to, from front to back.
    """
    with tarfile.open(fileobj=out, mode="w|") as archive:
        for found in files_of_run(root, run):
            with found.path.open("rb") as content:
                entry = archive.gettarinfo(arcname=f"{run}/{found.name}", fileobj=content)
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = ""
                entry.mode = 0o644
                archive.addfile(entry, content)
