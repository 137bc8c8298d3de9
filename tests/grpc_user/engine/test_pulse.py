import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.engine.pulse import MOST_A_LOOK_S, Pulse


def still_after(looks):
    """How long a heart has stood still that beat at 0 s, after looks at (beat, time)."""
    pulse = Pulse()
    pulse.look(0.0, 0.0)
    return [pulse.look(beat, now_s) for beat, now_s in looks][-1]


def test_a_heart_that_stands_still_is_still_for_as_long_as_it_was_watched():
    assert still_after([(0.0, 0.05 * n) for n in range(1, 41)]) == pytest.approx(2.0)


def test_a_beat_begins_the_watch_anew():
    assert still_after([(0.0, 0.05), (0.0, 0.1), (1.0, 0.15), (1.0, 0.2)]) == pytest.approx(0.05)


@pytest.mark.parametrize("pause_s", [5.0, 3600.0])
def test_who_did_not_look_for_long_does_not_accuse(pause_s):
    assert still_after([(0.0, pause_s)]) == MOST_A_LOOK_S


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=60))
def test_however_looks_are_spread_each_counts_at_most_its_time_and_the_most(gaps_s):
    looks, now_s = [], 0.0
    for gap_s in gaps_s:
        now_s += gap_s
        looks.append((0.0, now_s))
    still_s = still_after(looks)
    assert still_s <= min(now_s, len(gaps_s) * MOST_A_LOOK_S) + 1e-9
