"""The greenlet of a call, switched to when the call ends: once, and nowhere else."""

import gevent
import pytest
from gevent.event import Event

from grpc_user.h2 import frames
from grpc_user.h2.connection import Connection
from grpc_user.h2.deadlines import Deadlines
from grpc_user.h2.unary_call import UnaryCall
from tests.grpc_user.h2.peer import answer, message, trailers


class Session:
    """One without a socket."""

    def __init__(self):
        self.hub = gevent.get_hub()
        self.run_soon = self.hub.loop.run_callback
        self.connection = Connection()
        self.connection.receive(frames.settings(()))

    def flush(self):
        pass

    def answers(self):
        self.connection.receive(answer(1) + message(1) + trailers(1))


class Calling:
    """A greenlet that calls and then, whatever came of that, waits for something else."""

    def __init__(self, session, lane=None):
        self._session = session
        self._lane = lane
        self.came = []
        self.greenlet = gevent.spawn(self._run)
        gevent.sleep(0)

    def _run(self):
        self.call = UnaryCall(self._session, lambda: 7.0)
        try:
            self.call.run(b"headers", b"ask", self._lane, 0.0)
        except (gevent.GreenletExit, gevent.Timeout) as error:
            self.came.append(type(error))
        self.came.append(self.call.exchange.status)
        self.came.append(Event().wait(0.02))


def test_a_call_goes_on_with_its_end():
    session = Session()
    calling = Calling(session)
    session.answers()
    calling.greenlet.join()
    assert calling.came == [("OK", ""), False]
    assert calling.call.received_s == 7.0


@pytest.mark.parametrize(
    "thrown", [gevent.GreenletExit(), gevent.Timeout()], ids=["killed", "timeout"]
)
@pytest.mark.parametrize("order", ["thrown-then-answered", "thrown-alone"])
def test_what_is_thrown_in_passes_through_and_the_end_wakes_nobody_afterwards(thrown, order):
    session = Session()
    calling = Calling(session)
    calling.greenlet.kill(thrown, block=False)
    status = ("CANCELLED", "Locally cancelled by application!")
    if order == "thrown-then-answered":
        session.answers()
        status = ("OK", "")
    calling.greenlet.join()
    assert calling.came == [type(thrown), status, False]
    assert session.connection.exchanges == {}


def test_a_call_out_of_time_is_ended_on_the_wire_too():
    session = Session()
    lane = Deadlines(lambda: 40.0).lane(30.0)
    calling = Calling(session, lane)
    lane._look()
    calling.greenlet.join()
    assert calling.came[0] == ("DEADLINE_EXCEEDED", "Deadline Exceeded")
    assert session.connection.out[-1] == frames.rst_stream(1, frames.CANCEL)


@pytest.mark.parametrize("end", ["answered", "killed"])
def test_a_call_that_is_over_has_no_deadline_any_more(end):
    session = Session()
    lane = Deadlines(lambda: 0.0).lane(30.0)
    calling = Calling(session, lane)
    assert list(lane.calls) == [calling.call]
    if end == "answered":
        session.answers()
    else:
        calling.greenlet.kill(block=False)
    gevent.sleep(0)
    assert lane.calls == {}
    calling.greenlet.kill()
