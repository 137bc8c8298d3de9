import contextlib

import hpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.h2 import headers
from grpc_user.h2.frames import PeerError
from grpc_user.h2.headers import HeaderDecoder, HeaderEncoder, timeout_text

UNITS_S = {"u": 1e-6, "m": 1e-3, "S": 1.0}


def peer_block(*pairs):
    """As a peer makes it that was allowed no table."""
    encoder = hpack.Encoder()
    encoder.header_table_size = 0
    return encoder.encode(pairs)


def read_back(block):
    """By a decoder with a table, as servers have one."""
    return hpack.Decoder().decode(block, raw=True)


def test_grpcs_words_and_the_applications_are_told_apart():
    block = peer_block(
        (":status", "200"),
        ("content-type", "application/grpc+proto"),
        ("grpc-encoding", "gzip"),
        ("mine", "a"),
        ("mine", "b"),
        ("raw-bin", "AP8"),
    )
    made = HeaderDecoder().decode(block)
    assert (made.http_status, made.content_type, made.encoding) == (
        "200", "application/grpc+proto", "gzip",
    )  # fmt: skip
    assert made.metadata == (("mine", "a"), ("mine", "b"), ("raw-bin", b"\x00\xff"))
    assert made.grpc_status is None


def test_equal_blocks_are_decoded_once():
    decoder, block = HeaderDecoder(), peer_block(("grpc-status", "0"))
    assert decoder.decode(block) is decoder.decode(block)


def test_what_is_kept_for_equal_blocks_is_bounded():
    decoder = HeaderDecoder()
    for k in range(3 * headers.MOST_CACHED):
        assert decoder.decode(peer_block(("date", str(k)))).metadata == (("date", str(k)),)
    assert len(decoder._known) <= headers.MOST_CACHED


def test_huffman_and_the_static_table_are_read():
    encoder = hpack.Encoder()
    encoder.header_table_size = 0
    block = encoder.encode([(":status", "200"), ("grpc-message", "hello there")], huffman=True)
    made = HeaderDecoder().decode(block)
    assert (made.http_status, made.grpc_message) == ("200", "hello there")


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(b"\xbe", id="an-entry-of-a-table-we-do-not-allow"),
        pytest.param(b"\x3f\xe1\x1f", id="a-table-we-do-not-allow"),
        pytest.param(b"\x00\x7f", id="cut-off"),
        pytest.param(b"\x80", id="entry-0"),
    ],
)
def test_what_does_not_decode_is_a_clear_failure(block):
    with pytest.raises(PeerError, match="headers do not decode"):
        HeaderDecoder().decode(block)


@given(st.binary(max_size=80))
def test_any_bytes_decode_or_fail_clearly(block):
    with contextlib.suppress(PeerError):
        HeaderDecoder().decode(block)


def test_a_call_says_what_grpc_demands():
    block = HeaderEncoder("http", "me:80", "agent").block("/p.S/M", 30.0, (("a", "b"),))
    assert read_back(block) == [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":path", b"/p.S/M"),
        (b":authority", b"me:80"),
        (b"te", b"trailers"),
        (b"content-type", b"application/grpc"),
        (b"user-agent", b"agent"),
        (b"grpc-timeout", b"30000000u"),
        (b"a", b"b"),
    ]


@given(st.integers(0, 40_000), st.binary(max_size=200))
def test_metadata_of_any_length_arrives(size, binary):
    given_ = (("long", "x" * size), ("some-bin", binary))
    block = HeaderEncoder("http", "me", "agent").block("/s/m", None, given_)
    peer = HeaderDecoder()
    assert peer.decode(block).metadata[-2:] == given_


@pytest.mark.parametrize(
    "pair",
    [(":path", "/x"), ("Upper", "x"), ("", "x"), ("a b", "x"), ("a", "x\ny"), ("a", "\u00f6")],
)
def test_metadata_that_http_cannot_carry_is_refused(pair):
    with pytest.raises(ValueError, match="metadata was invalid"):
        HeaderEncoder("http", "me", "agent").block("/s/m", None, (pair,))


@given(st.floats(1e-9, 1e9))
def test_a_deadline_is_at_most_eight_digits_and_never_shorter_than_asked(timeout_s):
    text = timeout_text(timeout_s)
    assert len(text) <= 9
    said_s = int(text[:-1]) * UNITS_S[text[-1]]
    if timeout_s < 99_999_999:
        assert timeout_s * (1 - 1e-9) <= said_s <= timeout_s * 1.0001 + 1e-6
