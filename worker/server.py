"""The gRPC server: the spin service beside health and reflection, bound to one address."""

import socket
from collections.abc import Sequence

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from proto import spin_pb2, spin_pb2_grpc
from worker.errors import CannotServe
from worker.options import Options
from worker.service import SpinnerService
from worker.tls import server_credentials

SPINNER = spin_pb2.DESCRIPTOR.services_by_name["Spinner"].full_name
ROOM_BESIDE_PAYLOAD_BYTES = 64 * 1024
EVERY_IPV4_ADDRESS = "0.0.0.0"  # noqa: S104 - asked for by the platform or by --host


def build_server(
    service: SpinnerService, probes: "health.aio.HealthServicer", options: Options
) -> grpc.aio.Server:
    """A server that is neither bound nor started."""
    server = grpc.aio.server(options=channel_arguments(options))
    spin_pb2_grpc.add_SpinnerServicer_to_server(service, server)  # type: ignore[no-untyped-call]  # generated
    health_pb2_grpc.add_HealthServicer_to_server(probes, server)
    names = (SPINNER, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name)
    reflection.enable_server_reflection((*names, reflection.SERVICE_NAME), server)
    return server


def channel_arguments(options: Options) -> Sequence[tuple[str, int]]:
    """Settings of the gRPC core.

    The receive limit leaves payloads up to twice the allowed size to the service, whose refusal
    names the limit; gRPC itself refuses larger messages before they fill the memory.
    Ports are not shared: a second worker on the same port would silently take half the calls.
    """
    arguments = [
        ("grpc.so_reuseport", 0),
        (
            "grpc.max_receive_message_length",
            2 * options.limits.max_payload_bytes + ROOM_BESIDE_PAYLOAD_BYTES,
        ),
        ("grpc.max_send_message_length", -1),
    ]
    if options.max_concurrent_streams is not None:
        arguments.append(("grpc.max_concurrent_streams", options.max_concurrent_streams))
    return arguments


def bind(server: grpc.aio.Server, options: Options) -> str:
    """Bind and return the address as "host:port", with the port that was free when 0 was asked.

    Raises:
        CannotServe: the port is taken, the address is not this machine's, or TLS files are bad.
    """
    credentials = None if options.tls is None else server_credentials(options.tls)
    name = plain_host(options.host, has_ipv6=has_ipv6())
    check_free(name, options.port)
    host = f"[{name}]" if ":" in name else name
    address = f"{host}:{options.port}"
    try:
        if credentials is None:
            port = server.add_insecure_port(address)
        else:
            port = server.add_secure_port(address, credentials)
    except RuntimeError as error:
        raise CannotServe(f"cannot listen on {address}: {error}") from None
    return f"{host}:{port}"


def plain_host(host: str, *, has_ipv6: bool) -> str:
    """The host without brackets; "every address" is IPv4's where the machine has no IPv6."""
    name = host.removeprefix("[").removesuffix("]")
    return EVERY_IPV4_ADDRESS if name == "::" and not has_ipv6 else name


def has_ipv6() -> bool:
    """Whether the kernel gives IPv6 sockets."""
    try:
        socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()
    except OSError:
        return False
    return True


def check_free(host: str, port: int) -> None:
    """Try the address with a plain socket, for a clear word from the system.

    Raises:
        CannotServe: the system does not let this process listen there.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotServe(
            f"cannot listen on {host} port {port}: {error.strerror}; "
            "valid: --host an address of this machine, --port a free one or 0"
        ) from None
