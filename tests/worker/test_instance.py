import pytest

from worker.instance import Calls, Instance


def test_calls_are_numbered_from_one_in_the_order_they_are_accepted():
    calls = Calls()
    with calls.under_way() as first, calls.under_way() as second:
        pass
    with calls.under_way() as third:
        pass
    assert [place.instance_seq for place in (first, second, third)] == [1, 2, 3]


def test_concurrency_counts_the_calls_under_way_with_the_new_one():
    calls = Calls()
    with calls.under_way() as first, calls.under_way() as second:
        pass
    with calls.under_way() as third:
        pass
    assert [place.concurrency for place in (first, second, third)] == [1, 2, 1]


def fail(calls: Calls) -> None:
    with calls.under_way():
        raise ValueError


def test_the_account_tells_finished_from_cut_short():
    calls = Calls(refused=4)
    with calls.under_way():
        pass
    with pytest.raises(ValueError):
        fail(calls)
    with calls.under_way():
        assert calls.account == "3 started, 1 finished, 1 cut short, 1 still running, 4 refused"


def test_nothing_runs_before_the_first_call_and_after_the_last():
    calls = Calls()
    seen = [calls.none_running.is_set()]
    with calls.under_way():
        with calls.under_way():
            seen.append(calls.none_running.is_set())
        seen.append(calls.none_running.is_set())
    seen.append(calls.none_running.is_set())
    assert seen == [True, False, False, True]


def test_two_instances_have_two_ids():
    assert Instance(pod="a").id != Instance(pod="a").id
