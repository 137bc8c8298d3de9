"""The hub as its engine knows it: what it says, and whether it is still there."""

import contextlib
import socket
from collections.abc import Callable, Mapping
from typing import Any

from grpc_user.engine import control
from grpc_user.engine.loop import Loop

READ_BYTES = 1 << 16
Message = Mapping[str, Any]


class Hub:
    """The other end of the control socket.

    Args:
        loop: The engine's.
        stream: The socket.
        told: Called with each message.
        gone: Called once, when the hub has closed its end or died.

    Attributes:
        is_gone: Whether that has happened.
    """

    def __init__(
        self,
        loop: Loop,
        stream: socket.socket,
        told: Callable[[Message], None],
        gone: Callable[[], None],
    ) -> None:
        self.is_gone = False
        self._loop = loop
        self._stream = stream
        self._told = told
        self._gone = gone
        self._messages = control.MessageReader()
        stream.setblocking(False)
        loop.watch(stream.fileno(), self._on_ready)

    def tell_problems(self, problems: tuple[str, ...]) -> None:
        """Why nothing can be sent, or, with none, that we are ready."""
        with contextlib.suppress(OSError):
            self._stream.sendall(control.encoded(control.PROBLEMS, problems=problems))

    def _on_ready(self, _: int) -> None:
        try:
            data = self._stream.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        for message in self._messages.feed(data):
            self._told(message)
        if not data:
            self.is_gone = True
            self._loop.forget(self._stream.fileno())
            self._gone()
