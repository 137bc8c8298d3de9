import contextlib
import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grpc_user.h2 import frames
from grpc_user.h2.frame_reader import MOST_BLOCK_BYTES, FrameReader
from grpc_user.h2.frames import PeerError, frame

ONE_OF_EACH = (
    frame(frames.SETTINGS, 0, 0, bytes(12))
    + frame(frames.HEADERS, frames.END_HEADERS, 1, b"block")
    + frame(frames.DATA, frames.PADDED, 1, b"\x03data" + bytes(3))
    + frame(0xFA, 0xFF, 9, b"unknown")
    + frame(frames.HEADERS, frames.PADDED | frames.WITH_PRIORITY, 3, b"\x02" + bytes(5) + b"he..")
    + frame(frames.CONTINUATION, 0, 3, b"ad")
    + frame(frames.CONTINUATION, frames.END_HEADERS, 3, b"ers")
    + frame(frames.PING, 0, 0, b"12345678")
    + frame(frames.DATA, frames.END_STREAM, 1, b"")
)

READ = [
    (frames.SETTINGS, 0, b"\x00" * 12),
    (frames.HEADERS, 1, b"block"),
    (frames.DATA, 1, b"data"),
    (frames.HEADERS, 3, b"headers"),
    (frames.PING, 0, b"12345678"),
    (frames.DATA, 1, b""),
]


def read(*parts):
    reader = FrameReader()
    return [made for part in parts for made in reader.frames(part)]


@given(st.sets(st.integers(1, len(ONE_OF_EACH) - 1)))
def test_frames_do_not_depend_on_how_their_bytes_are_cut(cuts):
    edges = [0, *sorted(cuts), len(ONE_OF_EACH)]
    parts = [ONE_OF_EACH[a:b] for a, b in itertools.pairwise(edges)]
    made = [(kind, stream, payload) for kind, _, stream, payload, _ in read(*parts)]
    assert made == READ


def test_padding_counts_for_flow_control():
    ((*_, size),) = read(frame(frames.DATA, frames.PADDED, 1, b"\x03data" + bytes(3)))
    assert size == 8


@given(st.lists(st.binary(max_size=60), max_size=8))
@example([frames.PREFACE])
def test_garbage_ends_in_frames_or_in_a_clear_failure(parts):
    with contextlib.suppress(PeerError):
        for kind, _, _, payload, size in read(*parts):
            assert kind < frames.CONTINUATION
            assert len(payload) <= size


@pytest.mark.parametrize(
    ("bad", "code", "text"),
    [
        (frame(frames.DATA, 0, 0, b"x"), frames.PROTOCOL_ERROR, "on stream 0"),
        (frame(frames.HEADERS, 4, 0, b"x"), frames.PROTOCOL_ERROR, "on stream 0"),
        (frame(frames.SETTINGS, 0, 1), frames.PROTOCOL_ERROR, "on stream 1"),
        (frame(frames.SETTINGS, 0, 0, b"12345"), frames.FRAME_SIZE_ERROR, "5 bytes"),
        (frame(frames.SETTINGS, 1, 0, bytes(6)), frames.FRAME_SIZE_ERROR, "6 bytes"),
        (frame(frames.PING, 0, 0, b"1234567"), frames.FRAME_SIZE_ERROR, "7 bytes"),
        (frame(frames.GOAWAY, 0, 0, b"1234567"), frames.FRAME_SIZE_ERROR, "7 bytes"),
        (frame(frames.RST_STREAM, 0, 1, b"123"), frames.FRAME_SIZE_ERROR, "3 bytes"),
        (frame(frames.WINDOW_UPDATE, 0, 1, b"123"), frames.FRAME_SIZE_ERROR, "3 bytes"),
        (frame(frames.DATA, 8, 1, b""), frames.FRAME_SIZE_ERROR, "padding's length"),
        (frame(frames.DATA, 8, 1, b"\x01"), frames.PROTOCOL_ERROR, "padding longer"),
        (frame(frames.HEADERS, 0x24, 1, b"1234"), frames.FRAME_SIZE_ERROR, "priority"),
        (frame(frames.DATA, 0, 1, bytes(16_385)), frames.FRAME_SIZE_ERROR, "16385 bytes"),
        (frame(frames.CONTINUATION, 4, 1, b"x"), frames.PROTOCOL_ERROR, "without HEADERS"),
        (
            frame(frames.HEADERS, 0, 1, b"x") + frame(frames.PING, 0, 0, bytes(8)),
            frames.PROTOCOL_ERROR,
            "inside a header block",
        ),
        (
            frame(frames.HEADERS, 0, 1, b"x") + frame(frames.CONTINUATION, 4, 3, b"y"),
            frames.PROTOCOL_ERROR,
            "inside a header block",
        ),
        (b"HTTP/1.1 400 Bad Request\r\n", frames.PROTOCOL_ERROR, "speaks HTTP/1"),
    ],
)
def test_a_breach_of_framing_is_named(bad, code, text):
    with pytest.raises(PeerError, match=text) as raised:
        read(bad)
    assert raised.value.code == code


def test_a_header_block_without_end_is_cut_short():
    more = frame(frames.CONTINUATION, 0, 1, bytes(16_000))
    parts = [frame(frames.HEADERS, 0, 1, b"x"), *[more] * (MOST_BLOCK_BYTES // 16_000 + 1)]
    with pytest.raises(PeerError, match="a header block above"):
        read(*parts)


@given(st.binary(max_size=300), st.integers(10, 40))
def test_a_long_block_of_ours_is_read_back_whole(block, limit):
    made = frames.header_frames(5, block, limit, end_stream=True)
    ((kind, flags, stream, payload, _),) = read(made)
    assert (kind, stream, payload) == (frames.HEADERS, 5, block)
    assert flags & frames.END_STREAM
