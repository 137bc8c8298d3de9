import pytest
from locust.stats import RequestStats

from openloop.arrival import Arrival, ArrivalGreenlet, Outcome
from openloop.stats_filter import StatsFilter


@pytest.fixture
def counted():
    stats = RequestStats()
    stats_filter = StatsFilter(stats)
    stats_filter.new_run("now")

    def count(run_id="now", *, measured=True):
        arrival = Arrival(0, 0.0, seed=1, run_id=run_id, epoch_s=0.0)
        arrival.in_measured_phase = measured
        arrival.finish(Outcome("ok", received_s=1.0))
        greenlet = ArrivalGreenlet(stats.log_request, "grpc", "Spin", 1, 0)
        greenlet.arrival = arrival
        greenlet.start()
        greenlet.join()
        return stats.total.num_requests

    return stats, stats_filter, count


def test_a_run_counts_its_own_arrivals(counted):
    _, _, count = counted
    assert count() == 1


def test_an_earlier_runs_call_that_ends_now_is_not_counted(counted):
    _, _, count = counted
    assert count("before") == 0


def test_the_end_of_the_warm_up_forgets_what_was_counted(counted):
    stats, stats_filter, count = counted
    count(measured=False)
    stats_filter.end_warm_up()
    assert stats.total.num_requests == 0


def test_a_warm_up_arrival_that_ends_after_the_warm_up_is_not_counted(counted):
    _, stats_filter, count = counted
    stats_filter.end_warm_up()
    assert count(measured=False) == 0
    assert count(measured=True) == 1


def test_a_new_run_counts_its_warm_up_again(counted):
    _, stats_filter, count = counted
    stats_filter.end_warm_up()
    stats_filter.new_run("next")
    assert count("next", measured=False) == 1


def test_requests_outside_arrivals_are_counted_as_ever(counted):
    stats, _, _ = counted
    stats.log_request("http", "login", 1, 0)
    assert stats.total.num_requests == 1
