"""One socket with its HTTP/2 connection, on the engine's loop; nothing here waits."""

import contextlib
import select
import socket
import ssl
import time
from collections.abc import Callable

from grpc_user.engine.loop import READABLE, WRITABLE, Loop
from grpc_user.h2.connection import Connection

READ_BYTES = 1 << 13
"""Some 80 replies, half a millisecond's work: then calls that are due have their turn."""
BROKEN = select.EPOLLHUP | select.EPOLLERR
_LATER = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Line:
    """Carries bytes between a socket and a connection until either has had enough.

    Args:
        loop: What tells when the socket is ready.
        stream: A connected socket, TLS included; closed at the end.
        connection: What is spoken over it.
        changed: Called when the peer's SETTINGS are here, and at its end.

    Attributes:
        event_s: When what is happening on it happened, monotonic.
    """

    def __init__(
        self,
        loop: Loop,
        stream: socket.socket,
        connection: Connection,
        changed: Callable[[], None],
    ) -> None:
        self.connection = connection
        self.event_s = 0.0
        self._loop = loop
        self._stream = stream
        self._fd = stream.fileno()
        self._changed = changed
        self._unsent = b""
        self._was_ready = False
        self._is_open = True
        self._tls = stream if isinstance(stream, ssl.SSLSocket) else None
        stream.setblocking(False)
        loop.watch(self._fd, self._on_ready)
        loop.add_before_wait(self.flush)

    def flush(self) -> None:
        """Send what the connection has to say, as far as the socket takes it."""
        if self.connection.out and not self._unsent:
            self._send()

    def close(self, code: str, details: str) -> None:
        """Calls under way end with this status."""
        if not self._is_open:
            return
        self._is_open = False
        self._loop.forget(self._fd)
        self._loop.drop_before_wait(self.flush)
        with contextlib.suppress(OSError):
            self._stream.close()
        self.event_s = time.monotonic()
        self.connection.lose(code, details)
        self._changed()

    def _on_ready(self, events: int) -> None:
        if events & WRITABLE:
            self._send()
        if events & (READABLE | BROKEN) and self._is_open:
            self._read()

    def _send(self) -> None:
        out, self.connection.out = self.connection.out, []
        data = b"".join((self._unsent, *out))
        try:
            sent = self._stream.send(data)
        except _LATER:
            sent = 0
        except OSError as error:
            self.close("UNAVAILABLE", f"sendmsg:{error.strerror or error}")
            return
        had, self._unsent = self._unsent, data[sent:]
        if bool(had) != bool(self._unsent):
            self._loop.change(self._fd, READABLE | WRITABLE if self._unsent else READABLE)

    def _read(self) -> None:
        connection = self.connection
        data: bytes | None = None
        try:
            while data := self._stream.recv(READ_BYTES):
                self.event_s = time.monotonic()
                connection.receive(data)
                if self._tls is None or connection.broken or not self._tls.pending():
                    break  # what TLS has decrypted already makes no socket readable
        except _LATER:
            pass
        except OSError as error:
            self.close("UNAVAILABLE", f"recvmsg:{error.strerror or error}")
            return
        if data == b"" or connection.is_over:
            self._take_leave()
        elif not self._was_ready and connection.is_ready:
            self._was_ready = True
            self._changed()

    def _take_leave(self) -> None:
        """The peer hears why before it loses us, unless it does not listen either."""
        with contextlib.suppress(OSError):
            self._stream.send(b"".join((self._unsent, *self.connection.out)))
        self.close("UNAVAILABLE", "Socket closed")
