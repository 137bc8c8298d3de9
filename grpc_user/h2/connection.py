"""One HTTP/2 connection of a gRPC client, without its socket: bytes in, bytes out, calls between.

RFC 9113 throughout. What the peer may not do ends the connection and every call on it, with the
reason in each call's details.
"""

from collections.abc import Callable

from grpc_user.h2 import frames, peer_settings
from grpc_user.h2.exchange import AWAITS_HEADERS, AWAITS_MESSAGE, TAKES_CARE, Exchange
from grpc_user.h2.flow import Inflow, Outflow, grown
from grpc_user.h2.frame_reader import FrameReader
from grpc_user.h2.frames import PROTOCOL_ERROR, Frame, PeerError
from grpc_user.h2.headers import HeaderDecoder, Headers
from grpc_user.h2.incoming import STREAM_WINDOW
from grpc_user.h2.messages import PREFIX_BYTES, prefixed
from grpc_user.h2.peer_settings import PeerSettings
from grpc_user.h2.plain_calls import PlainReplies, call_bytes
from grpc_user.h2.status import status_of_reset

CONNECTION_WINDOW = 1 << 26
"""Bytes that a peer may send ahead on all streams together; each stream has its own bound."""

LAST_STREAM_ID = 2**31 - 1

OUR_SETTINGS = (
    (peer_settings.HEADER_TABLE_SIZE, 0),
    (peer_settings.ENABLE_PUSH, 0),
    (peer_settings.INITIAL_WINDOW_SIZE, STREAM_WINDOW),
)


