"""One socket with its connection on it: a greenlet reads, another writes all that has piled up."""

import contextlib
import socket

import gevent
from gevent.event import Event

from grpc_user.h2.connection import Connection

READ_BYTES = 1 << 18
LEAVE_TAKING_S = 0.5


class Session:
    """Carries bytes between a socket and a connection until either has had enough.

    Calls are begun on `connection`, then `flush` sends them: what greenlets write in one turn of
    the loop leaves together, and none of them can be killed halfway through a frame.

    Args:
        stream: A connected socket, TLS included; closed at the end.
        connection: What is spoken over it.
    """

    def __init__(self, stream: socket.socket, connection: Connection) -> None:
        self.connection = connection
        self._stream = stream
        self._has_output = Event()
        self._settled = Event()  # the peer's SETTINGS are here, or never will be
        self._has_output.set()
        self._writer = gevent.spawn(self._write)
        self._reader = gevent.spawn(self._read)

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Whether the peer's SETTINGS came in time."""
        self._settled.wait(timeout_s)
        return self.connection.takes_calls

    def flush(self) -> None:
        """Send what the connection has to say."""
        if self.connection.out:
            self._has_output.set()

    def close(self, code: str, details: str) -> None:
        """Calls under way end with this status."""
        self.connection.lose(code, details)
        self._settled.set()
        current = gevent.getcurrent()
        others = [one for one in (self._reader, self._writer) if one is not current]
        gevent.killall(others, block=False)
        with contextlib.suppress(OSError):
            self._stream.close()

    def _write(self) -> None:
        connection, pending = self.connection, self._has_output
        try:
            while not connection.broken:
                pending.wait()
                pending.clear()
                out, connection.out = connection.out, []
                self._stream.sendall(b"".join(out))
        except OSError as error:
            self.close("UNAVAILABLE", f"sendmsg:{error.strerror or error}")

    def _read(self) -> None:
        try:
            while data := self._stream.recv(READ_BYTES):
                self._receive(data)
                if self._is_over():
                    break
        except OSError as error:
            self.close("UNAVAILABLE", f"recvmsg:{error.strerror or error}")
        except Exception as error:  # a fault of ours must not leave calls waiting
            self.close("INTERNAL", f"Stream removed (reading failed: {error!r})")
            raise
        else:
            self._take_leave()

    def _receive(self, data: bytes) -> None:
        self.connection.receive(data)
        self.flush()
        if self.connection.is_ready:
            self._settled.set()

    def _is_over(self) -> bool:
        connection = self.connection
        return bool(connection.broken) or (connection.is_leaving and not connection.exchanges)

    def _take_leave(self) -> None:
        """The peer hears why before it loses us, unless it does not listen either."""
        self._writer.kill()
        with contextlib.suppress(OSError):
            self._stream.settimeout(LEAVE_TAKING_S)
            self._stream.sendall(b"".join(self.connection.out))
        self.close("UNAVAILABLE", "Socket closed")
