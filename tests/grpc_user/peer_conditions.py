"""What a server may do with a call, right or wrong, and what the call then ends with.

Tests hold both transports against these; docs/transports.md shows them as a table.
"""

import gzip
from dataclasses import dataclass
from struct import pack

from tests.grpc_user import raw_server as raw
from tests.grpc_user.answers import (
    ANSWER,
    BEGIN,
    CONTINUATION,
    FINE,
    INITIAL_WINDOW_SIZE,
    LARGEST,
    MAX_FRAME_SIZE,
    MESSAGE,
    PADDED,
    PING,
    PRIORITY,
    PUSH_PROMISE,
    WINDOW_UPDATE,
    WITH_PRIORITY,
    alone,
    data,
    drips,
    goaway,
    headers,
    of,
    raw_bytes,
    sends,
    sends_and_cuts,
    settings,
    trailers,
)
from tests.grpc_user.raw_server import DATA, END_HEADERS, END_STREAM, HEADERS, RST_STREAM, SETTINGS


@dataclass(frozen=True)
class Condition:
    """What a server does with a call.

    Attributes:
        does: In words.
        respond: What it sends.
        grpcio: Code, failure class and HTTP status that the call ends with over grpcio.
        h2: The same over h2.
    """

    does: str
    respond: raw.Respond
    grpcio: str
    h2: str


def both(does: str, respond: raw.Respond, ends: str = "OK") -> Condition:
    """Something that ends alike over both."""
    return Condition(does, respond, ends, ends)


COMPRESSED = b"\x01" + len(gzip.compress(b"")).to_bytes(4, "big") + gzip.compress(b"")
HALF_MESSAGE = b"\x00\x00\x00\x00\x09abc"
TEXT = raw.field("content-type", "text/html")
RESET = "UNAVAILABLE, reset"
PARSING = "UNKNOWN, reset"
NO_REPLY = "INTERNAL, app"
DEADLINE = "DEADLINE_EXCEEDED, deadline"


def of_error(number: int) -> bytes:
    return pack(">I", number)


ALLOWED = (
    both("answers", sends(*ANSWER)),
    both("answers in single bytes", drips(*ANSWER)),
    both("answers, then cuts the connection", sends_and_cuts(*ANSWER)),
    both(
        "headers and trailers in pieces (CONTINUATION)",
        sends(
            headers(BEGIN[:5], 0),
            of(CONTINUATION, BEGIN[5:9]),
            of(CONTINUATION, BEGIN[9:], END_HEADERS),
            data(),
            headers(FINE[:3], END_STREAM),
            of(CONTINUATION, FINE[3:], END_HEADERS),
        ),
    ),
    Condition(
        "headers with padding",
        sends(headers(b"\x04" + BEGIN + bytes(4), END_HEADERS | PADDED), data(), trailers()),
        "INTERNAL, reset",
        "OK",
    ),
    Condition(
        "data with padding",
        sends(headers(), data(b"\x09" + MESSAGE + bytes(9), PADDED), trailers()),
        "INTERNAL, reset",
        "OK",
    ),
    both(
        "priorities",
        sends(
            headers(bytes(5) + BEGIN, END_HEADERS | WITH_PRIORITY),
            of(PRIORITY, bytes(5)),
            data(),
            trailers(),
        ),
    ),
    both("frames of unknown kinds", sends(of(0xFA, b"x"), alone(0xFB, b"y", 255), *ANSWER)),
    both("settings that are unknown", sends(settings(99, 1), *ANSWER)),
    both(
        "empty data around the message", sends(headers(), data(b""), data(), data(b""), trailers())
    ),
    both(
        "a message in pieces",
        sends(headers(), data(b"\0\0"), 0.02, data(b"\0\0\0"), trailers()),
    ),
    both("a ping before its answer", sends(alone(PING, b"12345678"), *ANSWER)),
    Condition(
        "100 (Continue) before its answer",
        sends(headers(raw.status(100)), *ANSWER),
        "UNKNOWN, platform, HTTP 100",
        "OK",
    ),
    both("a header table made smaller", sends(headers(b"\x20" + BEGIN), data(), trailers())),
    both(
        "streams' windows made 0 and large again",
        sends(
            settings(INITIAL_WINDOW_SIZE, 0), 0.05, settings(INITIAL_WINDOW_SIZE, 65_535), *ANSWER
        ),
    ),
    both("a reset without error after its answer", sends(*ANSWER, of(RST_STREAM, of_error(0)))),
    both(
        "data and window after its answer", sends(*ANSWER, data(), of(WINDOW_UPDATE, of_error(5)))
    ),
    both("announces its leave (GOAWAY), then answers", sends(goaway(LARGEST), *ANSWER)),
    both(
        "content of a subtype (application/grpc+proto)",
        sends(
            headers(raw.status(200) + raw.field("content-type", "application/grpc+proto")),
            data(),
            trailers(),
        ),
    ),
    Condition(
        "a reply compressed with gzip",
        sends(headers(BEGIN + raw.field("grpc-encoding", "gzip")), data(COMPRESSED), trailers()),
        "OK",
        "INTERNAL, app",
    ),
)

