"""The hub's side of an engine process, with engines that are scripted."""

import math
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import gevent
import numpy as np
import pytest
from locust.event import Events
from locust.stats import RequestStats

from grpc_user.engine import last_reading, process_sending
from grpc_user.engine.books import Books
from grpc_user.engine.handle import HUNG_AFTER_S, Batch
from grpc_user.engine.process_sending import MOST_SUCCESSORS, ProcessSending
from grpc_user.engine.pulse import Pulse
from openloop.clock import SYSTEM_CLOCK
from openloop.errors import StartRefused
from openloop.lease import Lease
from openloop.recorder import Recorder
from openloop.sending import SendingSetup
from openloop.stats_filter import StatsFilter
from records.slot_table import frame_to_table
from records.slots import SENT, SLOT
from tests.records.fakes import calls
from tests.slot_rows import MEMBER, METHOD, random_rows, sent_slots_of, slots_of
from tests.verdict.simulated import make_plan
from tests.waiting import wait_for
from verdict.member_summary import MemberSummary

PLAN = make_plan("uniform", 10.0, 1.0, 1, (MEMBER,))
NONE = np.zeros(0, SLOT)
DEATH = "the engine process ended: signal 9"
HUNG = "the engine process hung and was killed"


def soon(what, look):
    return wait_for(what, look, within_s=5.0, every_s=0.001)


class FakeEngine:
    """What `EngineHandle` is to the hub."""

    def __init__(self, spec, problems=()):
        self.spec = spec
        self.problems = problems
        self.batches, self.said, self.granted = [], [], []
        self.dead = None
        self.is_sending = self.is_drained = True
        self.kept, self.committed, self.read_count = 0, 0, 0
        self.beat, self.is_hung, self._pulse = 0, False, Pulse()
        self.next_k, self.reached_s, self.in_flight, self.cpu_s = spec.first_k, -math.inf, 0, 1.5

    def wait_until_ready(self, timeout_s):
        return self.problems

    def follow(self, plan, epoch_monotonic_s):
        self.said.append(("follow", plan.version))

    def renew(self, granted_s):
        self.granted.append(granted_s)

    def read_all(self):
        batches, self.batches = self.batches or [Batch(NONE, NONE, NONE, [])], []
        for number, batch in enumerate(batches, 1):
            self.read_count += len(batch.sent) + len(batch.ended)
            yield replace(batch, upto=self.read_count, is_last=number == len(batches))

    def commit(self, upto):
        self.committed = upto

    def is_still(self, now_s):
        return self._pulse.look(self.beat, now_s) >= HUNG_AFTER_S

    def kill_hung(self):
        self.is_hung, self.dead = True, HUNG

    def drain(self, timeout_s):
        self.said.append("drain")
        return 0

    def death(self):
        return self.dead

    def close(self):
        self.said.append("close")


class ListSink:
    """Keeps the rows, a byte each; a writer that is not `slow` takes them at each push."""

    writer_pid = 0

    def __init__(self):
        self.rows, self.passed_bytes, self.slow, self.lost = [], 0, False, 0

    @property
    def given_bytes(self):
        return len(self.rows)

    def push(self):
        if not self.slow:
            self.passed_bytes = len(self.rows)

    def lose(self, count, reason):
        self.lost += count

    def append(self, record):
        self.rows.append(record._asdict())

    def append_frames(self, frames):
        for frame in frames:
            self.rows += frame_to_table(frame, MEMBER).to_pylist()

    def flush(self):
        """Nothing is buffered."""


class HandClock:
    """The system's clock, until a test moves it by hand."""

    now_s = None
    unix_s = SYSTEM_CLOCK.unix_s

    def monotonic_s(self):
        return SYSTEM_CLOCK.monotonic_s() if self.now_s is None else self.now_s

    def pass_by(self, step_s, steps=1):
        """Let time pass in steps; the watcher looks after each."""
        for _ in range(steps):
            self.now_s = self.monotonic_s() + step_s
            gevent.sleep(0.003)


