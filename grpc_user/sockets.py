"""A bare socket to a target."""

import socket

from grpc_user.targets import Target


def open_socket(target: Target, timeout_s: float) -> socket.socket:
    """Connect to a TCP target or a unix socket.

    Args:
        target: Where to.
        timeout_s: Bound on connecting, and on each later step while it is left in place.

    Raises:
        OSError: when there is no connection.
    """
    if target.host:
        return socket.create_connection((target.host, target.port), timeout=timeout_s)
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.settimeout(timeout_s)
    try:
        stream.connect(_unix_path(target))
    except OSError:
        stream.close()
        raise
    return stream


def _unix_path(target: Target) -> str:
    path = target.address.removeprefix("unix:")
    return path.removeprefix("//") if path.startswith("///") else path
