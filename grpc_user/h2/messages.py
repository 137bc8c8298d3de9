"""Messages inside DATA: a flag, four bytes of length, the message (gRPC over HTTP/2)."""

PREFIX_BYTES = 5
COMPRESSED = 1


class CompressedError(Exception):
    """A message came compressed, though we never said that we could read that."""


class MessageError(Exception):
    """What came is no message of gRPC's."""


def prefixed(body: bytes) -> bytes:
    """A message ready for DATA, not compressed."""
    return b"\x00" + len(body).to_bytes(4, "big") + body


class MessageReader:
    """Puts messages together from the DATA of one stream."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._held = 0
        self._needed = PREFIX_BYTES

    @property
    def is_within_message(self) -> bool:
        """Whether part of a message is here and its rest is not."""
        return self._held > 0

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that these bytes complete.

        Raises:
            CompressedError, MessageError: see there.
        """
        if not self._held and len(data) >= PREFIX_BYTES:
            size = _size(data)
            if len(data) == PREFIX_BYTES + size:
                return [data[PREFIX_BYTES:]]
        self._parts.append(data)
        self._held += len(data)
        return self._complete() if self._held >= self._needed else []

    def _complete(self) -> list[bytes]:
        whole, at, made = b"".join(self._parts), 0, []
        needed = PREFIX_BYTES
        while len(whole) - at >= PREFIX_BYTES:
            needed = PREFIX_BYTES + _size(whole[at : at + PREFIX_BYTES])
            if len(whole) - at < needed:
                break
            made.append(whole[at + PREFIX_BYTES : at + needed])
            at, needed = at + needed, PREFIX_BYTES
        rest = whole[at:]
        self._parts, self._held, self._needed = [rest] if rest else [], len(rest), needed
        return made


def _size(data: bytes) -> int:
    if data[0] == COMPRESSED:
        raise CompressedError
    if data[0]:
        raise MessageError(f"a message with the flag {data[0]}")
    return int.from_bytes(data[1:PREFIX_BYTES], "big")
