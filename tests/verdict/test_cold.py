import math

import numpy as np
import pytest

from verdict.cold import NO, UNKNOWN, YES, Calls, cold_affected, with_worker_s

SCALE_UP = [(10.0, 14.0)]
BEFORE = -math.inf


def judged(
    sent_s,
    received_s,
    wall_s=0.1,
    pod_ready_s=BEFORE,
    *,
    answered=True,
    scale_ups=SCALE_UP,
    unseen=(),
):
    one = (np.array([float(value)]) for value in (sent_s, sent_s, received_s))
    calls = Calls(
        *one, np.array([answered]), np.array([float(wall_s)]), np.array([float(pod_ready_s)])
    )
    return int(cold_affected(calls, scale_ups, unseen)[0])


@pytest.mark.parametrize(
    ("sent_s", "received_s", "found"),
    [
        (11.0, 11.11, NO),  # 10 ms on the way: not held
        (11.0, 13.1, YES),  # held 2 s within the scale-up
        (9.0, 9.9, NO),  # held, but before it
        (9.0, 10.2, YES),  # held into it
        (14.0, 16.0, NO),  # held after it
        (13.98, 15.0, NO),  # held 0.9 s, 20 ms of that in it
    ],
    ids=["quick", "held in", "held before", "held into", "held after", "hardly touched"],
)
def test_a_call_held_in_a_scale_up_is_cold_affected(sent_s, received_s, found):
    assert judged(sent_s, received_s) == found


def test_a_call_that_worked_through_a_scale_up_was_not_held():
    assert judged(9.9, 14.0, wall_s=4.09) == NO


def test_a_call_that_was_due_before_its_pod_was_ready_waited_for_it():
    assert judged(20.0, 21.1, pod_ready_s=20.9, scale_ups=[]) == YES


def test_a_pod_that_was_seen_ready_late_held_nobody():
    assert judged(20.0, 20.11, pod_ready_s=20.05, scale_ups=[]) == NO


def test_dozens_wait_for_one_first_call():
    sent_s = np.linspace(10.0, 13.0, 60)
    calls = Calls(
        sent_s, sent_s, np.full(60, 14.2), np.full(60, True), np.full(60, 0.1), np.full(60, 14.0)
    )
    assert (cold_affected(calls, SCALE_UP) == YES).sum() == 60


def test_of_a_call_without_an_answer_in_a_scale_up_it_is_unknown():
    assert judged(11.0, 16.0, answered=False) == UNKNOWN
    assert judged(20.0, 25.0, answered=False) == NO


def test_a_call_that_never_came_back_is_unknown_once_a_scale_up_came():
    assert judged(9.0, math.nan, answered=False) == UNKNOWN
    assert judged(15.0, math.nan, answered=False) == NO


@pytest.mark.parametrize(
    ("sent_s", "received_s", "found"),
    [(31.0, 31.11, NO), (31.0, 33.0, UNKNOWN), (20.0, 23.0, NO), (11.0, 40.0, YES)],
    ids=["quick", "held", "held before", "held in a scale-up too"],
)
def test_of_a_call_held_while_nobody_saw_the_pods_it_is_unknown(sent_s, received_s, found):
    assert judged(sent_s, received_s, unseen=[(30.0, 36.0)]) == found


def test_of_a_target_that_tells_no_times_only_its_pod_tells():
    assert judged(11.0, 13.0, wall_s=math.nan) == UNKNOWN
    assert judged(11.0, 13.0, wall_s=math.nan, pod_ready_s=12.0) == YES
    assert judged(20.0, 25.0, wall_s=math.nan) == NO


def test_an_isolated_calls_time_stands_in_for_what_the_worker_does_not_tell():
    told = with_worker_s(np.array([0.3, math.nan]), 0.1)
    assert told.tolist() == [0.3, 0.1]
