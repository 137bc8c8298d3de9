"""A server whose windows open slowly, close and open again under a call, over both transports."""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack

import gevent
import pytest

from grpc_user.transport import CallSpec
from tests.grpc_user.answers import (
    ANSWER,
    INITIAL_WINDOW_SIZE,
    MAX_FRAME_SIZE,
    WINDOW_UPDATE,
    Made,
    alone,
    of,
    settings,
)
from tests.grpc_user.raw_server import ACK, DATA, SETTINGS

FOR_EACH_TRANSPORT = True

ONE = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=5)
REQUEST = bytes(300_000)
ON_THE_WIRE = len(REQUEST) + 5
FIRST_WINDOW = 65_535
REST_S = 0.02  # long enough for all that a window allows to arrive


@dataclass(frozen=True)
class Step:
    """What a server says once all has come that it allowed so far."""

    frames: Sequence[Made]
    room: int = 0


def grow(room: int) -> Step:
    """So many bytes more on stream and connection."""
    size = pack(">I", room)
    return Step((of(WINDOW_UPDATE, size), alone(WINDOW_UPDATE, size)), room)


class Windows:
    """A server that goes through the steps, and notes where more came than was allowed.

    Args:
        start: Starts a raw server.
        steps: One after another.
        first_settings: What it declares at the beginning.
    """

    def __init__(self, start, steps: Sequence[Step], first_settings: bytes = b"") -> None:
        self._steps = steps
        self.overdrawn: list[tuple[int, int]] = []
        self.server = start(self._respond, first_settings)

    @property
    def came(self):
        return sum(size for kind, _, _, size in self.server.heard if kind == DATA)

    def _respond(self, connection, stream):
        # The server goes on reading meanwhile.
        gevent.spawn(self._open, connection, stream)

    def _open(self, connection, stream):
        allowed = FIRST_WINDOW
        for step in self._steps:
            gevent.sleep(REST_S)
            if self.came > allowed:
                self.overdrawn.append((self.came, allowed))
            say(connection, stream, step.frames)
            allowed += step.room
        while self.came < ON_THE_WIRE:
            gevent.sleep(REST_S)
        say(connection, stream, ANSWER)


def say(connection, stream, frames):
    connection.sendall(b"".join(one(stream) for one in frames))


def call(transport, windows):
    transport = transport(f"127.0.0.1:{windows.server.port}", connections="1")
    return transport.call(ONE, REQUEST, lambda *_: None)


def test_a_request_arrives_whole_however_slowly_it_is_taken(raw_server, new_transport):
    windows = Windows(raw_server, [grow(room) for room in (1, 10_000, 99, 30_000, 200_000)])
    assert call(new_transport, windows).code == "OK"
    assert windows.came == ON_THE_WIRE
    assert windows.overdrawn == []


def test_a_stream_whose_window_shrinks_below_what_was_sent_waits_for_all_of_it(
    raw_server, new_transport
):
    closes = Step([settings(INITIAL_WINDOW_SIZE, 0), alone(WINDOW_UPDATE, pack(">I", 1_000_000))])
    gives_back = Step([of(WINDOW_UPDATE, pack(">I", FIRST_WINDOW))])  # from below 0 to 0
    opens = Step([settings(INITIAL_WINDOW_SIZE, 1_000_000)])
    windows = Windows(raw_server, [closes, gives_back, Step([]), opens])
    assert call(new_transport, windows).code == "OK"
    assert windows.came == ON_THE_WIRE
    assert windows.overdrawn == []


@pytest.mark.parametrize("largest", [16_384, 40_000])
def test_no_frame_is_larger_than_the_server_takes(raw_server, new_transport, largest):
    windows = Windows(raw_server, [grow(1_000_000)], pack(">HI", MAX_FRAME_SIZE, largest))
    assert call(new_transport, windows).code == "OK"
    assert max(size for kind, _, _, size in windows.server.heard if kind == DATA) <= largest


def test_a_largest_frame_that_shrinks_under_a_call_holds_once_it_is_acknowledged(
    raw_server, new_transport
):
    steps = [
        Step([settings(MAX_FRAME_SIZE, 60_000)]),
        grow(100_000),
        Step([settings(MAX_FRAME_SIZE, 16_384)]),
        grow(200_000),
    ]
    windows = Windows(raw_server, steps)
    assert call(new_transport, windows).code == "OK"
    heard = windows.server.heard
    last_ack = max(at for at, one in enumerate(heard) if one[:2] == (SETTINGS, ACK))
    after = [size for kind, _, _, size in heard[last_ack:] if kind == DATA]
    assert sum(after) > 100_000
    assert max(after) <= 16_384


def test_settings_are_acknowledged_each_time(raw_server, new_transport, eventually):
    again = Step([settings(INITIAL_WINDOW_SIZE, 100_000)])
    windows = Windows(raw_server, [again, again, grow(1_000_000)])
    assert call(new_transport, windows).code == "OK"

    def acknowledged():
        return [one for one in windows.server.heard if one[:2] == (SETTINGS, ACK)]

    # Of the look beforehand, of the connection, and of the two in mid-call.
    assert eventually(lambda: len(acknowledged()) == 4)