class Setting:
    """A member's sending, and all that it is told and tells."""

    def __init__(self):
        self.engines, self.problems, self.quits = [], [], []
        self.clock = HandClock()
        self.sink, self.lease = ListSink(), Lease(SYSTEM_CLOCK.monotonic_s())
        runner = SimpleNamespace(quit=lambda: self.quits.append("quit"))
        environment = SimpleNamespace(
            stats=RequestStats(), events=Events(), runner=runner, web_ui=None
        )
        summary = MemberSummary(PLAN, MEMBER)
        setup = SendingSetup(
            environment=environment,
            plan=PLAN,
            standing=SimpleNamespace(member=MEMBER, leave=self.lease),
            recorder=Recorder(self.sink, summary, member=MEMBER, warm_up_s=0.0),
            clock=self.clock,
            max_in_flight=100,
            stats_filter=StatsFilter(environment.stats),
            folder=Path("nowhere"),
        )
        self.sending = ProcessSending(setup, lambda: "localhost:1", METHOD, start=self.start)

    def start(self, spec):
        problems = self.problems.pop(0) if self.problems else ()
        self.engines.append(FakeEngine(spec, problems))
        return self.engines[-1]

    def begin(self):
        self.sending.prepare()
        self.sending.follow(PLAN, epoch_monotonic_s=SYSTEM_CLOCK.monotonic_s())
        return self.engines[0]

    def statuses(self):
        return [(row["k"], row["status"], row["failure_class"]) for row in self.sink.rows]


@pytest.fixture
def setting(monkeypatch):
    monkeypatch.setattr(process_sending, "WATCH_EVERY_S", 0.001)
    made = Setting()
    yield made
    made.sending.close()


def sent(*numbers):
    slots = np.zeros(len(numbers), SLOT)
    slots["kind"], slots["k"], slots["sent_s"] = SENT, numbers, 0.5
    return Batch(slots, NONE, NONE, [])


def ends(first_k, count):
    """So many arrivals that are over, from a k on."""
    slots, texts = slots_of(calls(count, first=first_k))
    return Batch(NONE, slots, NONE, texts)


def test_problems_of_an_engine_refuse_the_run_and_end_it(setting):
    setting.problems = [("no such host", "valid: another")]
    with pytest.raises(StartRefused, match="no such host; valid: another"):
        setting.sending.prepare()
    assert setting.engines[0].said == ["close"]


def test_an_engine_is_told_of_each_renewal_of_the_lease(setting):
    engine = setting.begin()
    before = len(engine.granted)
    setting.lease.renew(SYSTEM_CLOCK.monotonic_s() + 5)
    assert len(engine.granted) == before + 1 == 2


def test_what_was_read_is_given_up_only_when_the_writer_has_it(setting):
    engine = setting.begin()
    setting.sink.slow = True
    engine.batches = [ends(0, 10), ends(10, 5)]
    setting.sending.collect()
    assert (engine.read_count, engine.committed) == (15, 0)
    setting.sink.passed_bytes = 12  # the first batch, and part of the second
    setting.sending.collect()
    assert engine.committed == 10
    setting.sink.slow = False
    soon("the rest, without new rows", lambda: engine.committed == 15)


def test_an_engine_on_the_same_core_is_let_in_between_pieces_of_a_batch(monkeypatch):
    pieces = []

    def give_way():
        pieces.append(len(setting.sink.rows))

    monkeypatch.setattr(process_sending, "Books", partial(Books, give_way=give_way))
    setting = Setting()
    setting.begin().batches = [ends(0, 10)]
    setting.sending.collect()
    assert pieces.count(0) >= 2  # before the rows are handed on
    assert pieces.count(10) >= 4  # and while they are summed up and counted
    setting.sending.close()


def test_the_writer_of_the_records_leaves_the_cpu_to_the_engine(setting, monkeypatch):
    told = []
    monkeypatch.setattr(process_sending, "leave_cpu_to_others", told.append)
    setting.sink.writer_pid = 4711
    setting.begin()
    assert told == [4711]


def test_a_successor_begins_after_all_that_the_dead_one_began(setting):
    engine = setting.begin()
    engine.batches = [sent(0, 1, 2)]
    engine.dead = DEATH
    soon("a successor", lambda: len(setting.engines) == 2)
    soon("its plan", lambda: setting.engines[1].said)
    assert setting.engines[1].spec.first_k == 3
    assert setting.engines[1].said == [("follow", PLAN.version)]
    assert setting.statuses() == [(k, "unfinished", "generator") for k in range(3)]
    assert setting.sending.deaths == 1


def test_the_cpu_of_the_dead_counts_on(setting):
    setting.begin().dead = DEATH
    soon("a successor", lambda: len(setting.engines) == 2)
    assert setting.sending.cpu_s() == 3.0


def test_when_no_successor_can_send_the_run_ends_and_the_rest_is_unsent(setting):
    engine = setting.begin()
    engine.batches = [sent(0, 1)]
    setting.problems = [("no room",)] * MOST_SUCCESSORS
    engine.dead = DEATH
    soon("the end", lambda: setting.quits)
    setting.sending.follow(PLAN.with_stop(0.55), epoch_monotonic_s=SYSTEM_CLOCK.monotonic_s() - 1)
    setting.sending.join()
    assert len(setting.engines) == 1 + MOST_SUCCESSORS
    assert setting.statuses()[2:] == [(k, "unsent", "stopped") for k in range(2, 6)]
    assert setting.sending.drain(1.0) == 0


