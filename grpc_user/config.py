"""What the options ask of the calls: read and held against each other once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grpc_user.channels import ChannelSettings
from grpc_user.option_values import (
    parse_call_path,
    parse_connections,
    parse_metadata,
    parse_timeout_s,
)
from grpc_user.options import DEFAULT_SPIN, DEFAULT_TIMEOUT, HUB, OPTIONS, PROCESS
from grpc_user.targets import Target, check_plain_text, in_turns, parse_targets
from grpc_user.tls import TlsFiles, check_tls_files
from grpc_user.transport import GRPCIO, H2, Metadata
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s


@dataclass(frozen=True)
class GrpcConfig:
    """How calls are made.

    Attributes:
        host: `--host`, or "".
        spin_s: CPU time of a spin call.
        timeout_s: The deadline of calls that name none.
        connections: Connections to each target; None = grown by need.
        transport: One of `transport.TRANSPORTS`.
        engine: One of `options.ENGINES`.
        call: Path of the method to call in place of the spin service, or "".
        data: JSON, or "@FILE".
        protoset: File of descriptors, or "".
        metadata: Sent with every call.
        settings: TLS and authority.
        insecure: Whether plain text may go anywhere.
    """

    host: str = ""
    spin_s: float = 0.1
    timeout_s: float = 30.0
    connections: int | None = None
    transport: str = GRPCIO
    engine: str = HUB
    call: str = ""
    data: str = ""
    protoset: str = ""
    metadata: Metadata = ()
    settings: ChannelSettings = field(default_factory=ChannelSettings)
    insecure: bool = False

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> GrpcConfig:
        """Read the plan's request: option name to its text, and `host`.

        Raises:
            InvalidValue: for a value that is not valid, or values that do not go together.
        """
        texts = {option.dest: _text(request, option.dest) for option in OPTIONS}
        config = cls(
            host=_text(request, "host"),
            spin_s=parse_duration_s(texts["spin"] or DEFAULT_SPIN),
            timeout_s=parse_timeout_s(texts["grpc_timeout"] or DEFAULT_TIMEOUT),
            connections=parse_connections(texts["connections"]) if texts["connections"] else None,
            transport=texts["transport"] or GRPCIO,
            engine=texts["engine"] or HUB,
            call=parse_call_path(texts["call"]) if texts["call"] else "",
            data=texts["data"],
            protoset=texts["protoset"],
            metadata=parse_metadata(texts["metadata"]) if texts["metadata"] else (),
            settings=ChannelSettings(_tls_files(texts), texts["authority"]),
            insecure=bool(texts["insecure"]),
        )
        config.check()
        return config

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            InvalidValue: saying what, and what would be valid.
        """
        check_tls_files(self.settings.tls)
        if self.engine == PROCESS and self.transport != H2:
            raise InvalidValue(
                f"--engine process with --transport {self.transport}; valid: --transport h2"
            )
        for name, value in (("--data", self.data), ("--protoset", self.protoset)):
            if value and not self.call:
                raise InvalidValue(f"{name} without --call; valid: name the method it is for")
        if self.host:
            self.targets(self.host)

    def targets(self, host: str) -> tuple[Target, ...]:
        """The addresses of a host text.

        Raises:
            InvalidValue: when it cannot be read, or would be spoken to in plain text without leave.
        """
        targets = parse_targets(host)
        check_plain_text(targets, tls=self.settings.tls.given, insecure=self.insecure)
        return tuple(map(in_turns, targets)) if self.transport == H2 else targets


def _text(request: Mapping[str, Any], name: str) -> str:
    return str(request.get(name) or "").strip()


def _tls_files(texts: Mapping[str, str]) -> TlsFiles:
    return TlsFiles(texts["grpc_tls_ca"], texts["grpc_tls_cert"], texts["grpc_tls_key"])
