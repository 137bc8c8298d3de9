"""Where calls go: `--host` read into addresses, and which may be spoken to in plain text."""

import ipaddress
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from shapes.errors import InvalidValue

VALID_FORMS = (
    "host:port, grpc://host[:port], grpcs://host[:port], dns:///host:port, unix:PATH, "
    "several of them separated by commas"
)
DEFAULT_PORTS = {"grpc": 80, "grpcs": 443}
MAX_PORT = 65535
CLUSTER_SUFFIXES = (".svc", ".local")
HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")


@dataclass(frozen=True)
class Target:
    """One address to open connections to.

    Attributes:
        text: As it was given.
        address: What grpc dials: "host:port", "[::1]:port", "dns:///host:port" or "unix:PATH".
        host: The host name or IP address alone; "" for a unix socket.
        port: The TCP port; 0 for a unix socket.
        secure: Whether the scheme demands TLS.
        turns: Counts the connections to a name of which each goes to the next address; None where
            the name's addresses are not told apart.
    """

    text: str
    address: str
    host: str
    port: int
    secure: bool = False
    turns: Iterator[int] | None = field(default=None, compare=False)

    @property
    def is_trusted_in_plain_text(self) -> bool:
        """Whether its traffic stays on this machine or inside a cluster, by its name."""
        return self.host == "" or is_loopback(self.host) or is_cluster_local(self.host)


def parse_targets(text: str) -> tuple[Target, ...]:
    """Read `--host`.

    Raises:
        InvalidValue: quoting the part that cannot be read.
    """
    parts = [part.strip() for part in text.split(",")]
    return tuple(_parse_target(part) for part in parts)


def in_turns(target: Target) -> Target:
    """The target for who opens connections itself: of a `dns:///` name, to each address in turn."""
    prefix, found, address = target.address.partition("dns:///")
    if prefix or not found:
        return target
    return replace(target, address=address, turns=itertools.count())


def check_plain_text(targets: tuple[Target, ...], *, tls: bool, insecure: bool) -> None:
    """Refuse to send in plain text to a name that may be anywhere.

    Args:
        targets: Where calls go.
        tls: Whether TLS was asked for by other options.
        insecure: Whether `--insecure` was given.

    Raises:
        InvalidValue: naming the target and the ways out.
    """
    for target in targets:
        if not (tls or target.secure or insecure or target.is_trusted_in_plain_text):
            raise InvalidValue(
                f"--host {target.text} would be spoken to in plain text; valid: "
                f"grpcs://{target.host}, --grpc-tls-ca FILE, a loopback or cluster-local name "
                "(*.svc, *.local), or --insecure"
            )


def check_authority(text: str) -> None:
    """Refuse an authority that no HTTP/2 server could route by.

    Raises:
        InvalidValue: for anything but host or host:port.
    """
    host, separator, port = text.partition(":")
    if not HOST_NAME.fullmatch(host) or (separator and not port.isdecimal()):
        raise InvalidValue(f"authority is {text!r}; valid: host or host:port")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its address or by the name localhost."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_cluster_local(host: str) -> bool:
    """Whether the name resolves only inside a cluster: *.svc, *.svc.cluster.local, *.local."""
    return host.lower().rstrip(".").endswith(CLUSTER_SUFFIXES)


def _parse_target(text: str) -> Target:
    if text.startswith("unix:"):
        return _unix_target(text)
    scheme, rest = _split_scheme(text)
    host, port = _split_port(text, rest, DEFAULT_PORTS.get(scheme))
    shown_host = f"[{host}]" if ":" in host else host
    prefix = "dns:///" if scheme == "dns" else ""
    return Target(text, f"{prefix}{shown_host}:{port}", host, port, secure=scheme == "grpcs")


def _unix_target(text: str) -> Target:
    path = text.removeprefix("unix:")
    if path in ("", "/", "//", "///"):
        raise _not_a_target(text)
    return Target(text, text, "", 0)


def _split_scheme(text: str) -> tuple[str, str]:
    if text.startswith("dns:///"):
        return "dns", text.removeprefix("dns:///")
    scheme, separator, rest = text.partition("://")
    if not separator:
        return "", text
    if scheme not in DEFAULT_PORTS:
        raise _not_a_target(text)
    return scheme, rest.removesuffix("/")


def _split_port(text: str, rest: str, default_port: int | None) -> tuple[str, int]:
    host, separator, port_text = rest.rpartition(":")
    if not separator or rest.endswith("]"):
        host, port_text = rest, str(default_port or "")
    if not port_text.isdecimal() or not 0 < int(port_text) <= MAX_PORT:
        raise _not_a_target(text)
    return _check_host(text, host), int(port_text)


def _check_host(text: str, host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        try:
            return str(ipaddress.IPv6Address(host[1:-1]))
        except ValueError:
            raise _not_a_target(text) from None
    if not HOST_NAME.fullmatch(host):
        raise _not_a_target(text)
    return host


def _not_a_target(text: str) -> InvalidValue:
    return InvalidValue(f"{text!r} is not a target; valid: {VALID_FORMS}")
