"""What came of one reply's body, and how much more of it may come."""

from collections import deque
from collections.abc import Iterable

from grpc_user.h2.flow import Inflow
from grpc_user.h2.messages import PREFIX_BYTES, MessageReader

STREAM_WINDOW = 1 << 20
"""Bytes that a peer may send ahead on one stream, read or not."""


class Incoming:
    """The messages of one stream on their way to their reader.

    Args:
        whole: Messages that came whole already, each in a frame of its own.

    Attributes:
        messages: Replies not read yet.
        unread_bytes: Their size.
    """

    __slots__ = ("_inflow", "_reader", "_unreleased", "messages", "unread_bytes")

    def __init__(self, whole: Iterable[bytes] = ()) -> None:
        self.messages = deque(whole)
        self.unread_bytes = sum(map(len, self.messages))
        self._reader = MessageReader()
        self._inflow = Inflow(STREAM_WINDOW)
        self._unreleased = self.unread_bytes + PREFIX_BYTES * len(self.messages)
        self._inflow.take(self._unreleased)

    @property
    def is_within_message(self) -> bool:
        """Whether part of a message is here and its rest is not."""
        return self._reader.is_within_message

    def take(self, size: int) -> None:
        """So many bytes came.

        Raises:
            PeerError: when they were more than allowed.
        """
        self._inflow.take(size)

    def feed(self, data: bytes) -> bool:
        """Put messages together; whether at least one is complete now.

        Raises:
            CompressedError, MessageError: see `messages`.
        """
        made = self._reader.feed(data)
        self.messages.extend(made)
        self.unread_bytes += sum(map(len, made))
        return bool(made)

    def release(self, size: int) -> int:
        """So many bytes came; what the peer may send more because of that, 0 while little.

        A reader that is slower than its peer holds it back: what lies unread counts against it.
        """
        self._unreleased += size
        if self.unread_bytes * 2 > STREAM_WINDOW:
            return 0
        released, self._unreleased = self._unreleased, 0
        return self._inflow.give_back(released)

    def pop(self) -> bytes:
        """The oldest reply that was not read; IndexError without one."""
        body = self.messages.popleft()
        self.unread_bytes -= len(body)
        return body
