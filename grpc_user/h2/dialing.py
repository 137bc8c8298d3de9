"""How both engines come to a connection with a target: its socket, its headers, its rests."""

import contextlib
import socket
import ssl

from grpc_user.channels import (
    CONNECT_TIMEOUT_MS,
    INITIAL_RECONNECT_MS,
    MAX_RECONNECT_MS,
    ChannelSettings,
)
from grpc_user.h2.headers import HeaderEncoder
from grpc_user.reachability import reason_of
from grpc_user.sockets import open_socket
from grpc_user.targets import Target
from grpc_user.tls import probe_context

CONNECT_TIMEOUT_S = CONNECT_TIMEOUT_MS / 1000
FIRST_REST_S = INITIAL_RECONNECT_MS / 1000
LONGEST_REST_S = MAX_RECONNECT_MS / 1000
BACK_OFF_GROWTH = 1.6
CLOSED = ("CANCELLED", "Channel closed!")
LOST = "UNAVAILABLE"
NO_SETTINGS = f"no SETTINGS within {CONNECT_TIMEOUT_S:g} s"


def longer_rest_s(rest_s: float) -> float:
    """The rest after one more attempt in vain."""
    return min(rest_s * BACK_OFF_GROWTH, LONGEST_REST_S)


def encoder_for(target: Target, settings: ChannelSettings) -> HeaderEncoder:
    """Makes the headers of calls to a target."""
    return HeaderEncoder(
        "https" if settings.secures(target) else "http",
        settings.authority or default_authority(target),
        f"{settings.user_agent} h2",
    )


def open_stream(target: Target, settings: ChannelSettings) -> socket.socket:
    """A socket that HTTP/2 can be spoken over, by TLS where the settings ask for it.

    Raises:
        OSError: when there is no connection, no trust, or no HTTP/2 (ssl.SSLError).
    """
    stream = open_socket(target, CONNECT_TIMEOUT_S)
    try:
        if target.host:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if settings.secures(target):
            stream = _secured(stream, probe_context(settings.tls), settings.server_name(target))
        stream.settimeout(None)
    except BaseException:
        with contextlib.suppress(OSError):
            stream.close()
        raise
    return stream


def _secured(stream: socket.socket, context: ssl.SSLContext, server_name: str) -> ssl.SSLSocket:
    secured = context.wrap_socket(stream, server_hostname=server_name)
    if secured.selected_alpn_protocol() != "h2":
        secured.close()
        raise ssl.SSLError(ssl.SSL_ERROR_SSL, "the server does not offer h2 (ALPN)")
    return secured


def connect_problem(target: Target, error: OSError) -> str:
    """One line on why there is no connection, in words that `failures.classify` knows."""
    if isinstance(error, socket.gaierror):
        return f"DNS resolution failed for {target.text}: {reason_of(error)}"
    secure = "TLS failed: " if isinstance(error, ssl.SSLError) else ""
    return f"failed to connect to {target.text}: {secure}{reason_of(error)}"


def default_authority(target: Target) -> str:
    """As grpc has it: the address; "localhost" for a unix socket."""
    return target.address if target.host else "localhost"
