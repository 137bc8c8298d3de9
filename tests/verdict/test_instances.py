from dataclasses import astuple

import pytest

from verdict.instances import Instances


def of(*rows: tuple[str, int, float, float]) -> Instances:
    """Instances by (name, replies, first, last): replies evenly over that time."""
    instances = Instances()
    for name, replies, first_s, last_s in rows:
        for reply in range(replies):
            instances.add(name, first_s + (last_s - first_s) * reply / max(replies - 1, 1))
    return instances


def test_nobody_replied():
    assert astuple(Instances().share()) == (0, 0.0, 0.0, None)


def test_one_instance_has_it_all():
    assert astuple(of(("a", 50, 0.0, 100.0)).share()) == (1, 1.0, 0.0, None)


def test_others_are_there_from_their_first_reply_to_the_end():
    share = of(("a", 95, 0.0, 100.0), ("b", 3, 40.0, 50.0), ("c", 2, 80.0, 90.0)).share()
    assert share.instances == 3
    assert share.top_share == pytest.approx(0.95)
    assert share.others_present == pytest.approx((0.6 + 0.2) / 2)


def test_replies_come_in_any_order():
    instances = of(("a", 1, 50.0, 50.0), ("a", 1, 10.0, 10.0), ("a", 1, 30.0, 30.0))
    assert instances.seen["a"] == [3, 10.0, 50.0]


def test_members_pool():
    first = of(("a", 10, 0.0, 10.0), ("b", 5, 5.0, 10.0))
    first.merge(of(("b", 5, 2.0, 20.0), ("c", 1, 7.0, 7.0)))
    assert first.seen == {"a": [10, 0.0, 10.0], "b": [10, 2.0, 20.0], "c": [1, 7.0, 7.0]}
    assert Instances.from_dict(first.to_dict()).seen == first.seen