ENDINGS = (
    both("never answers", raw.never_answer, DEADLINE),
    both("headers, then nothing", sends(headers()), DEADLINE),
    both("headers and message, then nothing", sends(headers(), data()), DEADLINE),
    both("cuts the connection", raw.cut_connection, RESET),
    both("resets the connection", raw.reset_connection, RESET),
    both("cuts the connection within its headers", sends_and_cuts(raw_bytes(bytes(5))), RESET),
    both("leaves before it took the call (GOAWAY)", sends(goaway(0), *ANSWER), RESET),
    both("leaves because of too many pings", sends(goaway(0, 11, b"too_many_pings")), RESET),
    both("resets the call, INTERNAL_ERROR", raw.reset_stream(2), "INTERNAL, reset"),
    both("resets the call, NO_ERROR", raw.reset_stream(0), "INTERNAL, reset"),
    both("resets the call, REFUSED_STREAM", raw.reset_stream(7), "UNAVAILABLE, stream-limit"),
    both("resets the call, CANCEL", raw.reset_stream(8), "CANCELLED, reset"),
    both(
        "a reset after the message",
        sends(headers(), data(), of(RST_STREAM, of_error(8))),
        "CANCELLED, reset",
    ),
    both("a status of its own", raw.grpc_status(5, "no%20such"), "NOT_FOUND, app"),
    both("a status that is not known", raw.grpc_status(99, "x"), "UNKNOWN, app"),
    both("no status", sends(headers(), data(), trailers(raw.field("a", "b"))), "UNKNOWN, app"),
    Condition(
        "a status that is no number",
        sends(headers(), data(), trailers(raw.field("grpc-status", "x"))),
        "INTERNAL, reset",
        "UNKNOWN, app",
    ),
    both("HTTP 404", raw.http_answer(404), "UNIMPLEMENTED, platform, HTTP 404"),
    both("HTTP 503", raw.http_answer(503), "UNAVAILABLE, platform, HTTP 503"),
    both("a page of text, HTTP 200", raw.http_answer(200), "UNKNOWN, platform"),
    both("OK without a message", sends(headers(), trailers()), NO_REPLY),
    both("OK in its first headers", sends(trailers(BEGIN + FINE)), NO_REPLY),
    both("half a message", sends(headers(), data(HALF_MESSAGE), trailers()), NO_REPLY),
    Condition("two messages", sends(headers(), data(), data(), trailers()), DEADLINE, NO_REPLY),
    both(
        "a message said to be compressed, by nothing",
        sends(headers(), data(b"\x01\0\0\0\x01x")),
        "INTERNAL, app",
    ),
    both(
        "a message with an unknown flag",
        sends(headers(), data(b"\x07\0\0\0\0"), trailers()),
        NO_REPLY,
    ),
)

BREACHES = (
    Condition("data before headers", sends(data(), trailers()), "OK", "INTERNAL, app"),
    Condition("headers twice", sends(headers(), *ANSWER), PARSING, "INTERNAL, app"),
    Condition(
        "no HTTP status", sends(headers(BEGIN[5:]), data(), trailers()), "OK", "INTERNAL, app"
    ),
    Condition(
        "text said to be text, then OK",
        sends(headers(raw.status(200) + TEXT), data(), trailers()),
        "OK",
        NO_REPLY,
    ),
    Condition(
        "headers by a table that we do not allow",
        sends(headers(BEGIN + b"\xbe"), data(), trailers()),
        "OK",
        RESET,
    ),
    Condition("headers that do not decode", sends(headers(b"\x00\x7f")), "INTERNAL, reset", RESET),
    Condition(
        "a stream's window grown by 0", sends(of(WINDOW_UPDATE, bytes(4)), *ANSWER), PARSING, RESET
    ),
    Condition(
        "a window grown too far",
        sends(alone(WINDOW_UPDATE, of_error(LARGEST)), *ANSWER),
        "OK",
        RESET,
    ),
    Condition(
        "a pushed stream",
        sends(of(PUSH_PROMISE, of_error(2) + BEGIN, END_HEADERS), *ANSWER),
        "OK",
        RESET,
    ),
    Condition(
        "headers on a stream that is not open",
        sends(raw_bytes(raw.frame(HEADERS, 5, 999, BEGIN)), *ANSWER),
        "OK",
        RESET,
    ),
    Condition("data on stream 0", sends(alone(DATA, MESSAGE), *ANSWER), "OK", RESET),
    Condition("settings on the call's stream", sends(of(SETTINGS), *ANSWER), PARSING, RESET),
    Condition("settings cut short", sends(alone(SETTINGS, b"12345"), *ANSWER), PARSING, RESET),
    Condition(
        "a window of 2³¹", sends(settings(INITIAL_WINDOW_SIZE, 2**31), *ANSWER), PARSING, RESET
    ),
    Condition(
        "frames of at most 100 bytes", sends(settings(MAX_FRAME_SIZE, 100), *ANSWER), PARSING, RESET
    ),
    Condition(
        "a frame larger than allowed", sends(headers(), data(bytes(16_385))), DEADLINE, RESET
    ),
    Condition("a ping cut short", sends(alone(PING, b"123"), *ANSWER), PARSING, RESET),
    Condition(
        "padding longer than its frame",
        sends(headers(), data(b"\xff", PADDED)),
        "INTERNAL, reset",
        RESET,
    ),
    Condition(
        "CONTINUATION alone", sends(of(CONTINUATION, FINE, END_HEADERS), *ANSWER), PARSING, RESET
    ),
    Condition(
        "a ping within headers",
        sends(headers(BEGIN, 0), alone(PING, bytes(8)), *ANSWER),
        PARSING,
        RESET,
    ),
    Condition(
        "HTTP/1 in the middle",
        sends(raw_bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        "INTERNAL, reset",
        RESET,
    ),
    Condition("bytes without sense", sends(raw_bytes(bytes(range(256)) * 4)), PARSING, RESET),
    Condition("1000 zeros", sends(raw_bytes(bytes(1000))), DEADLINE, RESET),
)