class Connection:
    """Carries calls until the peer leaves or breaks the protocol.

    Args:
        limit_changed: Told how many calls the peer allows at once, with each of its SETTINGS.

    Attributes:
        out: What is to be written, in order; the shell takes it.
        exchanges: Calls under way, by stream.
        takes_calls: Whether a further call may begin.
        is_ready: Whether the peer's first SETTINGS are here.
        is_leaving: Whether it takes no further calls.
        broken: Why it is of no more use, or "".
    """

    def __init__(self, limit_changed: Callable[[int], None] = lambda _: None) -> None:
        self._limit_changed = limit_changed
        self._reader = FrameReader()
        self._plain = PlainReplies()
        self._decoder = HeaderDecoder()
        self._settings = PeerSettings()
        self._inflow = Inflow(CONNECTION_WINDOW)
        self._outflow = Outflow(frames.DEFAULT_WINDOW)
        self._next_id = 1
        self._handlers = {
            frames.DATA: self._on_data,
            frames.HEADERS: self._on_headers,
            frames.RST_STREAM: self._on_reset,
            frames.SETTINGS: self._on_settings,
            frames.PUSH_PROMISE: self._on_push,
            frames.PING: self._on_ping,
            frames.GOAWAY: self._on_goaway,
            frames.WINDOW_UPDATE: self._on_window_update,
        }
        self.exchanges: dict[int, Exchange] = {}
        self.takes_calls = False
        self.is_ready = False
        self.is_leaving = False
        self.broken = ""
        more = CONNECTION_WINDOW - frames.DEFAULT_WINDOW
        self.out: list[bytes] = [
            frames.PREFACE,
            frames.settings(OUR_SETTINGS),
            frames.window_update(0, more),
        ]

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be said or heard on it."""
        return bool(self.broken) or (self.is_leaving and not self.exchanges)

    def begin(self, exchange: Exchange, block: bytes, body: bytes | None) -> None:
        """Send a call.

        Args:
            exchange: The call.
            block: Its headers.
            body: Its only message; None where messages follow by `send_message`.
        """
        stream_id = exchange.stream_id = self._next_id
        self._next_id = stream_id + 2
        if stream_id + 2 > LAST_STREAM_ID:
            self._leave()
        self.exchanges[stream_id] = exchange
        exchange.window = self._settings.initial_window
        if body is None or not self._fits(exchange, block, body):
            self._begin_in_parts(exchange, block, body)
            return
        data_bytes = len(body) + PREFIX_BYTES
        self._outflow.window -= data_bytes
        exchange.window -= data_bytes
        exchange.step = TAKES_CARE if exchange.tells_messages else AWAITS_HEADERS
        self.out.append(call_bytes(stream_id, block, body))

    def send_message(self, exchange: Exchange, body: bytes) -> None:
        """Send one message, as far as the windows allow; the rest waits (`outgoing.waiting`)."""
        exchange.outgoing.waiting.append(memoryview(prefixed(body)))
        self._send(exchange)

    def end_messages(self, exchange: Exchange) -> None:
        """No further message follows."""
        exchange.outgoing.ends = True
        self._send(exchange)

    def take_message(self, exchange: Exchange) -> bytes:
        """Read a reply, so that the peer may send more; IndexError without one."""
        body = exchange.pop_message()
        if exchange.stream_id in self.exchanges:
            self._release(exchange, 0)
        return body

    def cancel(self, exchange: Exchange, code: str, details: str) -> None:
        """End a call from our side; harmless when it is over."""
        if self.exchanges.get(exchange.stream_id) is exchange:
            self._drop(exchange)
            self.out.append(frames.rst_stream(exchange.stream_id, frames.CANCEL))
        exchange.finish(code, details)

    def receive(self, data: bytes) -> None:
        """Take in what the peer sent; see `broken` afterwards. After a breach nothing counts."""
        if self.broken:
            return
        try:
            self._receive(self._reader.joined(data))
        except PeerError as error:
            self.out.append(frames.goaway(error.code, str(error)))
            self.lose("UNAVAILABLE", f"Stream removed (the peer broke HTTP/2: {error})")

    def lose(self, code: str, details: str) -> None:
        """The connection is gone, and every call on it with this status."""
        self.broken = self.broken or details
        self.takes_calls = False
        left = list(self.exchanges.values())
        self.exchanges.clear()
        for exchange in left:
            exchange.finish(code, details)

    def _leave(self) -> None:
        self.is_leaving = True
        self.takes_calls = False

    def _fits(self, exchange: Exchange, block: bytes, body: bytes) -> bool:
        """Whether it can leave whole now, as most calls can."""
        data_bytes, limit = len(body) + PREFIX_BYTES, self._settings.frame_bytes
        return (
            data_bytes <= self._outflow.window
            and data_bytes <= exchange.window
            and data_bytes <= limit
            and len(block) <= limit
        )

    def _begin_in_parts(self, exchange: Exchange, block: bytes, body: bytes | None) -> None:
        limit = self._settings.frame_bytes
        self.out.append(frames.header_frames(exchange.stream_id, block, limit, end_stream=False))
        exchange.sends_more()
        if body is not None:
            exchange.outgoing.ends = True
            self.send_message(exchange, body)

    def _receive(self, buffer: bytes) -> None:
        reader, at = self._reader, 0
        while True:
            if not reader.is_within_block:
                at = self._receive_plain(buffer, at)
            after = reader.end_of_frame(buffer, at)
            if after is None:
                break
            self._receive_frame(reader.read(buffer, at, after))
            at = after
        reader.keep(buffer, at)

    def _receive_plain(self, buffer: bytes, at: int) -> int:
        plain = self._plain
        try:
            return plain.take(buffer, at, self.exchanges)
        finally:
            data_bytes, plain.data_bytes = plain.data_bytes, 0
            self._take_data(data_bytes)

    def _receive_frame(self, found: Frame | None) -> None:
        if found is None:
            return
        kind, flags, stream_id, payload, size = found
        if not self.is_ready and kind != frames.SETTINGS:
            raise PeerError(PROTOCOL_ERROR, "the first frame is not SETTINGS")
        handler = self._handlers.get(kind)
        if handler is not None:
            handler(flags, stream_id, payload, size)

    def _take_data(self, size: int) -> None:
        self._inflow.take(size)
        increment = self._inflow.give_back(size)
        if increment:
            self.out.append(frames.window_update(0, increment))

    def _send(self, exchange: Exchange) -> None:
        self._outflow.send(
            exchange.stream_id, exchange.outgoing, self._settings.frame_bytes, self.out
        )

    def _send_blocked(self) -> None:
        for stream_id in self._outflow.send_blocked(self._settings.frame_bytes, self.out):
            exchange = self.exchanges.get(stream_id)
            if exchange is not None:
                exchange.changed()

    def _drop(self, exchange: Exchange) -> None:
        self.exchanges.pop(exchange.stream_id, None)
        self._outflow.blocked.pop(exchange.stream_id, None)

    def _known(self, stream_id: int) -> Exchange | None:
        """The call on a stream; None when it is over, as it may well be."""
        exchange = self.exchanges.get(stream_id)
        if exchange is None and (stream_id % 2 == 0 or stream_id >= self._next_id):
            raise PeerError(PROTOCOL_ERROR, f"a frame on stream {stream_id}, which is not open")
        return exchange

    def _after(self, exchange: Exchange, *, ended_by_peer: bool) -> None:
        """Close the stream of a call that has its status."""
        if exchange.status is None:
            return
        self._drop(exchange)
        if not (ended_by_peer and exchange.outgoing.ended):
            self.out.append(frames.rst_stream(exchange.stream_id, frames.CANCEL))

    def _on_headers(self, flags: int, stream_id: int, payload: bytes, _size: int) -> None:
        exchange = self._known(stream_id)
        headers = self._decoder.decode(payload)
        if exchange is not None:
            ends = bool(flags & frames.END_STREAM)
            exchange.received_headers(headers, ends=ends)
            self._learn(payload, exchange, headers)
            self._after(exchange, ended_by_peer=ends)

    def _learn(self, block: bytes, exchange: Exchange, headers: Headers) -> None:
        """The next block like this one can be taken in the short way."""
        if exchange.trailers is headers:
            self._plain.know_trailers(block, headers)
        elif exchange.initial is headers and exchange.step == AWAITS_MESSAGE:
            self._plain.know_answer(block, headers)

    def _on_data(self, flags: int, stream_id: int, payload: bytes, size: int) -> None:
        exchange = self._known(stream_id)
        self._take_data(size)
        if exchange is None:
            return
        exchange.incoming.take(size)
        ends = bool(flags & frames.END_STREAM)
        exchange.received_data(payload, ends=ends)
        if exchange.status is None:
            self._release(exchange, size)
        else:
            self._after(exchange, ended_by_peer=ends)

    def _release(self, exchange: Exchange, size: int) -> None:
        increment = exchange.incoming.release(size)
        if increment:
            self.out.append(frames.window_update(exchange.stream_id, increment))

    def _on_reset(self, _flags: int, stream_id: int, payload: bytes, _size: int) -> None:
        exchange = self._known(stream_id)
        if exchange is not None:
            self._drop(exchange)
            exchange.finish(*status_of_reset(int.from_bytes(payload, "big")))

    def _on_settings(self, flags: int, _stream_id: int, payload: bytes, _size: int) -> None:
        if flags & frames.ACK:
            return
        self.is_ready = True
        self.takes_calls = not (self.is_leaving or self.broken)
        before = self._settings.initial_window
        self._settings.update(payload)
        self._shift_windows(self._settings.initial_window - before)
        self.out.append(frames.frame(frames.SETTINGS, frames.ACK, 0))
        self._limit_changed(self._settings.stream_limit)
        self._send_blocked()

    def _shift_windows(self, change: int) -> None:
        for exchange in self.exchanges.values():
            exchange.outgoing.window = grown(exchange.outgoing.window, change)

    def _on_push(self, _flags: int, _stream_id: int, _payload: bytes, _size: int) -> None:
        raise PeerError(PROTOCOL_ERROR, "a pushed stream, which we do not allow")

    def _on_ping(self, flags: int, _stream_id: int, payload: bytes, _size: int) -> None:
        if not flags & frames.ACK:
            self.out.append(frames.frame(frames.PING, frames.ACK, 0, payload))

    def _on_goaway(self, _flags: int, _stream_id: int, payload: bytes, _size: int) -> None:
        """Calls above the peer's last were not processed; those below go on."""
        self._leave()
        last = int.from_bytes(payload[:4], "big") & frames.STREAM_ID_BITS
        error, text = int.from_bytes(payload[4:8], "big"), payload[8:].decode(errors="replace")
        for exchange in [one for one in self.exchanges.values() if one.stream_id > last]:
            self._drop(exchange)
            exchange.finish(
                "UNAVAILABLE", f"GOAWAY received; error code {error}; not processed; {text}"
            )

    def _on_window_update(self, _flags: int, stream_id: int, payload: bytes, _size: int) -> None:
        increment = int.from_bytes(payload, "big") & frames.STREAM_ID_BITS
        exchange = self._known(stream_id) if stream_id else None
        if increment == 0:
            raise PeerError(PROTOCOL_ERROR, "a window grown by nothing")
        if stream_id == 0:
            self._outflow.window = grown(self._outflow.window, increment)
        elif exchange is not None:
            exchange.outgoing.window = grown(exchange.outgoing.window, increment)
        self._send_blocked()
