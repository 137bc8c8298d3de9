"""How many connections a target needs, and when one has served long enough. Pure arithmetic."""

from dataclasses import dataclass

from grpc_user.stream_limit import ASSUMED_STREAM_LIMIT

FIRST_CONNECTIONS = 2
MOST_CONNECTIONS = 256
HEADROOM = 2
CONNECTION_AGE_S = 30.0


@dataclass(frozen=True)
class PoolRules:
    """How the connections to one target are kept.

    Attributes:
        stream_limit: Calls one connection carries at once.
        fewest: Connections opened before the first call.
        most: Connections never exceeded.
        max_age_s: When a connection is replaced by a fresh one. A balancer that places connections,
            not calls, sends nothing to a new backend until somebody connects anew.
    """

    stream_limit: int = ASSUMED_STREAM_LIMIT
    fewest: int = FIRST_CONNECTIONS
    most: int = MOST_CONNECTIONS
    max_age_s: float = CONNECTION_AGE_S

    def wanted(self, in_flight: int) -> int:
        """Connections that leave room for twice the calls now in flight.

        A server without a limit gets further connections too: one carries only so much.
        """
        carried = min(self.stream_limit, ASSUMED_STREAM_LIMIT)
        needed = -(-HEADROOM * in_flight // carried)
        return min(max(needed, self.fewest), self.most)


def rules_for(connections: int | None, stream_limit: int | None, addresses: int = 1) -> PoolRules:
    """The rules for a target.

    Args:
        connections: `--connections`: exactly so many; None = grown by need.
        stream_limit: What the server declared; None where that could not be read.
        addresses: How many there are that connections take in turn: each gets one at least.
    """
    limit = stream_limit or ASSUMED_STREAM_LIMIT
    if connections is None:
        fewest = max(FIRST_CONNECTIONS, addresses)
        return PoolRules(stream_limit=limit, fewest=fewest, most=max(MOST_CONNECTIONS, addresses))
    return PoolRules(stream_limit=limit, fewest=connections, most=connections)
