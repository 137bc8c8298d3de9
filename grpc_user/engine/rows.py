"""What becomes of each arrival, packed into slots."""

import struct
from typing import NamedTuple

from grpc_user.engine.ring import SLOT_BYTES, RingWriter
from grpc_user.engine.texts import TextWriter
from records.slots import ENDED, NO_NUMBER, NO_TEXT, NO_TIME, OK, REASONS, SENT, UNSENT, WAITING

_BEGUN = struct.Struct("<B7xqdd96x")
_ENDED = struct.Struct("<BBbxiq8dq7i12x")
assert _BEGUN.size == _ENDED.size == SLOT_BYTES  # the layout of records.slots.SLOT

REASON: dict[str | None, int] = {name: index for index, name in enumerate(REASONS)}
REASON[None] = NO_NUMBER


class Figures(NamedTuple):
    """What a reply says of the worker that made it; lengths in seconds, texts by number."""

    worker_queue_s: float = NO_TIME
    worker_wall_s: float = NO_TIME
    worker_cpu_s: float = NO_TIME
    throttled_s: float = NO_TIME
    instance_seq: int = NO_NUMBER
    instance_id: int = NO_NUMBER
    pod: int = NO_NUMBER


NO_FIGURES = Figures()


class Rows:
    """Puts an engine's arrivals into the ring.

    Args:
        ring: It.

    Attributes:
        texts: Numbers texts.
        sent_count: Calls that have left.
    """

    def __init__(self, ring: RingWriter) -> None:
        self._put = ring.put
        self.texts = TextWriter(ring)
        self.sent_count = 0

    def sent(self, k: int, intended_s: float, sent_s: float) -> None:
        """A call has a stream: now it leaves."""
        self.sent_count += 1
        self._put(_BEGUN, SENT, k, intended_s, sent_s)

    def waiting(self, k: int, intended_s: float) -> None:
        """An arrival is taken on and has no stream yet."""
        self._put(_BEGUN, WAITING, k, intended_s, NO_TIME)

    def ok(
        self,
        arrival: tuple[int, float],
        times_s: tuple[float, float, float],
        sizes: tuple[int, int],
        channel: int,
        figures: Figures,
    ) -> None:
        """A call ended well.

        Args:
            arrival: k and when it was intended.
            times_s: When it was sent, when its status was here, and the work that it asked for.
            sizes: Bytes of the request and of the reply.
            channel: Number of the connection.
            figures: What the reply says.
        """
        queue_s, wall_s, cpu_s, throttled_s, seq, instance_id, pod = figures
        worker_s = queue_s, wall_s, cpu_s, throttled_s
        texts = self.texts.number("OK"), instance_id, pod, NO_TEXT
        self._put(
            _ENDED,
            ENDED,
            OK,
            NO_NUMBER,
            NO_NUMBER,
            *arrival,
            *times_s,
            *worker_s,
            seq,
            *sizes,
            channel,
            *texts,
        )

    def ended(
        self,
        k: int,
        intended_s: float,
        sent_s: float,
        received_s: float,
        spin_s: float,
        *,
        status: int,
        reason: str | None = None,
        code: str,
        detail: str | None = None,
        http_status: int | None = None,
        channel: int = NO_NUMBER,
        request_bytes: int = NO_NUMBER,
        reply_bytes: int = NO_NUMBER,
    ) -> None:
        """A call that left is over and not well; the fields are `CallRecord`'s."""
        number = self.texts.number
        self._put(
            _ENDED,
            ENDED,
            status,
            REASON[reason],
            NO_NUMBER if http_status is None else http_status,
            k,
            intended_s,
            sent_s,
            received_s,
            spin_s,
            *NO_FIGURES[:5],
            request_bytes,
            reply_bytes,
            channel,
            number(code),
            *NO_FIGURES[5:],
            number(detail),
        )

    def unsent(self, k: int, intended_s: float, reason: str) -> None:
        """An arrival that was planned and not sent."""
        times = (NO_TIME,) * 7
        numbers = (NO_NUMBER,) * 8
        self._put(_ENDED, ENDED, UNSENT, REASON[reason], NO_NUMBER, k, intended_s, *times, *numbers)
