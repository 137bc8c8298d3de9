"""The messages between the conductor and its members, over Locust's own channel.

They carry whole state, never differences, so losing or repeating one does no harm. With Locust's
local runner they are plain calls. Times are monotonic seconds of the clock that is named.
"""

PING = "open-loop-ping"
"""member to conductor, 4 a second: {sent_s, offset_s, error_s, run_id, version}: sent_s on the
member's clock; what it measured of its clock (None until good); the run and plan it follows."""

PONG = "open-loop-pong"
"""conductor to member, in answer: {sent_s, conductor_s, member, run_id, version}: sent_s repeated;
the conductor's clock; the member's name; the run and plan that are in force."""

PREPARE = "open-loop-prepare"
"""conductor to member: {plan, folder, max_in_flight, user_classes, tags, exclude_tags}: the plan as
yet without its epoch: connect, open the records."""

READY = "open-loop-ready"
"""member to conductor: {run_id, error, digest}: prepared, or why it cannot be; the digest of its
first arrivals."""

PLAN = "open-loop-plan"
"""conductor to members: {plan, last, drain_timeout_s}: the whole plan, each time it grows."""

ACK = "open-loop-ack"
"""member to conductor: {run_id, version, first_k, digest}: it has this plan, and computes from it
the arrivals from first_k on as the digest says."""

LEAVING = "open-loop-leaving"
"""member to conductor: {}: it goes, and sends on until a plan without it takes effect."""

DRAINED = "open-loop-drained"
"""member to conductor: {run_id, member, summary, record_error, cpu_share, late_plans,
engine_deaths, engine_hangs, reached_s, offset}: nothing of the run is under way there any more;
reached_s: how far it came in the plan."""

WATCHED = "open-loop-watched"
"""conductor to members, once a second: {run_id}: somebody may look at this run while it goes on."""

LIVE = "open-loop-live"
"""member to conductor, once a second while its run is watched: a `live_state.MemberState` as plain
values. For the eyes only: no message of it is waited for."""
