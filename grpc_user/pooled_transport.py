"""What both transports are: calls in turn on the connections of a keeper."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from grpc_user.channels import ChannelSettings
from grpc_user.connection_keeper import ConnectionKeeper, LimitChanged, Wire
from grpc_user.errors import NoFreeStreamError
from grpc_user.targets import Target
from grpc_user.transport import Ending


class PooledTransport(ABC):
    """Each call on a connection with room for it.

    Args:
        targets: Where calls go, in turn.
        settings: What all connections have in common.
        connections: Connections to each target; None = grown by need.
        now_s: The monotonic clock.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        settings: ChannelSettings,
        connections: int | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now_s = now_s
        self.keeper = ConnectionKeeper(targets, settings, connections, now_s, self.open_wire)

    @staticmethod
    @abstractmethod
    def open_wire(target: Target, settings: ChannelSettings, told: LimitChanged, /) -> Wire:
        """Make one connection; it connects when it is waited for or used."""

    def open(self) -> tuple[str, ...]:
        """Connect ahead of the first call; a sentence for each target that cannot be reached."""
        return self.keeper.open()

    def close(self) -> None:
        """Close every connection."""
        self.keeper.close()

    def _waited_out(self, error: NoFreeStreamError) -> Ending:
        return Ending("DEADLINE_EXCEEDED", str(error), self._now_s(), waited_out=True)
