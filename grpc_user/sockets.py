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
    if target.turns is not None:
        addresses = addresses_of(target)
        address = addresses[next(target.turns) % len(addresses)]
        return socket.create_connection((address, target.port), timeout=timeout_s)
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


def addresses_of(target: Target) -> list[str]:
    """All addresses of a target's name as it stands now, in an order that stays.

    Raises:
        OSError: when there is none.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return sorted({str(address[0]) for *_, address in found})


def _unix_path(target: Target) -> str:
    path = target.address.removeprefix("unix:")
    return path.removeprefix("//") if path.startswith("///") else path
