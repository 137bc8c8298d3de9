"""A way to the API server that a test can cut and restore."""

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PIECE_BYTES = 1 << 16


class Relay:
    """Listens on loopback and carries each connection to `host:port`, unless it is cut."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self.port = self._listener.getsockname()[1]

    def cut(self) -> None:
        """Break all connections; new ones are closed at once."""
        self._is_cut = True
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def restore(self) -> None:
        """Carry new connections again."""
        self._is_cut = False

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                near.close()
            else:
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def close(self) -> None:
        """End all of it."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _carry(self, near: socket.socket) -> None:
        with near, socket.create_connection(self._to) as far:
            ends = {near, far}
            self._open |= ends
            with contextlib.suppress(OSError):
                _copy(near, far)
            self._open -= ends


def _copy(near: socket.socket, far: socket.socket) -> None:
    """Both ways until one side ends."""
    with selectors.DefaultSelector() as readable:
        readable.register(near, selectors.EVENT_READ, far)
        readable.register(far, selectors.EVENT_READ, near)
        while True:
            for key, _ in readable.select():
                piece = key.fileobj.recv(PIECE_BYTES)
                if not piece:
                    return
                key.data.sendall(piece)


@contextmanager
def relay_to(host: str, port: int) -> Iterator[Relay]:
    """A relay while the block runs."""
    made = Relay(host, port)
    threading.Thread(target=made.serve, daemon=True).start()
    try:
        yield made
    finally:
        made.close()
