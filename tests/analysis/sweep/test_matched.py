import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.sweep.matched import matched

HELD = st.dictionaries(st.integers(0, 30), st.sets(st.integers(1, 8)), max_size=20)


@given(HELD)
def test_what_is_kept_has_every_repetition_that_is_kept(held):
    kept = matched(held)
    assert all(set(kept.repetitions) <= held[item] for item in kept.items)


def test_a_whole_sweep_is_kept_whole():
    kept = matched({cell: {1, 2, 3, 4, 5} for cell in "abc"})
    assert (list(kept.items), list(kept.repetitions)) == (["a", "b", "c"], [1, 2, 3, 4, 5])


def test_a_block_that_was_begun_does_not_cost_the_cells_that_have_no_part_of_it():
    held = {"a": {1, 2, 3, 4, 5, 6}, "b": {1, 2, 3, 4, 5}, "c": {1, 2, 3, 4, 5}}
    kept = matched(held)
    assert (list(kept.items), list(kept.repetitions)) == (["a", "b", "c"], [1, 2, 3, 4, 5])


def test_a_cell_that_lost_a_run_goes_before_an_interval_does():
    held = {cell: {1, 2, 3, 4, 5} for cell in "abc"} | {"d": {1, 2, 3, 4}}
    kept = matched(held)
    assert "d" not in kept.items
    assert len(kept.repetitions) == 5


def test_values_stand_by_cell_and_repetition():
    kept = matched({"a": {1, 2}, "b": {1, 2}})
    values = kept.values({"a": {1: 1.0, 2: 2.0}, "b": {2: 4.0, 1: 3.0}})
    assert np.array_equal(values, [[1.0, 2.0], [3.0, 4.0]])


def test_nothing_has_nothing_in_common():
    assert matched({}).items == ()
