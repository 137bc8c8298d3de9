"""Whether a target can be reached at all, and what its server says of itself."""

import ssl
from dataclasses import dataclass

from grpc_user.channels import ChannelSettings
from grpc_user.sockets import addresses_of
from grpc_user.stream_limit import probe_stream_limit
from grpc_user.targets import Target
from grpc_user.tls import probe_context


@dataclass(frozen=True)
class Reached:
    """What a look at a target found.

    Attributes:
        stream_limit: Calls at once on one connection; None where it could not be read.
        problem: One line when the target cannot be reached; "" when it can.
        addresses: How many there are to which connections go in turn.
    """

    stream_limit: int | None = None
    problem: str = ""
    addresses: int = 1


def reach(target: Target, settings: ChannelSettings, timeout_s: float) -> Reached:
    """Connect once and read the server's settings."""
    context = probe_context(settings.tls) if settings.secures(target) else None
    server_name = settings.server_name(target)
    try:
        limit = probe_stream_limit(target, context, server_name=server_name, timeout_s=timeout_s)
        addresses = 1 if target.turns is None else len(addresses_of(target))
    except TimeoutError:
        return Reached(problem=f"{target.text} does not answer within {timeout_s:g} s")
    except ssl.SSLError as error:
        return Reached(problem=f"{target.text}: TLS failed: {reason_of(error)}")
    except OSError as error:
        return Reached(problem=f"cannot connect to {target.text}: {reason_of(error)}")
    return Reached(stream_limit=limit, addresses=addresses)


def reason_of(error: OSError) -> str:
    """What the operating system or TLS says, in its own words."""
    verify_message = getattr(error, "verify_message", "")
    return str(verify_message or error.strerror or error)
