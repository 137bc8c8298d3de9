import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.h2.messages import CompressedError, MessageError, MessageReader, prefixed


@given(st.lists(st.binary(max_size=40), max_size=5), st.data())
def test_messages_do_not_depend_on_how_their_bytes_are_cut(bodies, data):
    wire = b"".join(prefixed(body) for body in bodies)
    cuts = data.draw(st.sets(st.integers(0, len(wire))))
    edges = [0, *sorted(cuts), len(wire)]
    reader = MessageReader()
    made = [
        body
        for a, b in itertools.pairwise(edges)
        for body in reader.feed(wire[a:b])
    ]  # fmt: skip
    assert made == bodies
    assert not reader.is_within_message


def test_half_a_message_is_known_as_such():
    reader = MessageReader()
    assert reader.feed(prefixed(b"abc")[:-1]) == []
    assert reader.is_within_message


@pytest.mark.parametrize(
    ("data", "error"), [(b"\x01\x00\x00\x00\x00", CompressedError), (b"<html>", MessageError)]
)
def test_what_is_no_plain_message_is_refused(data, error):
    with pytest.raises(error):
        MessageReader().feed(data)


def test_a_huge_message_is_put_together_in_time_that_goes_with_its_size():
    wire, reader = prefixed(bytes(50_000_000)), MessageReader()
    made = [
        body for at in range(0, len(wire), 16_384) for body in reader.feed(wire[at : at + 16_384])
    ]
    assert [len(body) for body in made] == [50_000_000]
