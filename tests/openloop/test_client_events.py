import socket

import gevent
import pytest
from locust import User, task
from locust.env import Environment

from openloop.arrival import Arrival
from openloop.client_events import client_outcome, note_client_event
from openloop.clock import SYSTEM_CLOCK
from openloop.in_flight import InFlight
from openloop.recorder import Recorder
from openloop.stats_filter import StatsFilter
from openloop.task_mix import TaskMix
from openloop.user import OpenLoop
from openloop.user_pool import UserPool


class Kept:
    def __init__(self):
        self.rows = []

    def append(self, row):
        self.rows.append(row)

    def add(self, row):
        pass

    def add_sent(self, k, intended_s, sent_s):
        pass


class Answer:
    def __init__(self, status_code):
        self.status_code = status_code


class Browser(OpenLoop, User):
    """Its client reports requests to Locust and knows nothing of arrivals."""

    @task
    def visit(self):
        for exception, status in self.script:
            self.environment.events.request.fire(
                request_type="GET",
                name="/page",
                response_time=1,
                response_length=10,
                response=Answer(status),
                exception=exception,
                context={},
            )


@pytest.fixture
def visit():
    environment = Environment(user_classes=[Browser])
    environment.create_local_runner()
    stats_filter = StatsFilter(environment.stats)
    stats_filter.new_run("r")
    environment.events.request.add_listener(note_client_event)
    kept = Kept()
    flight = InFlight(
        environment,
        mix=TaskMix([Browser], 1),
        pool=UserPool(environment),
        recorder=Recorder(kept, kept, member="local", warm_up_s=0.0),
        clock=SYSTEM_CLOCK,
        limit=10,
    )

    def run(*script, late_s=0.0):
        Browser.script = script
        epoch_s = SYSTEM_CLOCK.monotonic_s() - late_s
        flight.start(Arrival(0, 0.0, seed=1, run_id="r", epoch_s=epoch_s))
        flight.drain(1.0)
        return kept.rows[-1], environment.stats

    yield run
    environment.runner.quit()


def test_an_arrival_counts_once_whatever_number_of_requests_its_task_makes(visit):
    _, stats = visit((None, 200), (None, 200), (None, 200))
    assert stats.total.num_requests == 1
    assert stats.get("/page", "GET").num_requests == 3
    assert stats.get("visit", "arrival").num_requests == 1


def test_its_latency_counts_from_the_intended_time_to_the_end_of_the_task(visit):
    row, stats = visit((None, 200), late_s=0.5)
    assert stats.get("visit", "arrival").max_response_time >= 500
    assert row.received_s - row.intended_s >= 0.5


def test_a_failed_request_fails_its_arrival(visit):
    row, stats = visit((None, 200), (ConnectionRefusedError("no"), None), (None, 200))
    assert (row.status, row.failure_class) == ("failed", "refused")
    assert stats.total.num_failures == 1


def test_the_answers_status_is_recorded(visit):
    row, _ = visit((None, 204))
    assert (row.status, row.code, row.http_status) == ("ok", "204", 204)


class Wrapped(Exception):
    def __init__(self, reason):
        super().__init__("wrapped")
        self.reason = reason


@pytest.mark.parametrize(
    ("exception", "status", "expected"),
    [
        pytest.param(Exception("bad"), 503, "platform", id="unavailable"),
        pytest.param(Exception("bad"), 404, "app", id="not-found"),
        pytest.param(TimeoutError(), None, "deadline", id="timeout"),
        pytest.param(Wrapped(ConnectionResetError()), None, "reset", id="reset-inside"),
        pytest.param(Exception(socket.gaierror()), None, "dns", id="dns-inside"),
        pytest.param(ValueError("unexpected body"), 200, "app", id="checked-by-the-task"),
    ],
)
def test_failures_are_classed_by_what_lies_behind_them(exception, status, expected):
    assert client_outcome(exception, status).failure_class == expected


def test_requests_outside_arrivals_are_left_alone():
    gevent.spawn(note_client_event, exception=None, response=None).get()
