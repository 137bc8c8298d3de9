"""Flow control of both directions (RFC 9113, section 5.2): who may still send how much."""

from collections import deque

from grpc_user.h2.frames import (
    DATA,
    END_STREAM,
    FLOW_CONTROL_ERROR,
    LARGEST_WINDOW,
    PeerError,
    frame,
)


class Inflow:
    """What the peer may still send to us, on one stream or on the connection.

    Args:
        window: Bytes it may send ahead of our leave for more.
    """

    __slots__ = ("_window", "left", "owed")

    def __init__(self, window: int) -> None:
        self._window = window
        self.left = window
        self.owed = 0

    def take(self, size: int) -> None:
        """So many bytes came.

        Raises:
            PeerError: when they were more than allowed.
        """
        self.left -= size
        if self.left < 0:
            raise PeerError(FLOW_CONTROL_ERROR, "more data than its window allows")

    def give_back(self, size: int) -> int:
        """So many bytes were used up; the increment to tell the peer, 0 while it is small."""
        self.owed += size
        if self.owed * 2 < self._window:
            return 0
        increment, self.owed = self.owed, 0
        self.left += increment
        return increment


class SendSide:
    """One stream's messages on their way out.

    Args:
        window: As the attribute.
        ended: Whether all there is has left.

    Attributes:
        window: Bytes the peer takes on this stream; below 0 after it made its window smaller.
        waiting: What has not left yet.
        ends: Whether nothing follows what waits.
        ended: Whether END_STREAM has left.
    """

    __slots__ = ("ended", "ends", "waiting", "window")

    def __init__(self, window: int, *, ended: bool = False) -> None:
        self.window = window
        self.waiting: deque[memoryview] = deque()
        self.ends = ended
        self.ended = ended


class Outflow:
    """What we may still send, over all streams of a connection.

    Attributes:
        window: Bytes the peer takes on the connection.
        blocked: Streams with something waiting, in turn.
    """

    def __init__(self, window: int) -> None:
        self.window = window
        self.blocked: dict[int, SendSide] = {}

    def send(self, stream_id: int, side: SendSide, frame_bytes: int, out: list[bytes]) -> None:
        """Put into `out` what the windows allow of what waits; the rest stays waiting."""
        while side.waiting:
            part = side.waiting[0]
            room = min(self.window, side.window, frame_bytes)
            if room <= 0:
                self.blocked[stream_id] = side
                return
            self._send_part(stream_id, side, part, room, out)
        self.blocked.pop(stream_id, None)
        if side.ends and not side.ended:
            side.ended = True
            out.append(frame(DATA, END_STREAM, stream_id))

    def send_blocked(self, frame_bytes: int, out: list[bytes]) -> list[int]:
        """After a window grew: the streams that have nothing waiting any more."""
        before = list(self.blocked.items())
        for stream_id, side in before:
            self.send(stream_id, side, frame_bytes, out)
        return [stream_id for stream_id, _ in before if stream_id not in self.blocked]

    def _send_part(
        self, stream_id: int, side: SendSide, part: memoryview, room: int, out: list[bytes]
    ) -> None:
        taken = bytes(part[:room])
        if room < len(part):
            side.waiting[0] = part[room:]
        else:
            side.waiting.popleft()
        side.ended = side.ends and not side.waiting
        self.window -= len(taken)
        side.window -= len(taken)
        out.append(frame(DATA, END_STREAM if side.ended else 0, stream_id, taken))


def grown(window: int, increment: int) -> int:
    """A window after a change.

    Raises:
        PeerError: when it leaves what 31 bits hold.
    """
    if window + increment > LARGEST_WINDOW:
        raise PeerError(FLOW_CONTROL_ERROR, f"a window above {LARGEST_WINDOW}")
    return window + increment
