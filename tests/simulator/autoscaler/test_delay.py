import pytest

from simulator.autoscaler.delay import delay_slots, remember


def delayed(decisions, delay_s):
    """The largest of the decisions within the delay, after each of (number, pods)."""
    slots, last, found = delay_slots(delay_s), -1, []
    for number, pods in decisions:
        slots, last = remember(slots, last, number, pods), number
        found.append(max(slots))
    return found


@pytest.mark.parametrize(
    ("delay_s", "slots"), [(0.0, 1), (2.0, 1), (3.0, 2), (10.0, 5), (3600.0, 1800)]
)
def test_a_delay_remembers_a_decision_every_two_seconds(delay_s, slots):
    assert len(delay_slots(delay_s)) == slots


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        pytest.param([(0, 5), (1, 2), (2, 1), (3, 1)], [5, 5, 5, 2], id="a higher number lingers"),
        pytest.param([(0, 1), (1, 4)], [1, 4], id="more pods come at once"),
        pytest.param([(0, 5), (9, 1)], [5, 1], id="after a pause nothing old counts"),
        pytest.param([(0, 5), (0, 3)], [5, 5], id="of two in one slot the larger counts"),
    ],
)
def test_the_largest_within_the_delay_counts(decisions, expected):
    assert delayed(decisions, 6.0) == expected
