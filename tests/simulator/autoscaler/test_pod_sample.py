import pytest

from simulator.autoscaler.pod_sample import pods_asked


@pytest.mark.parametrize(
    ("pods", "asked"),
    [(0, 0), (1, 1), (3, 3), (4, 4), (10, 7), (15, 8), (100, 14), (1000, 16), (100_000, 16)],
)
def test_few_pods_are_all_asked_and_of_many_a_sample(pods, asked):
    assert pods_asked(pods) == asked
