"""Against theory: repetitions with fixed seeds, their mean within four of its standard errors."""

import numpy as np
import pytest
from scipy import stats

from tests.simulator.system.oracles import (
    erlang_c_wait_s,
    in_system_at,
    md_c_wait_s,
    pooled,
)
from tests.simulator.system.systems import fixed, poisson_s, run, settled

SERVICE_S = 0.5
SEEDS = range(16)


def agrees(estimates, expected, most_error=0.05):
    """Within four standard errors, and those small enough for the test to mean something."""
    mean, error = pooled(estimates)
    assert error < most_error * expected
    return abs(mean - expected) <= 4 * error


def waits_s(servers, load, work_of, calls=8000):
    rate = servers * load / SERVICE_S
    for seed in SEEDS:
        due_s = poisson_s(rate, calls / rate, seed)
        work_s = work_of(np.random.default_rng([seed, 1]), len(due_s))
        found = run(due_s, work_s, fixed(servers))
        yield settled(found.start_s - found.due_s).mean()


def lasted_s(cores, load, work_of, pods=1, length_s=6000):
    """Mean time in the system where calls share the cores."""
    for seed in SEEDS:
        due_s = poisson_s(cores * load / SERVICE_S, length_s, seed)
        work_s = work_of(np.random.default_rng([seed, 1]), len(due_s))
        found = run(due_s, work_s, fixed(pods, concurrency=0, cores=float(cores)))
        yield settled(found.end_s - found.due_s).mean()


def exponential(rng, count):
    return rng.exponential(SERVICE_S, count)


def constant(_rng, count):
    return np.full(count, SERVICE_S)


def hyperexponential(rng, count):
    """Mostly short, sometimes long; the mean is the same."""
    is_long = rng.random(count) < 0.1
    return np.where(is_long, rng.exponential(3.2, count), rng.exponential(0.2, count))


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (4, 0.8), (16, 0.85)])
def test_exponential_work_waits_as_erlang_says(servers, load):
    expected = erlang_c_wait_s(servers, servers * load / SERVICE_S, SERVICE_S)

    assert agrees(waits_s(servers, load, exponential), expected, 0.1)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (4, 0.8), (16, 0.85)])
def test_constant_work_waits_as_crommelin_says(servers, load):
    expected = md_c_wait_s(servers, servers * load / SERVICE_S, SERVICE_S)

    assert agrees(waits_s(servers, load, constant), expected, 0.1)


@pytest.mark.parametrize("servers", [1, 4, 16])
def test_equidistant_arrivals_of_constant_work_never_wait(servers):
    due_s = np.arange(2000) * SERVICE_S / servers
    found = run(due_s, SERVICE_S, fixed(servers))

    assert np.abs(found.start_s - found.due_s).max() < 1e-9


@pytest.mark.parametrize("work_of", [constant, exponential, hyperexponential])
def test_shared_on_one_core_time_in_system_depends_on_the_mean_work_alone(work_of):
    load = 0.6

    assert agrees(lasted_s(1, load, work_of), SERVICE_S / (1 - load))


@pytest.mark.parametrize("work_of", [constant, exponential])
def test_shared_on_four_cores_it_is_that_of_four_servers_with_one_queue(work_of):
    cores, load = 4, 0.8
    found = lasted_s(cores, load, work_of, pods=2, length_s=1000)

    assert agrees(found, SERVICE_S + erlang_c_wait_s(cores, cores * load / SERVICE_S, SERVICE_S))


def test_without_limits_the_number_in_system_is_poisson():
    load = 10.0
    counted = []
    for seed in SEEDS:
        due_s = poisson_s(load / SERVICE_S, 400, seed)
        found = run(due_s, SERVICE_S, fixed(1, concurrency=0))
        # A service time apart, so that the counts are independent.
        counted.append(in_system_at(found.due_s, found.end_s, np.arange(5, 400, SERVICE_S)))
    counts = np.bincount(np.concatenate(counted), minlength=30)
    bins = stats.poisson.pmf(np.arange(len(counts)), load) * counts.sum()
    usual = bins >= 5
    seen = np.append(counts[usual], counts[~usual].sum())
    expected = np.append(bins[usual], counts.sum() - bins[usual].sum())

    assert stats.chisquare(seen, expected).pvalue > 0.001


def test_wall_clock_work_takes_its_time_on_any_cores():
    due_s = poisson_s(20.0, 60, 1)
    found = run(due_s, SERVICE_S, fixed(1, concurrency=0, cores=1.0, is_wall=True))

    assert found.end_s - found.due_s == pytest.approx(SERVICE_S)


@pytest.mark.parametrize("servers", [2, 8])
def test_in_overload_waits_grow_as_a_fluid_does(servers):
    load, length_s = 1.5, 200.0
    due_s = np.arange(int(length_s * load * servers / SERVICE_S)) * SERVICE_S / servers / load
    found = run(due_s, SERVICE_S, fixed(servers))

    assert found.start_s - found.due_s == pytest.approx((load - 1) * found.due_s, abs=SERVICE_S)
