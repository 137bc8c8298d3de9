"""Header blocks: what gRPC needs of a peer's, and ours, made without any table.

We allow the peer no dynamic table (SETTINGS_HEADER_TABLE_SIZE = 0), so equal blocks mean equal
headers, and a look-up replaces most decoding. Ours use no table either (RFC 7541, section 6.2.2:
literals without indexing): they depend on nothing that came before.
"""

import base64
import binascii
import math
import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

import hpack

from grpc_user.h2.frames import COMPRESSION_ERROR, PeerError
from grpc_user.transport import Metadata

MOST_CACHED = 512
LARGEST_CACHED_BYTES = 4096
PREFIX_MOST = 0x7F  # seven bits
MORE_FOLLOWS = 0x80
SHORT_LENGTHS = tuple(bytes((size,)) for size in range(PREFIX_MOST))
GRPC_CONTENT = "application/grpc"
BINARY = "-bin"

Key = TypeVar("Key", bound=Hashable)
Known = TypeVar("Known")

VALID_NAME = re.compile(r"[0-9a-z_.-]+")
VALID_VALUE = re.compile(rb"[\x20-\x7e]*")

# Said by the protocol, not by the application (gRPC over HTTP/2).
_NOT_METADATA = frozenset(
    (
        "content-type",
        "grpc-status",
        "grpc-message",
        "grpc-encoding",
        "grpc-accept-encoding",
        "accept-encoding",
        "te",
    )
)


@dataclass(frozen=True, slots=True)
class Headers:
    """One block of a peer's.

    Attributes:
        http_status: ":status"; None in trailers.
        grpc_status: As text; None where there is none.
        grpc_message: Still percent-encoded.
        content_type: None where there is none.
        encoding: "grpc-encoding", "identity" where there is none.
        metadata: All that the application said; binary values are bytes.
    """

    http_status: str | None
    grpc_status: str | None
    grpc_message: str
    content_type: str | None
    encoding: str
    metadata: Metadata

    @property
    def is_grpc(self) -> bool:
        """Whether messages follow, not some page of a proxy's."""
        return (self.content_type or "").startswith(GRPC_CONTENT)


class HeaderDecoder:
    """Decodes a connection's blocks, each distinct one once."""

    def __init__(self) -> None:
        self._decoder = hpack.Decoder()
        self._decoder.max_allowed_table_size = 0
        # Also for a peer that does not announce the smaller table: any use of one then fails.
        self._decoder.header_table_size = 0
        self._known: dict[bytes, Headers] = {}

    def decode(self, block: bytes) -> Headers:
        """The headers of a block.

        Raises:
            PeerError: when it cannot be decoded.
        """
        known = self._known.get(block)
        if known is None:
            known = self._decoded(block)
            keep_block(self._known, block, known)
        return known

    def _decoded(self, block: bytes) -> Headers:
        try:
            pairs = self._decoder.decode(block, raw=True)
        except (hpack.HPACKError, IndexError, ValueError) as error:
            raise PeerError(COMPRESSION_ERROR, f"headers do not decode: {_reason(error)}") from None
        return headers_of([(name.decode("latin-1"), value) for name, value in pairs])


def keep_block(known: dict[bytes, Known], block: bytes, what: Known) -> None:
    """Remember what a block of a peer's means, within bounds of memory."""
    if len(block) <= LARGEST_CACHED_BYTES:
        keep(known, block, what)


def keep(known: dict[Key, Known], key: Key, what: Known) -> None:
    """Remember something; all else is forgotten when it gets too much."""
    if len(known) >= MOST_CACHED:
        known.clear()
    known[key] = what


def _reason(error: Exception) -> str:
    """Its words but for the bytes, which hpack may show by their place in memory."""
    return re.split(r"(?:: | from )(?:<memory|b['\"])", str(error))[0]


def headers_of(pairs: list[tuple[str, bytes]]) -> Headers:
    """Sort decoded pairs into what gRPC and what the application said."""
    said = {name: value.decode("latin-1") for name, value in pairs}
    return Headers(
        http_status=said.get(":status"),
        grpc_status=said.get("grpc-status"),
        grpc_message=said.get("grpc-message", ""),
        content_type=said.get("content-type"),
        encoding=said.get("grpc-encoding", "identity"),
        metadata=tuple(
            (name, _binary(value) if name.endswith(BINARY) else value.decode("latin-1"))
            for name, value in pairs
            if name not in _NOT_METADATA and not name.startswith(":")
        ),
    )


