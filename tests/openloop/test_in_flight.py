from typing import ClassVar

import gevent
import pytest
from gevent.event import Event
from locust import User, task
from locust.env import Environment

from openloop.arrival import Arrival, Outcome, current_arrival
from openloop.clock import SYSTEM_CLOCK
from openloop.in_flight import InFlight
from openloop.recorder import SUMMED_AT_ONCE, Recorder
from openloop.task_mix import TaskMix
from openloop.user import OpenLoop
from openloop.user_pool import UserPool


class Kept:
    """Takes what the recorder gives to the sink and to the summary."""

    def __init__(self):
        self.rows = []
        self.sent = []
        self.added = []

    def append(self, row):
        self.rows.append(row)

    def add(self, row):
        self.added.append(row)

    def add_sent(self, k, intended_s, sent_s):
        self.sent.append(k)

    def flush(self):
        pass


class Scripted(OpenLoop, User):
    """Does what the test put into `script` for arrival k."""

    script: ClassVar[dict] = {}
    instances = 0

    def on_start(self):
        type(self).instances += 1

    @task
    def ask(self):
        self.script.get(current_arrival().k, lambda user: None)(self)


@pytest.fixture
def bench():
    Scripted.script, Scripted.instances = {}, 0
    environment = Environment(user_classes=[Scripted])
    kept = Kept()
    kept.recorder = Recorder(kept, kept, member="local", warm_up_s=1.0)
    flight = InFlight(
        environment,
        mix=TaskMix([Scripted], 1),
        pool=UserPool(environment),
        recorder=kept.recorder,
        clock=SYSTEM_CLOCK,
        limit=3,
    )

    def start(k, intended_s=0.0):
        epoch_s = SYSTEM_CLOCK.monotonic_s()
        flight.start(Arrival(k, intended_s, seed=1, run_id="r", epoch_s=epoch_s))

    return kept, flight, start


def test_an_arrival_is_one_row_whatever_its_task_did(bench):
    kept, flight, start = bench
    start(0)
    flight.drain(1.0)
    (row,) = kept.rows
    assert (row.k, row.status, row.phase) == (0, "ok", "warm-up")
    assert row.received_s >= row.sent_s
    assert kept.added == kept.rows


def test_sendings_are_summed_up_in_their_order_when_flushed(bench):
    kept, flight, start = bench
    for k in range(3):
        start(k)
    flight.drain(1.0)
    assert kept.sent == []
    kept.recorder.flush()
    assert kept.sent == [0, 1, 2]


def test_summing_up_sendings_gives_way_to_arrivals_after_each_piece_of_it(bench):
    kept, flight, start = bench
    for k in range(2 * SUMMED_AT_ONCE + 1):
        start(k)
        flight.drain(1.0)
    summed = []
    kept.recorder.flush(give_way=lambda: summed.append(len(kept.sent)))
    assert summed == [SUMMED_AT_ONCE, 2 * SUMMED_AT_ONCE, 2 * SUMMED_AT_ONCE + 1]


def test_a_flush_within_another_keeps_the_order_of_sendings(bench):
    kept, flight, start = bench
    for k in range(3 * SUMMED_AT_ONCE):
        start(k)
        flight.drain(1.0)
    kept.recorder.flush(give_way=kept.recorder.flush)
    assert kept.sent == list(range(3 * SUMMED_AT_ONCE))


def test_the_phase_goes_by_the_intended_time(bench):
    kept, flight, start = bench
    start(0, intended_s=1.0)
    flight.drain(1.0)
    assert kept.rows[0].phase == "measured"


def test_what_a_client_reports_of_a_call_is_recorded(bench):
    kept, flight, start = bench
    outcome = Outcome("failed", received_s=2.0, code="UNAVAILABLE", failure_class="refused")
    Scripted.script[0] = lambda user: current_arrival().finish(outcome)
    start(0)
    flight.drain(1.0)
    (row,) = kept.rows
    assert (row.status, row.code, row.failure_class) == ("failed", "UNAVAILABLE", "refused")
    assert row.received_s == 2.0


def test_of_several_calls_in_a_task_the_worst_counts(bench):
    kept, flight, start = bench

    def calls(user):
        current_arrival().finish(Outcome("failed", received_s=1.0, failure_class="app"))
        current_arrival().finish(Outcome("ok", received_s=2.0))

    Scripted.script[0] = calls
    start(0)
    flight.drain(1.0)
    assert kept.rows[0].status == "failed"


def test_a_task_that_raises_is_a_failure_of_the_generator(bench):
    kept, flight, start = bench
    Scripted.script[0] = lambda user: 1 / 0
    start(0)
    flight.drain(1.0)
    (row,) = kept.rows
    assert (row.status, row.failure_class) == ("failed", "generator")
    assert "ZeroDivisionError" in row.detail


def test_what_is_still_under_way_after_the_drain_is_unfinished(bench):
    kept, flight, start = bench
    Scripted.script[0] = lambda user: Event().wait()
    start(0)
    assert flight.drain(0.01) == 1
    (row,) = kept.rows
    assert (row.status, row.failure_class, row.received_s) == ("unfinished", "cancelled", None)


def test_arrivals_above_the_limit_are_unsent_with_the_reason(bench):
    kept, flight, start = bench
    over = Event()
    for k in range(5):
        Scripted.script[k] = lambda user: over.wait()
        start(k)
    over.set()
    flight.drain(1.0)
    unsent = [row for row in kept.rows if row.status == "unsent"]
    assert [(row.k, row.failure_class) for row in unsent] == [
        (3, "max-in-flight"),
        (4, "max-in-flight"),
    ]
    assert len(kept.rows) == 5


def test_arrivals_under_way_at_once_never_share_a_user(bench):
    _, flight, start = bench
    users = []
    for k in range(3):
        Scripted.script[k] = lambda user: (users.append(user), gevent.sleep(0.01))
        start(k)
    flight.drain(1.0)
    assert len({id(user) for user in users}) == 3


def test_users_are_lent_again(bench):
    _, flight, start = bench
    for k in range(5):
        start(k)
        flight.drain(1.0)
    assert Scripted.instances == 1
