"""`python -m grpc_user.engine.process RING_FD CONTROL_FD`: sends one member's arrivals in a run.

Started by `grpc_user.engine.handle`, which tells it what to do. It ends when it is told to, or when
the hub has gone: then it sends nothing more, waits for what is under way, and records what the hub
did not live to record.
"""

import os
import signal
import socket
import sys

from grpc_user.engine.engine import Engine
from grpc_user.engine.loop import Loop
from grpc_user.engine.ring import mapped
from grpc_user.engine.words import Words
from openloop.precedence import come_first
from openloop.time_slice import ask_for_short_slices


def main(ring_fd: int, control_fd: int) -> None:
    """Run until told to end."""
    # What stops a generator is said to its hub, which then tells us.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    ask_for_short_slices()
    come_first()
    shared = mapped(ring_fd)
    os.close(ring_fd)
    engine = Engine(Loop(), socket.socket(fileno=control_fd), shared, Words(shared.memory))
    engine.run()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
