"""The depot's folder: files come in whole or not at all, rows are never changed."""

import errno
import json
import os
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from records.atomic_file import replace_file, write_new_stream
from records.depot.acceptance import is_finished, refusal, replacement_refusal
from records.depot.errors import Refused
from records.depot.travelling import files_of_run, find_files, is_of_rows, is_safe_name
from records.run_folder import MANIFEST_NAME, TEMP_SUFFIX

GIB = 1024**3
MOST_BYTES = 8 * GIB
MOST_FILE_BYTES = GIB // 4
MOST_HELD_BYTES = GIB // 32
"""Files that are not of rows are held in memory to be looked at."""
DEPOT_ID_HEADER = "Depot-Id"
ID_NAME = ".depot-id"


class Store:
    """Takes files of runs below one folder; for several threads, and the folder's only writer.

    Args:
        root: The folder; made when missing.
        most_bytes: All files together.
        most_file_bytes: One file.

    Attributes:
        id: Of this folder. Another one tells a sender that what it sent earlier is lost.
    """

    def __init__(
        self, root: Path, most_bytes: int = MOST_BYTES, most_file_bytes: int = MOST_FILE_BYTES
    ) -> None:
        root.mkdir(parents=True, exist_ok=True)
        for torn in root.glob(f"*/*{TEMP_SUFFIX}"):
            torn.unlink()  # left by an earlier process that was killed while it took a file
        self.root = root
        self.id = _id_of(root)
        self._most_bytes = most_bytes
        self._most_file_bytes = most_file_bytes
        self._used_bytes = sum(found.stamp.size_bytes for found in find_files(root))
        self._lock = threading.Lock()
        self._busy: set[Path] = set()

    def check(self, run: str, name: str, size_bytes: int) -> None:
        """Refuse a file by what is said of it before it comes.

        Raises:
            Refused: for an unsafe name or too large a file.
        """
        for text, what in ((run, "run id"), (name, "file name")):
            if not is_safe_name(text):
                raise Refused(HTTPStatus.BAD_REQUEST, f"{text!r} is not a safe {what}")
        most = self._most_file_bytes
        if not is_of_rows(name):
            most = min(most, MOST_HELD_BYTES)
        if size_bytes > most:
            reason = f"{name} has {size_bytes} bytes; at most {most} are taken"
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)

    def take(self, run: str, name: str, size_bytes: int, chunks: Iterable[bytes]) -> HTTPStatus:
        """Keep a file: CREATED when it is new, OK when it was there so or was replaced.

        Args:
            run: Its run.
            name: Its name.
            size_bytes: Of all chunks together.
            chunks: Its content; what they raise is raised, and nothing is kept then.

        Raises:
            Refused: for a name that is not safe, a size that is too large, rows that differ from
                those that are there, a run that has ended, a full folder, or a file that is just
                coming from somebody else.
        """
        self.check(run, name, size_bytes)
        path = self.root / run / name
        with self._alone_with(path), self._room_for(size_bytes) as room, _full_disk_refused():
            if path.parent.is_symlink() or path.is_symlink():
                raise Refused(HTTPStatus.CONFLICT, f"{run}/{name} is a link: not followed")
            if os.path.lexists(path):
                room.used_bytes = self._take_again(path, chunks)
                return HTTPStatus.OK
            self._refuse(refusal(path.parent, name), path)
            path.parent.mkdir(exist_ok=True)
            write_new_stream(path, chunks)
            room.used_bytes = size_bytes
        return HTTPStatus.CREATED

    def runs(self) -> list[dict[str, Any]]:
        """Of each run, its name, its number of files and bytes, and whether it has finished."""
        names = sorted(path.name for path in self.root.iterdir() if is_safe_name(path.name))
        listed = ((name, files_of_run(self.root, name)) for name in names)
        return [
            {
                "run": name,
                "files": len(files),
                "bytes": sum(found.stamp.size_bytes for found in files),
                "finished": is_finished(self.root / name),
            }
            for name, files in listed
            if files
        ]

    def _take_again(self, path: Path, chunks: Iterable[bytes]) -> int:
        """Compare or replace a file; by how many bytes it grew."""
        if is_of_rows(path.name):
            if not _is_content(path, chunks):
                self._refuse("rows are never overwritten", path)
            return 0
        data, there = b"".join(chunks), path.read_bytes()
        if data != there:
            new = _parsed(data) if path.name == MANIFEST_NAME else None
            self._refuse(replacement_refusal(path.parent, path.name, new), path)
            replace_file(path, data)
        return len(data) - len(there)

    def _refuse(self, reason: str | None, path: Path) -> None:
        if reason is not None:
            raise Refused(HTTPStatus.CONFLICT, f"{path.parent.name}/{path.name}: {reason}")

    @contextmanager
    def _alone_with(self, path: Path) -> Iterator[None]:
        with self._lock:
            if path in self._busy:
                reason = f"{path.name} is just coming from somebody else"
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, reason)
            self._busy.add(path)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(path)

    @contextmanager
    def _room_for(self, size_bytes: int) -> Iterator["_Room"]:
        """Room in the folder, given back unless it was used."""
        with self._lock:
            if self._used_bytes + size_bytes > self._most_bytes:
                reason = f"the depot is full: it holds {self._used_bytes} of {self._most_bytes}"
                raise Refused(HTTPStatus.INSUFFICIENT_STORAGE, f"{reason} bytes")
            self._used_bytes += size_bytes
        room = _Room()
        try:
            yield room
        finally:
            with self._lock:
                self._used_bytes += room.used_bytes - size_bytes


def _id_of(root: Path) -> str:
    path = root / ID_NAME
    if not path.exists():
        replace_file(path, secrets.token_hex(8).encode())
    return path.read_text(encoding="ascii")


class _Room:
    used_bytes = 0


@contextmanager
def _full_disk_refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refused(HTTPStatus.INSUFFICIENT_STORAGE, "the depot's disk is full") from None


def _is_content(path: Path, chunks: Iterable[bytes]) -> bool:
    """Whether the chunks are the file; all are read, for a sender reads no answer before."""
    with path.open("rb") as there:
        same = [there.read(len(chunk)) == chunk for chunk in chunks]
        return all(same) and not there.read(1)


def _parsed(data: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(data)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
