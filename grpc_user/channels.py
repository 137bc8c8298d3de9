"""Channels that are one connection each and hide nothing: no retries, no shared subchannels."""

from dataclasses import dataclass, field

import grpc

from grpc_user.targets import Target
from grpc_user.tls import TlsFiles, channel_credentials

INITIAL_RECONNECT_MS = 100
MAX_RECONNECT_MS = 1000
CONNECT_TIMEOUT_MS = 5000

ROUND_ROBIN = '{"loadBalancingConfig":[{"round_robin":{}}]}'


@dataclass(frozen=True)
class ChannelSettings:
    """What all connections of a run have in common.

    Attributes:
        tls: Files that ask for TLS, whatever the target's scheme.
        authority: The :authority to send, for routing by host name; "" for the target's own.
        user_agent: Put before grpc's own.
    """

    tls: TlsFiles = field(default_factory=TlsFiles)
    authority: str = ""
    user_agent: str = "locust-knative"

    def secures(self, target: Target) -> bool:
        """Whether connections to this target use TLS."""
        return target.secure or self.tls.given

    def server_name(self, target: Target) -> str:
        """The name that the target's certificate has to bear."""
        return self.authority.partition(":")[0] or target.host


def open_channel(target: Target, settings: ChannelSettings) -> grpc.Channel:
    """A channel with a connection of its own; it connects when first used or watched.

    Raises:
        InvalidValue: when a TLS file cannot be read.
    """
    options = channel_options(target, settings)
    if settings.secures(target):
        return grpc.secure_channel(target.address, channel_credentials(settings.tls), options)
    return grpc.insecure_channel(target.address, options)


def channel_options(target: Target, settings: ChannelSettings) -> list[tuple[str, str | int]]:
    """Grpc's channel arguments; each with its reason."""
    options: list[tuple[str, str | int]] = [
        # Channels with equal arguments otherwise share one connection.
        ("grpc.use_local_subchannel_pool", 1),
        # A retry turns a failure into latency.
        ("grpc.enable_retries", 0),
        # The default back-off reaches two minutes: it would prolong the outage it meets.
        ("grpc.initial_reconnect_backoff_ms", INITIAL_RECONNECT_MS),
        ("grpc.max_reconnect_backoff_ms", MAX_RECONNECT_MS),
        # Despite its name: how long one attempt to connect may take (20 s unless told).
        ("grpc.min_reconnect_backoff_ms", CONNECT_TIMEOUT_MS),
        # Limits are the target's to set.
        ("grpc.max_receive_message_length", -1),
        ("grpc.max_send_message_length", -1),
        ("grpc.primary_user_agent", settings.user_agent),
        # A proxy of the environment would be measured in the target's place.
        ("grpc.enable_http_proxy", 0),
    ]
    if settings.authority:
        options.append(("grpc.default_authority", settings.authority))
    if target.address.startswith("dns:"):
        # Every address behind the name gets its share.
        options.append(("grpc.service_config", ROUND_ROBIN))
    return options
