"""What a spin worker's reply says, in the words of the record's columns."""

from typing import Any

from proto.spin_pb2 import SpinReply

MICROSECONDS = 1_000_000


def spin_figures(reply: SpinReply) -> dict[str, Any]:
    """Fields of `openloop.arrival.Outcome`; times in seconds."""
    return {
        "instance_id": reply.instance_id or None,
        "instance_seq": reply.instance_seq,
        "pod": reply.pod or None,
        "worker_queue_s": reply.queue_us / MICROSECONDS,
        "worker_wall_s": reply.wall_us / MICROSECONDS,
        "worker_cpu_s": reply.cpu_us / MICROSECONDS,
        "throttled_s": reply.throttled_us / MICROSECONDS,
    }
