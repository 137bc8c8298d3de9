import gevent
import pytest
from gevent.event import Event

from openloop.arrival import Arrival, current_arrival
from openloop.crew import Crew


class Leaked(BaseException):
    """Thrown in late, as a `gevent.Timeout` that its task did not close."""


@pytest.fixture
def job():
    """What the crew did: the arrivals in order with their greenlets; those in `held` wait."""

    class Job:
        def __init__(self):
            self.done, self.cut_off, self.held = [], [], {}

        def work(self, arrival):
            assert current_arrival() is arrival
            try:
                if arrival.k in self.held:
                    self.held[arrival.k].wait()
                self.done.append((arrival.k, gevent.getcurrent()))
            except gevent.GreenletExit:
                self.cut_off.append(arrival.k)

        @property
        def numbers(self):
            return [k for k, _ in self.done]

    return Job()


def arrival(k):
    return Arrival(k, 0.0, seed=1, run_id="r", epoch_s=0.0)


def run(crew, *numbers):
    for k in numbers:
        crew.start(arrival(k))
    crew.join(5.0)


def test_arrivals_run_in_the_order_in_which_they_were_started(job):
    crew = Crew(job.work)
    run(crew, *range(5))
    run(crew, *range(5, 15))
    assert job.numbers == list(range(15))


def test_an_arrival_begins_only_when_who_started_it_waits(job):
    crew = Crew(job.work)
    run(crew, 0)
    crew.start(arrival(1))
    assert (job.numbers, len(crew)) == ([0], 1)


def test_a_greenlet_whose_arrival_is_over_runs_a_later_one(job):
    crew = Crew(job.work)
    for k in range(4):
        run(crew, k)
    assert len({greenlet for _, greenlet in job.done}) == 1


def test_arrivals_under_way_at_once_have_each_a_greenlet_of_their_own(job):
    crew = Crew(job.work)
    job.held = {0: Event(), 1: Event()}
    for k in range(3):
        crew.start(arrival(k))
    gevent.sleep(0)
    assert (job.numbers, len(crew)) == ([2], 2)
    for event in job.held.values():
        event.set()
    crew.join(5.0)
    assert len({greenlet for _, greenlet in job.done}) == 3


def test_a_greenlet_at_rest_serves_no_arrival_and_keeps_none_alive(job):
    crew = Crew(job.work)
    run(crew, 0)
    ((_, greenlet),) = job.done
    assert greenlet.arrival is None


def test_no_more_greenlets_are_kept_than_was_said(job):
    crew = Crew(job.work, most_at_rest=2)
    run(crew, *range(5))
    gevent.sleep(0)
    assert sum(not greenlet.dead for _, greenlet in job.done) == 2
    run(crew, 5)
    assert job.numbers == list(range(6))


def test_what_is_thrown_into_a_greenlet_at_rest_costs_no_arrival(job):
    crew = Crew(job.work)
    run(crew, 0)
    gevent.kill(job.done[0][1], gevent.GreenletExit)
    gevent.sleep(0)
    run(crew, 1, 2)
    assert job.numbers == [0, 1, 2]


def test_what_was_meant_for_an_earlier_arrival_does_not_reach_one_that_is_about_to_begin(job):
    crew = Crew(job.work)
    run(crew, 0)
    gevent.get_hub().loop.run_callback(job.done[0][1].throw, Leaked)
    job.held = {1: Event()}
    crew.start(arrival(1))
    gevent.sleep(0)
    gevent.sleep(0)
    assert (job.numbers, len(crew)) == ([0], 1)
    job.held[1].set()
    crew.join(5.0)
    assert job.numbers == [0, 1]


def test_a_late_switch_to_a_greenlet_at_rest_is_no_arrival(job):
    crew = Crew(job.work)
    run(crew, 0)
    gevent.get_hub().loop.run_callback(job.done[0][1].switch)
    gevent.sleep(0)
    run(crew, 1)
    assert job.numbers == [0, 1]


def test_work_that_raises_ends_its_greenlet_and_no_other(job):
    def work(arrival):
        if arrival.k == 0:
            raise Leaked
        job.work(arrival)

    crew = Crew(work)
    gevent.get_hub().NOT_ERROR += (Leaked,)  # not printed
    run(crew, 0, 1)
    assert (job.numbers, len(crew)) == ([1], 0)


def test_waiting_for_the_end_gives_up_in_time(job):
    crew = Crew(job.work)
    job.held = {0: Event()}
    crew.start(arrival(0))
    crew.join(0.01)
    assert len(crew) == 1
    crew.cut_off(5.0)


def test_cutting_off_ends_what_is_under_way_and_leaves_nobody_at_rest(job):
    crew = Crew(job.work)
    job.held = {1: Event()}
    crew.start(arrival(0))
    crew.start(arrival(1))
    gevent.sleep(0)
    crew.cut_off(5.0)
    assert (job.numbers, job.cut_off, len(crew)) == ([0], [1], 0)
    assert job.done[0][1].dead


def test_arrivals_may_follow_a_cutting_off(job):
    crew = Crew(job.work)
    run(crew, 0)
    crew.cut_off(5.0)
    run(crew, 1)
    assert job.numbers == [0, 1]