def test_an_engine_that_dies_in_the_drain_has_no_successor(setting):
    engine = setting.begin()
    engine.is_sending = False
    setting.sending.join()
    engine.batches = [sent(8, 9)]
    engine.drain = lambda timeout_s: setattr(engine, "dead", DEATH) or 0
    assert setting.sending.drain(1.0) == 2
    gevent.sleep(0.01)
    assert len(setting.engines) == 1
    assert setting.statuses() == [(k, "unfinished", "generator") for k in (8, 9)]


def test_ends_reach_the_records_in_batches(setting):
    rows = random_rows(3, 30)
    slots, texts = slots_of(rows)
    engine = setting.begin()
    engine.batches = [Batch(sent_slots_of(rows), slots, NONE, texts)]
    setting.sending.collect()
    assert [row["k"] for row in setting.sink.rows] == [row.k for row in rows]


def test_what_an_engine_had_no_room_for_is_read_at_the_end(setting):
    engine = setting.begin()
    engine.batches, engine.kept = [ends(0, 3)], 5

    def room(upto):
        engine.committed = upto
        if engine.kept:
            engine.batches, engine.kept = [ends(3, 5)], 0

    engine.commit = room
    assert setting.sending.drain(1.0) == 0
    assert [row["k"] for row in setting.sink.rows] == list(range(8))


def test_a_writer_that_stands_still_makes_no_engine_lose_its_rows(setting, monkeypatch):
    monkeypatch.setattr(last_reading, "WRITER_S", 0.05)
    setting.sink.slow = True
    test_what_an_engine_had_no_room_for_is_read_at_the_end(setting)


def test_an_engine_that_does_not_drain_is_killed_before_its_calls_are_written_off(setting):
    engine = setting.begin()
    engine.batches, engine.is_drained = [sent(8, 9)], False
    assert setting.sending.drain(1.0) == 2
    assert engine.is_hung
    assert {row["detail"] for row in setting.sink.rows} == {HUNG}


def test_a_successor_sends_nothing_that_the_dead_one_said_it_had_begun(setting):
    engine = setting.begin()
    engine.batches, engine.next_k = [sent(0, 1, 2)], 7
    engine.dead = DEATH
    soon("a successor", lambda: len(setting.engines) == 2)
    assert setting.engines[1].spec.first_k == 7


def test_arrivals_that_a_dead_engine_alone_knew_of_are_lost_and_said_to_be(setting):
    engine = setting.begin()
    engine.batches, engine.next_k = [sent(0, 1, 2)], 7
    engine.dead = DEATH
    soon("a successor", lambda: len(setting.engines) == 2)
    assert setting.sink.lost == setting.engines[1].spec.rows_lost == 4
    assert [row["k"] for row in setting.sink.rows] == [0, 1, 2]


def test_a_successor_begins_when_the_writer_has_the_rows_of_the_dead_one(setting):
    engine = setting.begin()
    setting.sink.slow = True
    engine.batches = [ends(0, 3)]
    engine.dead = DEATH
    soon("a successor", lambda: len(setting.engines) == 2)
    gevent.sleep(0.05)
    assert setting.engines[1].said == []
    setting.sink.slow = False
    soon("its plan", lambda: setting.engines[1].said)


def test_an_engine_whose_heart_stands_still_is_killed_and_has_a_successor(setting):
    engine = setting.begin()
    engine.batches = [sent(0, 1)]
    setting.clock.pass_by(0.05, steps=int(HUNG_AFTER_S / 0.05) - 1)
    assert not engine.is_hung
    setting.clock.pass_by(0.05, steps=10)
    soon("a successor", lambda: len(setting.engines) == 2)
    assert engine.is_hung
    assert (setting.sending.deaths, setting.sending.hangs) == (1, 1)
    assert {row["detail"] for row in setting.sink.rows} == {HUNG}


def test_an_engine_whose_heart_beats_is_left_alone(setting):
    engine = setting.begin()
    for _ in range(100):
        setting.clock.pass_by(0.1)
        engine.beat += 1
    assert engine.dead is None


def test_a_pause_of_the_whole_machine_accuses_nobody(setting):
    engine = setting.begin()
    setting.clock.pass_by(0.05, steps=30)
    setting.clock.pass_by(3600.0)
    engine.beat += 1
    setting.clock.pass_by(0.05, steps=10)
    assert engine.dead is None