def _binary(value: bytes) -> bytes:
    """Base64 with or without its padding; what is neither stays as it came."""
    try:
        return base64.b64decode(value + b"=" * (-len(value) % 4), validate=True)
    except binascii.Error:
        return value


class HeaderEncoder:
    """Request headers of one connection's target.

    Args:
        scheme: "http" or "https".
        authority: The :authority.
        user_agent: As sent.
    """

    def __init__(self, scheme: str, authority: str, user_agent: str) -> None:
        self._before = _literals((":method", "POST"), (":scheme", scheme))
        self._after = _literals(
            (":authority", authority),
            ("te", "trailers"),
            ("content-type", "application/grpc"),
            ("user-agent", user_agent),
        )
        self._known: dict[tuple[str, float | None], bytes] = {}
        self._names: dict[str, bytes] = {}  # of text: their part of a literal

    def block(self, path: str, timeout_s: float | None, metadata: Metadata) -> bytes:
        """The header block of a call.

        Raises:
            ValueError: for metadata that HTTP/2 cannot carry, as grpcio raises it.
        """
        known = self._known.get((path, timeout_s))
        if known is None:
            known = self._block_without_metadata(path, timeout_s)
            keep(self._known, (path, timeout_s), known)
        if not metadata:
            return known
        made = [known]
        for name, value in metadata:
            start = self._names.get(name)
            if start is None or not isinstance(value, str) or not is_valid_text(value):
                made.append(self._literal(name, value))
            else:
                made += start, _length(len(value)), value.encode()
        return b"".join(made)

    def _block_without_metadata(self, path: str, timeout_s: float | None) -> bytes:
        made = self._before + _literals((":path", path)) + self._after
        if timeout_s is None:
            return made
        return made + _literals(("grpc-timeout", timeout_text(timeout_s)))

    def _literal(self, name: str, value: str | bytes) -> bytes:
        """One with a look at its name, which is remembered for the next text."""
        data = _text(name, value)
        if not name.endswith(BINARY):
            keep(self._names, name, _name(name))
        return _literal(name, data)


def is_valid_text(value: str) -> bool:
    """Whether HTTP/2 carries it as metadata: what can be printed in ASCII."""
    return value.isascii() and value.isprintable()


def timeout_text(timeout_s: float) -> str:
    """grpc-timeout: at most eight digits and a unit; never shorter than asked for."""
    for unit, a_second in (("u", 1_000_000), ("m", 1000), ("S", 1)):
        count = max(1, math.ceil(timeout_s * a_second))
        if count < 10**8:
            return f"{count}{unit}"
    return "99999999S"


def _text(name: str, value: str | bytes) -> bytes:
    if not VALID_NAME.fullmatch(name):
        raise ValueError(f"metadata was invalid: name {name!r}")
    data = value.encode() if isinstance(value, str) else value
    if name.endswith(BINARY):
        return base64.b64encode(data).rstrip(b"=")
    if not VALID_VALUE.fullmatch(data):
        raise ValueError(f"metadata was invalid: value of {name!r}")
    return data


def _literals(*pairs: tuple[str, str]) -> bytes:
    return b"".join(_literal(name, value.encode()) for name, value in pairs)


def _literal(name: str, value: bytes) -> bytes:
    return _name(name) + _length(len(value)) + value


def _name(name: str) -> bytes:
    encoded = name.encode()
    return b"\x00" + _length(len(encoded)) + encoded


def _length(size: int) -> bytes:
    """An integer with a prefix of seven bits (RFC 7541, section 5.1)."""
    if size < PREFIX_MOST:
        return SHORT_LENGTHS[size]
    rest, made = size - PREFIX_MOST, bytearray((PREFIX_MOST,))
    while rest >= MORE_FOLLOWS:
        made.append(rest & PREFIX_MOST | MORE_FOLLOWS)
        rest >>= 7
    made.append(rest)
    return bytes(made)
