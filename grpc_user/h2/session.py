"""One socket with its connection on it: what arrives is read, what has piled up is written."""

import contextlib
import os
import socket
import ssl

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

    Attributes:
        hub: Runs it.
        run_soon: Calls something in the hub, in this turn of its loop.
    """

    def __init__(self, stream: socket.socket, connection: Connection) -> None:
        self.connection = connection
        self.hub = gevent.get_hub()
        self.run_soon = self.hub.loop.run_callback
        self._stream = stream
        self._is_bare = not isinstance(stream, ssl.SSLSocket)
        self._unsent = b""
        self._is_writing = False
        self._is_blocked = Event()  # the socket did not take all of it at once
        self._settled = Event()  # the peer's SETTINGS are here, or never will be
        self._writer = gevent.spawn(self._write)
        self._reader = gevent.spawn(self._read)
        self.flush()

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Whether the peer's SETTINGS came in time."""
        self._settled.wait(timeout_s)
        return self.connection.takes_calls

    def flush(self) -> None:
        """Send what the connection has to say, at the end of this turn of the loop."""
        if self.connection.out and not self._is_writing:
            self._is_writing = True
            self.run_soon(self._write_now)

    def close(self, code: str, details: str) -> None:
        """Calls under way end with this status."""
        self.connection.lose(code, details)
        self._settled.set()
        current = gevent.getcurrent()
        others = [one for one in (self._reader, self._writer) if one is not current]
        gevent.killall(others, block=False)
        with contextlib.suppress(OSError):
            self._stream.close()

    def _write_now(self) -> None:
        """In the hub, which must not wait: what the socket does not take is left to the writer."""
        if self.connection.broken:
            return
        self._unsent = self._take_out()
        try:
            if self._is_bare:
                self._unsent = self._unsent[os.write(self._stream.fileno(), self._unsent) :]
        except BlockingIOError:
            pass
        except OSError as error:
            self._lose_sending(error)
            return
        if self._unsent:
            self._is_blocked.set()
        else:
            self._is_writing = False

    def _take_out(self) -> bytes:
        out, self.connection.out = self.connection.out, []
        return b"".join(out)

    def _write(self) -> None:
        try:
            while not self.connection.broken:
                self._is_blocked.wait()
                self._is_blocked.clear()
                while self._unsent:
                    self._stream.sendall(self._unsent)
                    self._unsent = self._take_out()
                self._is_writing = False
        except OSError as error:
            self._lose_sending(error)

    def _lose_sending(self, error: OSError) -> None:
        self.close("UNAVAILABLE", f"sendmsg:{error.strerror or error}")

    def _read(self) -> None:
        try:
            while data := self._stream.recv(READ_BYTES):
                self._receive(data)
                if self.connection.is_over:
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

    def _take_leave(self) -> None:
        """The peer hears why before it loses us, unless it does not listen either."""
        self._writer.kill()
        with contextlib.suppress(OSError):
            self._stream.settimeout(LEAVE_TAKING_S)
            self._stream.sendall(self._unsent + self._take_out())
        self.close("UNAVAILABLE", "Socket closed")
