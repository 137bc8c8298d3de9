import pytest

from experiment.calibration.errors import NotCalibrated
from experiment.calibration.isolated import Answer
from experiment.calibration.spread import spread_of


def answers_of(latencies_s, **fields):
    return [Answer(latency_s, **fields) for latency_s in latencies_s]


def test_one_slow_call_does_not_move_the_ideal():
    assert spread_of(answers_of([0.1] * 29 + [9.0])).median_s == 0.1


def test_the_quartiles_say_how_quiet_it_was():
    spread = spread_of(answers_of([0.1, 0.11, 0.12, 0.13, 0.14]))
    assert (spread.low_s, spread.high_s) == pytest.approx((0.11, 0.13))
    assert spread.share == pytest.approx(0.02 / 0.12)


def test_instances_are_counted_by_their_ids():
    both = [*answers_of([0.1], instance_id="a"), *answers_of([0.1], instance_id="b")]
    assert spread_of(both).instances == 2
    assert spread_of(answers_of([0.1])).instances == 0


def test_the_time_that_work_waited_for_a_cpu_is_told_beside():
    assert spread_of(answers_of([0.1, 0.1, 0.2], contention_s=0.01)).contention_s == 0.01


def test_calls_that_found_others_under_way_are_no_calibration():
    with pytest.raises(NotCalibrated, match="4 of 30 calls found others"):
        spread_of(answers_of([0.1] * 26) + answers_of([0.1] * 4, under_way=2))


def test_a_passing_visitor_is_borne():
    assert spread_of(answers_of([0.1] * 27) + answers_of([0.1] * 3, under_way=2)).median_s == 0.1
