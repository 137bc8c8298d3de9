"""Who takes part in a run, as the conductor sees it: one local member, or worker processes."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import gevent

from openloop import messages
from openloop.clock import Clock
from openloop.clock_offset import Offset
from openloop.errors import StartRefused
from openloop.locust_workers import let_locust_know_back, let_locust_know_lost
from openloop.plan_making import STOP_LEAD_S
from openloop.roster import Heard, Roster
from openloop.standing import LOCAL_MEMBER
from shapes.plan import Plan

log = logging.getLogger(__name__)

GATHER_TIMEOUT_S = 15.0
READY_TIMEOUT_S = 60.0
GONE_AFTER_S = 5.0
"""A busy process is waited for so long, where nothing is sent meanwhile."""
LOOK_EVERY_S = 0.02
OTHER_ARRIVALS = "it computes other arrivals from the same plan"


@dataclass(frozen=True)
class MembersChange:
    """The members of the plan should become others.

    Attributes:
        ids: Who sends from then on.
        lost: Who has fallen silent, of those who send now.
        clock_error_s: The largest error of a member's clock.
        oldest_version: Of the plan, that one of those who send now may still follow.
    """

    ids: tuple[str, ...]
    lost: tuple[str, ...]
    clock_error_s: float
    oldest_version: int


class Membership(Protocol):
    """The members, for the conductor."""

    stop_lead_s: float
    """How much later than it is asked for arrivals stop, so that all hear of it before."""

    def gather(self) -> tuple[str, ...]:
        """Wait until those who are there can take part; their names.

        Raises:
            StartRefused: when nobody can.
        """
        ...

    def prepare(self, plan: Plan, asked: Mapping[str, Any]) -> None:
        """Let every member of the plan prepare itself.

        Raises:
            StartRefused: when one cannot.
        """
        ...

    def follow(self, plan: Plan, asked: Mapping[str, Any]) -> MembersChange | None:
        """Look who has come and gone; prepare newcomers for the run."""
        ...

    def note_plan(self, plan: Plan | None, message: Mapping[str, Any] | None = None) -> None:
        """The plan in force now and the message that tells it; None when no run is under way."""
        ...

    def pending(self, members: Collection[str]) -> list[str]:
        """Of these members, those who can still be waited for."""
        ...

    def offsets(self) -> dict[str, Offset]:
        """What each member measured of its clock."""
        ...


class LocalMembership:
    """The one member in this process: always there.

    Args:
        runner: Locust's local runner; passes messages on as calls.
    """

    stop_lead_s = 0.0

    def __init__(self, runner: Any) -> None:
        self._runner = runner
        self._error: str | None = None
        runner.register_message(messages.READY, self._on_ready)

    def gather(self) -> tuple[str, ...]:
        """Itself."""
        return (LOCAL_MEMBER,)

    def prepare(self, plan: Plan, asked: Mapping[str, Any]) -> None:
        """Prepare it; the call returns when that is done."""
        self._error = None
        self._runner.send_message(messages.PREPARE, {"plan": plan.to_dict(), **asked})
        if self._error:
            raise StartRefused(self._error)

    def follow(self, plan: Plan, asked: Mapping[str, Any]) -> MembersChange | None:  # noqa: ARG002 - the protocol's
        """Nobody comes or goes."""
        return None

    def note_plan(self, plan: Plan | None, message: Mapping[str, Any] | None = None) -> None:
        """The message reaches it."""

    def pending(self, members: Collection[str]) -> list[str]:
        """It can always be waited for."""
        return list(members)

    def offsets(self) -> dict[str, Offset]:
        """One clock."""
        return {LOCAL_MEMBER: Offset(0.0, 0.0)}

    def _on_ready(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        self._error = msg.data["error"]


class WorkerMembership:
    """Worker processes, heard by their pings.

    Args:
        runner: Locust's master runner.
        clock: Where time comes from.
    """

    stop_lead_s = STOP_LEAD_S

    def __init__(self, runner: Any, clock: Clock) -> None:
        self._runner = runner
        self._clock = clock
        self._plan: Plan | None = None
        self._message: Mapping[str, Any] | None = None
        self._asked_for: dict[str, tuple[str, str]] = {}
        self.roster = Roster()
        for kind, listener in (
            (messages.PING, self._on_ping),
            (messages.READY, self._on_ready),
            (messages.ACK, self._on_ack),
            (messages.LEAVING, self._on_leaving),
        ):
            runner.register_message(kind, listener)

    def gather(self) -> tuple[str, ...]:
        """Wait until every worker that Locust has knows its clock; go on with those that do."""
        with gevent.Timeout(GATHER_TIMEOUT_S, False):
            while not self._all_know_their_clock():
                gevent.sleep(LOOK_EVERY_S)
        names = tuple(one.member for one in self._present() if one.offset)
        if not names:
            raise StartRefused("no worker can take part: none has measured its clock by pings")
        return names

    def prepare(self, plan: Plan, asked: Mapping[str, Any]) -> None:
        """Ask every member of the plan, and wait for all their answers."""
        self.note_plan(plan)
        wanted = [one for one in self._present() if one.member in plan.members[-1].ids]
        for one in wanted:
            self._ask(one, plan, asked)
        with gevent.Timeout(READY_TIMEOUT_S, False):
            while any(self._is_awaited(one.client_id, plan.run_id) for one in wanted):
                gevent.sleep(LOOK_EVERY_S)
        for one in wanted:
            now = self.roster.entries[one.client_id]
            if now.prepared_for != plan.run_id:
                reason = now.refused or "it has not become ready, or has gone"
                raise StartRefused(f"worker {now.member}: {reason}")

    def follow(self, plan: Plan, asked: Mapping[str, Any]) -> MembersChange | None:
        """Look who has come and gone; ask newcomers to prepare."""
        # When all are silent it is we who are cut off: that says nothing of any of them.
        now_s = min(self._clock.monotonic_s(), self.roster.last_heard_s())
        known = self._known_to_locust(self.roster.present(now_s))
        for one in known:
            if one.offset and self._asked_for.get(one.client_id, ("",))[0] != plan.run_id:
                self._ask(one, plan, asked)
        present = {one.member for one in known if not one.refused}
        able = [one.member for one in known if one.is_able(plan.run_id)]
        current = plan.members[-1].ids
        stay = [member for member in current if member in present]
        ids = (*stay, *(member for member in able if member not in stay))
        if set(ids) == set(current) or not ids:
            return None
        return self._change(plan, ids)

    def note_plan(self, plan: Plan | None, message: Mapping[str, Any] | None = None) -> None:
        """What the next answers to pings say, and what those get who have missed it."""
        self._plan, self._message = plan, message

    def pending(self, members: Collection[str]) -> list[str]:
        """Those of them that were heard of late."""
        now_s = self._clock.monotonic_s()
        alive = {one.member for one in self.roster.alive(now_s, GONE_AFTER_S)}
        return [member for member in members if member in alive]

    def offsets(self) -> dict[str, Offset]:
        """What each member measured of its clock."""
        return {one.member: one.offset for one in self.roster.entries.values() if one.offset}

    def _change(self, plan: Plan, ids: tuple[str, ...]) -> MembersChange:
        current = plan.members[-1].ids
        gone = [self.roster.by_member(member) for member in current if member not in ids]
        lost = [one for one in gone if one is not None and not one.leaving]
        for one in lost:
            let_locust_know_lost(self._runner, one.client_id)
        return MembersChange(
            ids,
            tuple(one.member for one in lost),
            clock_error_s=max((o.error_s for o in self.offsets().values()), default=0.0),
            oldest_version=self.roster.oldest_version(current, plan.run_id),
        )

    def _present(self) -> list[Heard]:
        return self._known_to_locust(self.roster.present(self._clock.monotonic_s()))

    def _known_to_locust(self, heard: Sequence[Heard]) -> list[Heard]:
        """Plans only reach those; others once knew another master."""
        return [one for one in heard if one.client_id in self._runner.clients]

    def _all_know_their_clock(self) -> bool:
        present = {one.client_id: one for one in self._present()}
        clients = [
            client.id for client in self._runner.clients.values() if client.state != "missing"
        ]
        return bool(clients) and all(
            client_id in present and present[client_id].offset for client_id in clients
        )

    def _ask(self, one: Heard, plan: Plan, asked: Mapping[str, Any]) -> None:
        self._asked_for[one.client_id] = plan.run_id, plan.digest(0)
        self.roster.update(one.client_id, refused=None)
        self._runner.send_message(
            messages.PREPARE, {"plan": plan.to_dict(), **asked}, client_id=one.client_id
        )

    def _is_awaited(self, client_id: str, run_id: str) -> bool:
        one = self.roster.entries[client_id]
        answered = one.prepared_for == run_id or one.refused is not None
        return not answered and self._clock.monotonic_s() - one.heard_s < GONE_AFTER_S

    def _on_ping(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        ping, now_s = msg.data, self._clock.monotonic_s()
        known = ping["offset_s"] is not None
        offset = Offset(ping["offset_s"], ping["error_s"]) if known else None
        one = self.roster.hear(msg.node_id, now_s, offset, (ping["run_id"], ping["version"]))
        pong = {
            "sent_s": ping["sent_s"],
            "conductor_s": now_s,
            "member": one.member,
            "run_id": self._plan.run_id if self._plan else None,
            "version": self._plan.version if self._plan else 0,
        }
        self._runner.send_message(messages.PONG, pong, client_id=msg.node_id)
        self._help_up(one)

    def _help_up(self, one: Heard) -> None:
        """Give a process what it has missed: messages to it are lost while its connection is."""
        if not one.leaving:
            let_locust_know_back(self._runner, one.client_id)
        run_id, version = one.follows
        plan = self._plan
        if plan and self._message and run_id == plan.run_id and version < plan.version:
            self._runner.send_message(messages.PLAN, self._message, client_id=one.client_id)

    def _on_ready(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        ready, (run_id, digest) = msg.data, self._asked_for.get(msg.node_id, ("", ""))
        if ready["run_id"] != run_id:
            return
        error = ready["error"] or (OTHER_ARRIVALS if ready["digest"] != digest else None)
        self.roster.update(msg.node_id, prepared_for=None if error else run_id, refused=error)

    def _on_ack(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        plan, ack = self._plan, msg.data
        if plan is None or (ack["run_id"], ack["version"]) != (plan.run_id, plan.version):
            return
        follows = ack["run_id"], ack["version"]
        if plan.digest(ack["first_k"]) == ack["digest"]:
            self.roster.update(msg.node_id, follows=follows)
        else:
            log.error("Worker %s: %s", msg.node_id, OTHER_ARRIVALS)
            self.roster.update(msg.node_id, refused=OTHER_ARRIVALS)

    def _on_leaving(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        self.roster.update(msg.node_id, leaving=True)
