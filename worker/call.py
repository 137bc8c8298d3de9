"""One accepted call: its shares of spinning, and what is said of each."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from proto.spin_pb2 import SpinReply, SpinRequest
from worker.instance import Instance, Place
from worker.spin import NS_PER_US, Burned, Clocks, spin_on


@dataclass
class Call:
    """A call under way. One share at a time runs, each on any thread."""

    request: SpinRequest
    place: Place
    received_ns: int
    clocks: Clocks
    throttled_so_far_us: Callable[[], int]
    stop: threading.Event = field(default_factory=threading.Event)
    started_ns: int | None = None
    burned: Burned = field(default_factory=Burned)
    throttled_us: int = 0

    @property
    def shares(self) -> int:
        """How many replies there are."""
        return max(1, self.request.replies)

    def spin_share(self, index: int) -> None:
        """Spin up to the end of share `index`, counted from 0, on the thread of the caller."""
        if self.started_ns is None:
            self.started_ns = self.clocks.wall_ns()
        throttled_us = self.throttled_so_far_us()
        self.burned = spin_on(
            self.burned,
            self.request.spin_us * NS_PER_US * (index + 1) // self.shares,
            by_wall=self.request.mode == SpinRequest.WALL,
            stopped=self.stop.is_set,
            clocks=self.clocks,
        )
        self.throttled_us += self.throttled_so_far_us() - throttled_us

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
            wall_us=self.burned.wall_ns // NS_PER_US,
            cpu_us=self.burned.cpu_ns // NS_PER_US,
            throttled_us=self.throttled_us,
            concurrency=self.place.concurrency,
            payload=bytes(self.request.reply_bytes),
            reply_index=index,
        )
