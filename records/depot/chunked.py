"""HTTP/1.1's chunked body, as a file that is written to."""

import io
from typing import IO, Any


class ChunkedWriter(io.RawIOBase):
    """Each write is a chunk; without `end` the reader knows that something is missing.

    Args:
        out: The connection.
    """

    def __init__(self, out: IO[bytes] | Any) -> None:
        self._out = out

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Send one chunk; how many bytes were taken, which is all."""
        size = len(data)
        if size:
            self._out.write(b"%x\r\n" % size + bytes(data) + b"\r\n")
        return size

    def end(self) -> None:
        """Say that this was all."""
        self._out.write(b"0\r\n\r\n")
