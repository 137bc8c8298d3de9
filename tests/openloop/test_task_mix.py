from collections import Counter

import pytest
from locust import SequentialTaskSet, TaskSet, User, task

from openloop.errors import StartRefused
from openloop.task_mix import CLASS_STREAM, TASK_STREAM, TaskMix, check_user_classes
from openloop.user import OpenLoop
from shapes.hashing import unit_interval


class Reads(OpenLoop, User):
    weight = 3

    @task(4)
    def often(self):
        pass

    @task(1)
    def seldom(self):
        pass


class Writes(OpenLoop, User):
    weight = 1

    @task
    class Nested(TaskSet):
        @task
        def deep(self):
            pass


def picks(n=4000, seed=5):
    mix = TaskMix([Writes, Reads], seed)
    return [mix.pick(k) for k in range(n)]


def test_the_same_seed_picks_the_same_whatever_the_order_of_the_classes():
    again = TaskMix([Reads, Writes], 5)
    assert [again.pick(k) for k in range(100)] == picks(100)


def test_classes_are_picked_by_weight():
    count = Counter(pick.user_class for pick in picks())
    assert count[Reads] / 4000 == pytest.approx(0.75, abs=0.03)


def test_tasks_are_picked_by_weight():
    count = Counter(pick.task.__name__ for pick in picks() if pick.user_class is Reads)
    assert count["often"] / count.total() == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("k", [0, 1, 511, 512, 3999])
def test_what_an_arrival_runs_is_decided_by_its_own_hashes(k):
    pick = picks()[k]
    assert (pick.user_class is Reads) == (unit_interval(5, k, CLASS_STREAM) < 0.75)
    if pick.user_class is Reads:
        place = int(unit_interval(5, k, TASK_STREAM) * len(Reads.tasks))
        assert pick.task is Reads.tasks[place]


def test_a_class_alone_with_a_task_alone_needs_no_number():
    class Alone(OpenLoop, User):
        @task
        def ask(self):
            pass

    mix = TaskMix([Alone], 5)
    assert {mix.pick(k) for k in (0, 7, 2**40)} == {(Alone, (), Alone.ask)}


def test_nested_task_sets_are_gone_through():
    nested = [pick for pick in picks() if pick.user_class is Writes]
    assert {pick.task_sets for pick in nested} == {(Writes.Nested,)}
    assert {pick.task.__name__ for pick in nested} == {"deep"}


def test_closed_loop_classes_cannot_share_a_run_with_open_loop_ones():
    class Closed(User):
        @task
        def ask(self):
            pass

    with pytest.raises(StartRefused, match="Closed is closed-loop"):
        check_user_classes([Reads, Closed])


def test_a_fixed_number_of_users_is_refused():
    class Fixed(OpenLoop, User):
        fixed_count = 2

        @task
        def ask(self):
            pass

    with pytest.raises(StartRefused, match="fixed_count"):
        check_user_classes([Fixed])


def test_steps_in_order_are_refused():
    class Stepped(OpenLoop, User):
        @task
        class Steps(SequentialTaskSet):
            @task
            def first(self):
                pass

    with pytest.raises(StartRefused, match="SequentialTaskSet"):
        check_user_classes([Stepped])
