"""The messages between the conductor and its members, over Locust's own channel.

They carry whole state, never differences, so losing or repeating one does no harm.
With Locust's local runner they are plain calls.
"""

PREPARE = "open-loop-prepare"
"""conductor to member: {run_id, plan of version 0 without epoch}: connect, open records."""

READY = "open-loop-ready"
"""member to conductor: {run_id, error}: prepared, or why it cannot be."""

PLAN = "open-loop-plan"
"""conductor to member: the whole plan, each time it grows."""

DRAINED = "open-loop-drained"
"""member to conductor: {run_id, summary, sink, cpu_s, wall_s}: nothing of the run is under way."""
