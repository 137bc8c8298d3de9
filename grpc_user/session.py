"""What this process holds for the calls of a run: the configuration and the open transports."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

from grpc_user.config import GrpcConfig
from grpc_user.errors import NoTargetError
from grpc_user.grpcio_transport import GrpcioTransport
from grpc_user.h2.h2_transport import H2Transport
from grpc_user.json_call import JsonCall, describe_method, prepare_json_call
from grpc_user.method import Method
from grpc_user.transport import H2, Transport

ATTRIBUTE = "grpc_session"
TransportMaker = Callable[[GrpcConfig, str], Transport]


def make_transport(config: GrpcConfig, host: str) -> Transport:
    """The transport that the configuration names, to the targets of a host text.

    Raises:
        InvalidValue: for a host that cannot be read.
    """
    make = H2Transport if config.transport == H2 else GrpcioTransport
    return make(config.targets(host), config.settings, config.connections)


class GrpcSession:
    """Transports by host, made when first asked for and shared by all users of the process.

    Args:
        config: How calls are made.
        make: Makes a transport.

    Attributes:
        sent_rows: Numbers the rows of `--data` that are sent outside a planned run.
    """

    def __init__(self, config: GrpcConfig, make: TransportMaker = make_transport) -> None:
        self.config = config
        self.sent_rows = itertools.count()
        self._make = make
        self._transports: dict[str, Transport] = {}
        self._json_call: JsonCall | None = None
        self._described: dict[str, Method] = {}
        self._describing = threading.Lock()

    def transport(self, host: str) -> Transport:
        """The transport to a host text, not necessarily connected yet.

        Raises:
            NoTargetError: for an empty one.
            InvalidValue: for one that cannot be read.
        """
        if not host:
            raise NoTargetError("no target; valid: --host HOST:PORT, or a class with `host` set")
        if host not in self._transports:
            self._transports[host] = self._make(self.config, host)
        return self._transports[host]

    def json_call(self, host: str) -> JsonCall:
        """`--call`, made ready once.

        Raises:
            DescriptorError: when its method is not known.
            InvalidValue: when its data cannot be read.
        """
        with self._describing:
            if self._json_call is None:
                self._json_call = prepare_json_call(self.config, self.transport(host))
        return self._json_call

    def method(self, host: str, path: str) -> Method:
        """The method at a path, taking JSON values; asked of the target once.

        Raises:
            DescriptorError: when it is not known.
        """
        with self._describing:
            if path not in self._described:
                self._described[path] = describe_method(
                    path, self.config.protoset, self.transport(host), self.config.timeout_s
                )
        return self._described[path]

    def close(self) -> None:
        """Close every transport; calls still under way end as cancelled."""
        for transport in self._transports.values():
            transport.close()
        self._transports.clear()


def session_of(environment: Any) -> GrpcSession:
    """The session of a Locust environment; outside a planned run, one made from its options.

    Raises:
        InvalidValue: for options that are not valid.
    """
    session: GrpcSession | None = getattr(environment, ATTRIBUTE, None)
    if session is None:
        options = vars(environment.parsed_options) if environment.parsed_options else {}
        request = {**options, "host": environment.host or options.get("host") or ""}
        session = open_session(environment, GrpcConfig.from_request(request))
    return session


def open_session(environment: Any, config: GrpcConfig) -> GrpcSession:
    """A new session in place of the environment's last one, which is closed."""
    close_session(environment)
    session = GrpcSession(config)
    setattr(environment, ATTRIBUTE, session)
    return session


def close_session(environment: Any) -> None:
    """Close the environment's session, if it has one."""
    session: GrpcSession | None = getattr(environment, ATTRIBUTE, None)
    if session is not None:
        setattr(environment, ATTRIBUTE, None)
        session.close()
