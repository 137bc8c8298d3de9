"""One accepted call: its shares of spinning, and what is said of each."""

from collections.abc import Callable
from dataclasses import dataclass, field

from proto.spin_pb2 import SpinReply, SpinRequest
from worker.instance import Instance, Place
from worker.machine import Machine
from worker.spin import NS_PER_US, burn, sha256_chunks
from worker.turns import Ticket, in_turns


@dataclass
class Call:
    """A call under way. One share at a time runs, each on any thread of the pool.

    Nanoseconds so far: `wall_ns` from the start of the spin, waiting for later turns included, and
    `cpu_ns`. `started_ns` is when the first turn came, None before.
    """

    request: SpinRequest
    place: Place
    received_ns: int
    machine: Machine
    ticket: Ticket = field(default_factory=Ticket)
    started_ns: int | None = None
    wall_ns: int = 0
    cpu_ns: int = 0
    throttled_us: int = 0

    @property
    def shares(self) -> int:
        """How many replies there are."""
        return max(1, self.request.replies)

    def stop(self) -> None:
        """End the spin at its next chunk, or at once while it waits for a turn."""
        self.machine.turns.stop(self.ticket)

    def spin_share(self, index: int) -> None:
        """Spin up to the end of share `index`, counted from 0, on the thread of the caller.

        A share that ran over by a part of a chunk shortens the next one: the error of a call does
        not grow with the number of its shares.
        """
        asked_ns = self.machine.clocks.wall_ns()
        until_ns = self.request.spin_us * NS_PER_US * (index + 1) // self.shares
        turns, ticket = self.machine.turns, self.ticket
        if self.request.mode == SpinRequest.WALL:
            self._measured(asked_ns, lambda: self._burn_wall(until_ns))
        elif turns.take(ticket):
            try:
                self._measured(asked_ns, lambda: self._burn_cpu(until_ns))
            finally:
                turns.give_back(ticket)

    def _measured(self, asked_ns: int, burning: Callable[[], None]) -> None:
        clocks, throttled_us = self.machine.clocks, self.machine.throttled_so_far_us
        if self.started_ns is None:
            self.started_ns = asked_ns = clocks.wall_ns()
        us, cpu_ns = throttled_us(), clocks.cpu_ns()
        burning()
        self.cpu_ns += clocks.cpu_ns() - cpu_ns
        self.wall_ns += clocks.wall_ns() - asked_ns
        self.throttled_us += throttled_us() - us

    def _burn_wall(self, until_ns: int) -> None:
        left_ns = until_ns - self.wall_ns
        burn(left_ns, self.machine.clocks.wall_ns, self._is_wanted, sha256_chunks())

    def _burn_cpu(self, until_ns: int) -> None:
        left_ns, go_on = until_ns - self.cpu_ns, in_turns(self.machine.turns, self.ticket)
        burn(left_ns, self.machine.clocks.cpu_ns, go_on, sha256_chunks())

    def _is_wanted(self, _now_ns: int) -> bool:
        return not self.ticket.stopped

    def reply(self, index: int, instance: Instance) -> SpinReply:
        """What is said after share `index`."""
        started_ns = self.received_ns if self.started_ns is None else self.started_ns
        return SpinReply(
            request_id=self.request.request_id,
            instance_id=instance.id,
            pod=instance.pod,
            instance_seq=self.place.instance_seq,
            ready_unix_us=instance.ready_unix_us,
            queue_us=(started_ns - self.received_ns) // NS_PER_US,
            wall_us=self.wall_ns // NS_PER_US,
            cpu_us=self.cpu_ns // NS_PER_US,
            throttled_us=self.throttled_us,
            concurrency=self.place.concurrency,
            payload=bytes(self.request.reply_bytes),
            reply_index=index,
        )
