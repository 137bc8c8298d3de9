import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shapes.hashing import hash64, unit_interval

words = st.integers(0, 2**64 - 1)
places = st.integers(0, 2**63 - 1)
streams = st.integers(0, 1000)


@given(words, st.lists(places, max_size=20), streams)
def test_an_array_hashes_as_its_elements_do(seed, places, stream):
    hashed = hash64(seed, np.array(places, dtype=np.int64), stream)
    assert hashed.dtype == np.uint64
    assert hashed.tolist() == [hash64(seed, k, stream) for k in places]


@given(words, places, streams)
def test_an_array_keeps_its_shape_and_a_scalar_its_value(seed, k, stream):
    assert hash64(seed, np.array(k), stream).shape == ()
    assert hash64(seed, np.array([[k]]), stream).tolist() == [[hash64(seed, k, stream)]]
    assert unit_interval(seed, np.array([k]), stream).tolist() == [unit_interval(seed, k, stream)]


@given(words, places, streams)
def test_the_unit_interval_does_not_hold_one(seed, k, stream):
    assert 0 <= unit_interval(seed, k, stream) < 1


def test_hashes_never_change():
    assert hash64(1, 0, 0) == 4947540683533760821
    assert hash64(1, 1, 0) == 17127659252852403351
    assert hash64(2, 0, 0) == 13791959589000251907
    assert hash64(1, 0, 1) == 6662115528617602174


@pytest.mark.parametrize("stream", [0, 1, 17], ids=["owners", "next", "another"])
def test_consecutive_places_hash_to_uniform_and_uncorrelated_values(stream):
    values = unit_interval(1, np.arange(200_000), stream)
    assert stats.kstest(values, "uniform").pvalue > 1e-3
    assert abs(stats.pearsonr(values[1:], values[:-1]).statistic) < 0.01


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, 0), (1, 1)), ((1, 0), (2, 0)), ((0, 1), (1, 0))],
    ids=["streams", "seeds", "stream-and-seed-exchanged"],
)
def test_other_seeds_and_streams_give_unrelated_values(one, other):
    k = np.arange(100_000)
    a, b = (unit_interval(seed, k, stream) for seed, stream in (one, other))
    assert abs(stats.pearsonr(a, b).statistic) < 0.015


def test_every_bit_of_a_hash_depends_on_every_low_bit_of_the_place():
    k = np.arange(4096, dtype=np.int64)
    for bit in range(12):
        changed = hash64(1, k, 0) ^ hash64(1, k ^ (1 << bit), 0)
        bits = np.unpackbits(changed.view(np.uint8)).reshape(-1, 64).mean(axis=0)
        assert np.all(abs(bits - 0.5) < 0.05)
