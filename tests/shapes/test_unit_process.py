import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.laws import parse_law
from shapes.operational_time import NANO
from shapes.unit_process import unit_process
from tests.shapes.strategies import LAWS

WHOLE = 12_000


@pytest.fixture(scope="module", params=LAWS)
def law(request):
    return parse_law(request.param)


@pytest.fixture(scope="module")
def whole(law):
    return fresh(law).slice(0, WHOLE)


def fresh(law, seed=5):
    """A process that nobody has asked anything yet."""
    return unit_process.__wrapped__(law, seed)


@given(first=st.integers(0, WHOLE - 1), count=st.integers(0, 5000))
def test_any_slice_is_that_part_of_the_whole(law, whole, first, count):
    count = min(count, WHOLE - first)
    part = fresh(law).slice(first, count)
    assert part.dtype == np.int64
    assert part.tolist() == whole[first : first + count].tolist()


@given(order=st.lists(st.integers(0, WHOLE - 300), max_size=8))
def test_what_was_asked_before_changes_no_answer(law, whole, order):
    process = fresh(law)
    for first in order:
        assert process.slice(first, 300).tolist() == whole[first : first + 300].tolist()


def test_arrivals_never_go_back(whole):
    assert whole[0] >= 0
    assert np.all(np.diff(whole) >= 0)


@given(nano=st.integers(-NANO, 9000 * NANO))
def test_the_count_before_a_time_is_that_of_the_arrivals_before_it(law, whole, nano):
    assert fresh(law).count_before(nano) == np.count_nonzero(whole < nano)


@given(k=st.integers(0, 8000), offset=st.sampled_from([-1, 0, 1]))
def test_the_count_is_right_on_the_very_nano_unit_of_an_arrival(law, whole, k, offset):
    nano = int(whole[k]) + offset
    assert fresh(law).count_before(nano) == np.count_nonzero(whole < nano)


def test_another_seed_gives_another_process_unless_arrivals_are_equidistant(law, whole):
    other = fresh(law, seed=6).slice(0, WHOLE)
    assert (other.tolist() == whole.tolist()) == (not law.is_random)


def test_the_highest_seed_is_a_seed_like_any_other(law):
    highest, lowest = (fresh(law, seed).slice(0, 100) for seed in (2**64 - 1, 0))
    assert highest.size == lowest.size == 100


def test_one_arrival_is_expected_each_unit(law, whole):
    # Four standard deviations of the mean gap.
    assert whole[-1] / NANO / WHOLE == pytest.approx(1, abs=1e-4 + 4 * law.cv / WHOLE**0.5)


def test_equidistant_arrivals_start_at_zero_and_come_each_unit():
    process = unit_process(parse_law("uniform"), 0)
    assert process.slice(3, 3).tolist() == [3 * NANO, 4 * NANO, 5 * NANO]
    assert process.slice(0, 1).tolist() == [0]
    assert process.count_before(5 * NANO) == 5


def test_a_process_asked_for_again_is_the_one_that_knows_its_blocks():
    law = parse_law("bursty:3")
    assert unit_process(law, 11) is unit_process(parse_law("bursty:3"), 11)


def test_blocks_given_out_cannot_be_written_to():
    part = unit_process(parse_law("poisson"), 1).slice(0, 5)
    with pytest.raises(ValueError, match="read-only"):
        part[0] = 0


@pytest.mark.parametrize("law_text", ["poisson", "uniform-gap", "bursty:3"])
def test_streaming_far_ahead_and_walking_there_agree(law_text):
    law = parse_law(law_text)
    ahead = fresh(law).slice(1_500_000, 50)
    walker = fresh(law)
    for first in range(0, 1_500_000, 5_000):
        walker.slice(first, 5_000)
    assert walker.slice(1_500_000, 50).tolist() == ahead.tolist()
