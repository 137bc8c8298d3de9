"""One file sent to the depot."""

import http.client
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, NamedTuple
from urllib.parse import urlsplit

from records.depot.errors import NeverDelivered, NotDelivered
from records.depot.store import DEPOT_ID_HEADER
from records.depot.travelling import FoundFile, Stamp, stamp_of

CHUNK_BYTES = 64 * 1024
TIMEOUT_S = 30.0
WORTH_ANOTHER_TRY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
MOST_SAID_BYTES = 500


@dataclass(frozen=True)
class Address:
    """Where the depot is."""

    host: str
    port: int


def parse_address(text: str) -> Address:
    """Read `http://HOST:PORT`.

    Raises:
        ValueError: quoting what was given and what is valid.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme != "http" or not parts.hostname or not port or parts.path not in ("", "/"):
        raise ValueError(f"{text!r} is no depot; valid: http://HOST:PORT")
    return Address(parts.hostname, port)


@dataclass(frozen=True)
class Delivery:
    """A file that got home.

    Attributes:
        stamp: Of the state that was sent.
        depot_id: Of the folder it is in now.
    """

    stamp: Stamp
    depot_id: str


def send_file(address: Address, found: FoundFile, timeout_s: float = TIMEOUT_S) -> Delivery:
    """Send the file as it is now.

    Raises:
        NotDelivered: when another try may help.
        NeverDelivered: when the depot refuses this file.
        OSError: when the file cannot be read here.
    """
    with found.path.open("rb") as content:
        stamp = stamp_of(os.fstat(content.fileno()))
        body = _upto(content, stamp.size_bytes)
        answer = _put(address, f"/runs/{found.run}/{found.name}", stamp, body, timeout_s)
    if answer.status in (HTTPStatus.OK, HTTPStatus.CREATED):
        return Delivery(stamp, answer.depot_id)
    reason = f"the depot answers {answer.status}: {answer.said}"
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in WORTH_ANOTHER_TRY:
        raise NotDelivered(reason)
    raise NeverDelivered(reason)


class _Answer(NamedTuple):
    status: int
    said: str
    depot_id: str


def _put(
    address: Address, path: str, stamp: Stamp, body: Iterator[bytes], timeout_s: float
) -> _Answer:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=timeout_s)
    with closing(connection):
        try:
            connection.connect()
            _send(connection, path, stamp, body)
            response = connection.getresponse()
            said = response.read(MOST_SAID_BYTES).decode("utf-8", "replace")
            return _Answer(response.status, said, response.getheader(DEPOT_ID_HEADER, ""))
        except (OSError, http.client.HTTPException) as error:
            raise NotDelivered(f"{address.host}:{address.port}: {error!r}") from None


def _send(
    connection: http.client.HTTPConnection, path: str, stamp: Stamp, body: Iterator[bytes]
) -> None:
    try:
        connection.request("PUT", path, body, {"Content-Length": str(stamp.size_bytes)})
    except (BrokenPipeError, ConnectionResetError):
        return  # refused before its end: the answer says why


def _upto(content: IO[bytes], size_bytes: int) -> Iterator[bytes]:
    """Not more than was promised, for the file may grow meanwhile."""
    while size_bytes and (chunk := content.read(min(size_bytes, CHUNK_BYTES))):
        size_bytes -= len(chunk)
        yield chunk
