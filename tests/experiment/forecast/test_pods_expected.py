"""Pods by arithmetic, against their definition on drawn averages."""

import numpy as np
import pytest

from experiment.forecast.pods_expected import pods_expected
from experiment.forecast.steady_load import SteadyLoad
from simulator.service import Service


@pytest.mark.parametrize(
    ("load", "service", "pods"),
    [
        (21.6, Service(container_concurrency=1), 31),
        (50.0, Service(), 1),
        (70.0, Service(), 1),
        (70.1, Service(), 2),
        (0.7, Service(container_concurrency=1), 1),
        (0.0, Service(container_concurrency=1, min_scale=3), 3),
        (21.6, Service(container_concurrency=1, max_scale=10), 10),
        (21.6, Service(container_concurrency=10, target=2.0, target_utilization=1.0), 11),
    ],
)
def test_pods_settle_at_the_load_over_the_target_inside_the_bounds(load, service, pods):
    found = pods_expected(SteadyLoad(load, 0.0, 0.0), service)

    assert (found.settled, found.mean, found.low, found.high) == (pods, pods, pods, pods)


@pytest.mark.parametrize("bounds", [{}, {"min_scale": 12}, {"max_scale": 13}])
def test_the_mean_is_that_of_pods_for_averages_that_swing(bounds):
    service = Service(container_concurrency=1, **bounds)
    found = pods_expected(SteadyLoad(8.5, 0.9, 0.0), service)

    drawn = np.ceil(np.random.default_rng(1).normal(8.5, 0.9, 400_000) / 0.7)
    bounded = np.clip(drawn, service.min_scale, service.max_scale or np.inf)
    assert found.mean == pytest.approx(bounded.mean(), abs=0.02)


def test_the_range_holds_95_per_cent_of_the_time():
    found = pods_expected(SteadyLoad(8.5, 0.9, 0.0), Service(container_concurrency=1))

    drawn = np.ceil(np.random.default_rng(1).normal(8.5, 0.9, 100_000) / 0.7)
    assert ((drawn >= found.low) & (drawn <= found.high)).mean() > 0.95
    assert (found.low, found.high) == (10, 15)
