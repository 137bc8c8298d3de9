"""What a call tells Locust and its arrival, on a clock moved by hand."""

import gevent
import pytest

from grpc_user.call_failed import CallFailed
from grpc_user.caller import CallDefaults, Caller
from grpc_user.stub_channel import StubChannel
from openloop.arrival import Arrival, ArrivalGreenlet
from tests.grpc_user.fakes import FakeClock, ScriptedTransport

EPOCH_S = 100.0


class PlainUser:
    report_messages = False
    ending = False

    def context(self):
        return {}

    def call_metadata(self):
        return ()

    def is_ending(self):
        return self.ending

    def reply_figures(self, reply):
        return {"instance_id": f"worker-{reply.decode()}"} if reply else {}


class Scene:
    """One caller on a scripted transport."""

    def __init__(self, **script):
        self.clock = FakeClock(EPOCH_S)
        self.transport = ScriptedTransport(self.clock, **script)
        self.events = []
        self.user = PlainUser()
        caller = Caller(
            self.user,
            self.transport,
            CallDefaults(timeout_s=30.0),
            fire=lambda **event: self.events.append(event),
            clock=self.clock,
        )
        self.channel = StubChannel(caller)
        self.call = self.channel.unary_unary("/a.B/C")

    def arrive(self, work, intended_s=0.0):
        """Run work as arrival 3, at the clock's time."""
        arrival = Arrival(3, intended_s, seed=1, run_id="r", epoch_s=EPOCH_S)
        greenlet = ArrivalGreenlet(work)
        greenlet.arrival = arrival
        greenlet.start()
        greenlet.join()
        return arrival


def test_latency_is_lag_plus_service():
    scene = Scene(wait_s=0.2, service_s=0.05, body=b"1")
    scene.clock.now_s += 1.5
    arrival = scene.arrive(lambda: scene.call(b""), intended_s=1.0)
    assert arrival.sent_s == pytest.approx(1.7)
    assert arrival.outcome.received_s == pytest.approx(1.75)
    assert scene.events[0]["response_time"] == pytest.approx(750.0)
    assert scene.events[0]["start_time"] == pytest.approx(1_000_000 + EPOCH_S + 1.0)


def test_closed_loop_latency_is_service():
    scene = Scene(wait_s=0.2, service_s=0.05)
    scene.call(b"")
    assert scene.events[0]["response_time"] == pytest.approx(50.0)


def test_a_second_call_of_an_arrival_counts_from_its_own_calling():
    scene = Scene(wait_s=0.1, service_s=0.05)
    arrival = scene.arrive(lambda: (scene.call(b""), scene.call(b"")))
    assert [event["response_time"] for event in scene.events] == pytest.approx([150.0, 150.0])
    assert arrival.sent_s == pytest.approx(0.1)


def test_the_worst_of_several_calls_is_the_arrivals():
    scene = Scene(code="UNAVAILABLE", details="no healthy upstream")

    def task():
        with pytest.raises(CallFailed):
            scene.call(b"")
        scene.transport.code = "OK"
        scene.call(b"")

    assert scene.arrive(task).outcome.failure_class == "platform"


def test_figures_of_the_reply_reach_arrival_and_event():
    scene = Scene(body=b"7")
    arrival = scene.arrive(lambda: scene.call(b""))
    assert arrival.outcome.instance_id == "worker-7"
    assert scene.events[0]["context"] == {
        "k": 3,
        "intended": 0.0,
        "sent": pytest.approx(0.0),
        "instance": "worker-7",
    }


def test_the_connection_is_in_the_record():
    scene = Scene()
    assert scene.arrive(lambda: scene.call(b"")).outcome.channel == 7


def test_an_http_status_is_in_the_record():
    scene = Scene(code="UNAVAILABLE", details="Received http2 header with status: 503")
    arrival = scene.arrive(lambda: scene.call(b"", catch_response=True).__exit__(None, None, None))
    assert (arrival.outcome.failure_class, arrival.outcome.http_status) == ("platform", 503)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        pytest.param(gevent.GreenletExit(), "unfinished", id="killed"),
        pytest.param(gevent.Timeout(), "failed", id="own-timeout"),
        pytest.param(KeyError("bug"), "failed", id="bug"),
    ],
)
def test_a_call_that_is_interrupted_is_reported_once(reason, status):
    scene = Scene(raises=reason)

    def task():
        with pytest.raises(type(reason)):
            scene.call(b"")

    arrival = scene.arrive(task)
    assert (arrival.outcome.status, arrival.outcome.failure_class) == (status, "cancelled")
    assert [repr(event["exception"]) for event in scene.events] == ["CANCELLED: cancelled"]


@pytest.mark.parametrize(("ending", "events"), [(True, 0), (False, 1)], ids=["ending", "running"])
def test_what_locust_kills_closed_loop_at_the_end_is_no_result(ending, events):
    scene = Scene(raises=gevent.GreenletExit())
    scene.user.ending = ending
    with pytest.raises(gevent.GreenletExit):
        scene.call(b"")
    assert len(scene.events) == events


def test_an_arrival_cut_off_at_the_end_is_reported_all_the_same():
    scene = Scene(raises=gevent.GreenletExit())
    scene.user.ending = True
    assert scene.arrive(lambda: scene.call(b"")).outcome.status == "unfinished"
    assert len(scene.events) == 1


def test_a_stream_reports_its_first_message_and_its_end():
    scene = Scene(bodies=(b"1", b"2"), service_s=0.1)
    stream = scene.channel.unary_stream("/a.B/S")
    arrival = scene.arrive(lambda: list(stream(b"")))
    assert [event["name"] for event in scene.events] == ["/a.B/S [first]", "/a.B/S"]
    assert [event["response_time"] for event in scene.events] == pytest.approx([100.0, 300.0])
    assert arrival.outcome.reply_bytes == 2
    assert arrival.outcome.instance_id == "worker-2"


def test_a_stream_without_a_message_has_no_first():
    scene = Scene(code="NOT_FOUND", details="gone")
    stream = scene.channel.unary_stream("/a.B/S")

    def task():
        with pytest.raises(CallFailed):
            list(stream(b""))

    scene.arrive(task)
    assert [event["name"] for event in scene.events] == ["/a.B/S"]


def test_requests_of_a_stream_are_encoded_and_counted():
    scene = Scene()
    gather = scene.channel.stream_unary("/a.B/G", request_serializer=str.encode)
    arrival = scene.arrive(lambda: gather(iter(["ab", "cde"])))
    assert scene.transport.requests == [[b"ab", b"cde"]]
    assert arrival.outcome.request_bytes == 5


def test_an_unknown_call_option_is_an_error_of_the_task():
    scene = Scene()
    with pytest.raises(TypeError, match="nam"):
        scene.call(b"", nam="typo")
