"""Class, activator and capacity of one setting; the seed's grid against its published counts."""

from collections import Counter

import pytest

from experiment.forecast.expected import expected, overload_class
from experiment.sweep.presets import SEED
from tests.experiment.forecast.asking import row, sweep_rows

ASKED = ("--rps", "120", "--service-time", "180ms", "--cc", "1")


@pytest.mark.parametrize(("cores", "overloads"), [(2, 95), (8, 65), (16, 39), (32, 11), (64, 0)])
def test_overloads_of_the_seeds_grid_are_counted_right(cores, overloads):
    rows = sweep_rows(SEED, "--cores", str(cores))
    counts = Counter(found.overload_class for _, found in rows)

    assert len(rows) == 200
    assert counts["overload"] == 2 * overloads  # each with two laws


@pytest.mark.parametrize(
    ("rho", "name"),
    [(0.1, "stable"), (0.8499, "stable"), (0.85, "marginal"), (0.999, "marginal"),
     (20 * 0.8 / 16, "overload"), (35 * 0.2 / 7, "overload"), (25.0, "overload"),
     (None, "not known")],
)  # fmt: skip
def test_the_class_goes_by_rho(rho, name):
    assert overload_class(rho) == name


def test_the_load_is_rate_times_service_time_over_the_cores():
    _, found = row(*ASKED, "--cores", "64")

    assert found.load == pytest.approx(21.6)
    assert found.rho == pytest.approx(21.6 / 64)
    assert found.bound_by == "cores"


def test_without_cores_the_class_is_not_known():
    _, found = row(*ASKED)

    assert (found.rho, found.overload_class, found.is_carried) == (None, "not known", True)


@pytest.mark.parametrize(
    ("more", "capacity", "name"),
    [
        (("--max-scale", "10"), 10, "overload"),
        (("--max-scale", "24"), 24, "marginal"),
        (("--no-autoscaler", "--pods", "20"), 20, "overload"),
        (("--most-pods", "20"), 20, "beyond pod quota"),
        (("--max-scale", "48", "--cpu-limit", "0.5"), 24, "marginal"),
        (("--metric", "rps"), 1, "overload"),  # 140 a second for each pod, whatever waits
    ],
)
def test_pods_can_be_scarcer_than_cores(more, capacity, name):
    _, found = row(*ASKED, "--cores", "64", *more)

    assert (found.bound_by, found.capacity, found.overload_class) == ("pods", capacity, name)


def test_more_pods_than_there_is_room_for_is_beyond_the_quota_even_where_they_carry_the_load():
    _, found = row(*ASKED, "--most-pods", "28", "--cores", "100")

    assert found.overload_class == "beyond pod quota"
    assert found.is_carried


@pytest.mark.parametrize(
    ("more", "activator"),
    [
        ((), "in"),  # 31 pods have room for 31 calls, the burst asks for 211
        (("--target-burst-capacity", "-1"), "in"),
        (("--target-burst-capacity", "0"), "out"),
        (("--target-burst-capacity", "1"), "out"),
        (("--target-burst-capacity", "9"), "in and out"),
        (("--cc", "0"), "in"),
        (("--cc", "0", "--min-scale", "3"), "out"),  # 300 less 211 and the load
    ],
)
def test_the_activators_place_follows_from_the_excess_burst_capacity(more, activator):
    assert row(*ASKED, *more)[1].activator == activator


def test_a_law_that_is_none_is_refused():
    from shapes.errors import InvalidValue

    setting, _ = row(*ASKED)
    cell = type(setting.cell)(10.0, "gauss", 0.1)
    with pytest.raises(InvalidValue):
        expected(cell, setting.asked.service, setting.room)
