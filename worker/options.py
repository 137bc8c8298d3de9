"""The worker's command line and environment as one frozen value."""

import argparse
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from worker.errors import BadValue
from worker.limits import Limits
from worker.quantities import parse_bytes, parse_duration_us, parse_integer
from worker.tls import TlsFiles

DEFAULT_PORT = 50052
MOST_PORT = 65_535
MOST_SPIN_US = 3_600_000_000
MOST_PAYLOAD_BYTES = 1024**3
MOST_CONCURRENCY = 10_000
MOST_STREAMS = 2**31 - 1
LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = "[::]"


@dataclass(frozen=True)
class Options:
    """Where and within which limits to serve.

    Attributes:
        max_concurrent_streams: HTTP/2 streams a connection; None is gRPC's own, no limit.
    """

    host: str
    port: int
    pod: str
    limits: Limits
    tls: TlsFiles | None
    max_concurrent_streams: int | None


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        """Exit 2 with one line."""
        self.exit(2, f"spin worker: {message}\n")


def parse_options(arguments: Sequence[str], environment: Mapping[str, str]) -> Options:
    """Options from the command line; PORT and POD_NAME of the environment where no flag is given.

    Exits with code 2 and one line on standard error when something is not valid.
    """
    parser = _parser()
    given, unknown = parser.parse_known_args(arguments)
    if unknown:
        usage = " ".join(parser.format_usage().split())
        parser.error(f"unknown argument {unknown[0]!r}; {usage}")
    try:
        return _options(given, environment)
    except BadValue as error:
        parser.error(str(error))


def _options(given: argparse.Namespace, environment: Mapping[str, str]) -> Options:
    platform_port = environment.get("PORT", "")
    return Options(
        host=given.host or (EVERY_ADDRESS if platform_port else LOOPBACK),
        port=_port(given.port, platform_port),
        pod=given.pod or environment.get("POD_NAME") or socket.gethostname(),
        limits=Limits(given.max_spin, given.max_payload, given.max_concurrency),
        tls=_tls_files(given.tls_cert, given.tls_key, given.tls_client_ca),
        max_concurrent_streams=given.max_concurrent_streams,
    )


def _port(flag: int | None, platform_port: str) -> int:
    if flag is not None:
        return flag
    if not platform_port:
        return DEFAULT_PORT
    try:
        return parse_integer(platform_port, 0, MOST_PORT)
    except BadValue as error:
        raise BadValue(f"environment variable PORT: {error}") from None


def _tls_files(cert: Path | None, key: Path | None, client_ca: Path | None) -> TlsFiles | None:
    if cert is not None and key is not None:
        return TlsFiles(cert, key, client_ca)
    flags = {"--tls-cert": cert, "--tls-key": key, "--tls-client-ca": client_ca}
    given = [flag for flag, path in flags.items() if path is not None]
    if given:
        raise BadValue(f"{' and '.join(given)} given; valid: --tls-cert and --tls-key together")
    return None


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="python -m worker",
        description="A gRPC service that burns a chosen amount of CPU for each request.",
        allow_abbrev=False,
    )
    _add_place(parser)
    _add_limits(parser, Limits())
    tls = parser.add_argument_group("TLS")
    tls.add_argument("--tls-cert", type=Path, metavar="FILE", help="PEM chain: serve TLS")
    tls.add_argument("--tls-key", type=Path, metavar="FILE", help="PEM key of --tls-cert")
    tls.add_argument(
        "--tls-client-ca",
        type=Path,
        metavar="FILE",
        help="PEM certificates: a client must show one signed by these",
    )
    return parser


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=_checked(lambda text: parse_integer(text, 0, MOST_PORT)),
        metavar="N",
        help=f"0 takes a free one; else $PORT, else {DEFAULT_PORT}",
    )
    parser.add_argument(
        "--host",
        default="",
        metavar="ADDRESS",
        help=f"where to listen; {LOOPBACK}, or {EVERY_ADDRESS} when $PORT is set",
    )
    parser.add_argument(
        "--pod",
        default="",
        metavar="NAME",
        help="name told in replies; else $POD_NAME, else the host's name",
    )


def _add_limits(parser: argparse.ArgumentParser, default: Limits) -> None:
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--max-spin",
        type=_checked(lambda text: parse_duration_us(text, MOST_SPIN_US)),
        default=default.max_spin_us,
        metavar="TIME",
        help="longest spin of a call; 10s",
    )
    limits.add_argument(
        "--max-payload",
        type=_checked(lambda text: parse_bytes(text, MOST_PAYLOAD_BYTES)),
        default=default.max_payload_bytes,
        metavar="SIZE",
        help="largest payload, and largest reply; 4MiB",
    )
    limits.add_argument(
        "--max-concurrency",
        type=_checked(lambda text: parse_integer(text, 1, MOST_CONCURRENCY)),
        default=default.max_concurrency,
        metavar="N",
        help=f"calls under way at once; {default.max_concurrency}",
    )
    limits.add_argument(
        "--max-concurrent-streams",
        type=_checked(lambda text: parse_integer(text, 1, MOST_STREAMS)),
        metavar="N",
        help="HTTP/2 streams a connection; no limit",
    )


def _checked(parse: Callable[[str], int]) -> Callable[[str], int]:
    def check(text: str) -> int:
        try:
            return parse(text)
        except BadValue as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return check
