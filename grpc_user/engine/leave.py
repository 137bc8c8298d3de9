"""Leave to send, as the hub passes it on through the shared memory."""

import math

from grpc_user.engine.words import Real, Words
from openloop.lease import Lease, Unlimited

_GRANTED_S = int(Real.GRANTED_S)  # asked for at each arrival: a plain number is found faster


class PassedOn:
    """The hub's lease (`openloop.lease.Leave`); none is needed while the hub never named one.

    Args:
        words: Where the hub says from when on the lease counts.
    """

    def __init__(self, words: Words) -> None:
        self._real = words.real
        self._lease = Lease(-math.inf)
        self._unlimited = Unlimited()

    def refusal(self, due_s: float, now_s: float) -> str | None:
        """Why an arrival must not be sent now; None when it may."""
        granted_s = self._real[_GRANTED_S]
        if math.isnan(granted_s):
            return self._unlimited.refusal(due_s, now_s)
        self._lease.renew(granted_s)
        return self._lease.refusal(due_s, now_s)
