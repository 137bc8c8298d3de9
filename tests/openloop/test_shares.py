import pytest
from hypothesis import given
from hypothesis import strategies as st

from openloop.look_ahead import LOOK_AHEAD
from openloop.shares import Shares
from shapes.hashing import unit_interval

SEEDS = st.integers(0, 2**64 - 1)
NEAR_BLOCKS = st.integers(0, 3 * LOOK_AHEAD) | st.integers(0, 2**53)


@given(SEEDS, st.lists(NEAR_BLOCKS, max_size=20))
def test_shares_of_a_block_are_those_of_each_number_alone_in_whatever_order(seed, numbers):
    shares = Shares(seed, 101)
    assert [shares.of(k) for k in numbers] == [unit_interval(seed, k, 101) for k in numbers]


@pytest.mark.parametrize("step", [1, 3])
def test_a_walk_goes_on_across_blocks(step):
    shares = Shares(7, 102)
    walk = range(0, 3 * LOOK_AHEAD, step)
    assert [shares.of(k) for k in walk] == [unit_interval(7, k, 102) for k in walk]
