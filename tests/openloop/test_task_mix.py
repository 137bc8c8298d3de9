from collections import Counter

import pytest
from locust import SequentialTaskSet, TaskSet, User, task

from openloop.errors import StartRefused
from openloop.task_mix import TaskMix, check_user_classes
from openloop.user import OpenLoop


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
