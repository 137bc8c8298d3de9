"""What opening and walking a plan costs, printed; the limits leave room for a busy machine."""
# ruff: noqa: T201 - what was measured is printed beside what was claimed

import time
import tracemalloc

import pytest

from shapes.laws import parse_law
from shapes.operational_time import NANO
from shapes.schedule import Schedule
from shapes.unit_process import unit_process
from tests.shapes.strategies import constant_plan

DAY_S = 86_400.0
DAY_RPS = 1000.0


@pytest.fixture(autouse=True)
def no_process_is_kept():
    unit_process.cache_clear()


def cpu_seconds(work, repeats=1):
    """Processor time of the fastest repeat: what other programs use of the CPU is not ours."""
    found = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


@pytest.mark.parametrize("law", ["uniform", "poisson"])
@pytest.mark.parametrize("share", [0.0, 0.37, 1.0], ids=["start", "middle", "end"])
def test_a_day_of_a_thousand_a_second_opens_anywhere_at_once(law, share):
    def open_plan():
        unit_process.cache_clear()
        schedule = Schedule(constant_plan(law, DAY_RPS, DAY_S))
        first_k = max(0, schedule.first_k_at(DAY_S * share) - 300)
        assert schedule.arrivals(first_k, 300).k.size == 300

    seconds = cpu_seconds(open_plan, repeats=3)
    tracemalloc.start()
    open_plan()
    peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"{law} day at {share:.0%}: {seconds * 1e3:.1f} ms CPU, {peak_mb:.2f} MB")
    assert seconds < 1
    assert peak_mb < 10


@pytest.mark.parametrize("law", ["uniform", "poisson", "uniform-gap", "bursty:3"])
def test_walking_a_process_makes_ten_million_arrivals_a_second(law):
    arrivals, piece = 2_000_000, 4096

    def walk():
        process = unit_process.__wrapped__(parse_law(law), 1)
        for first_k in range(0, arrivals, piece):
            process.slice(first_k, piece)

    rate = arrivals / cpu_seconds(walk, repeats=3)
    print(f"{law}: {rate / 1e6:.1f} M arrivals/s of CPU walked")
    assert rate > 10e6 / 3


@pytest.mark.parametrize("law", ["uniform-gap", "bursty:3"])
def test_streaming_to_a_far_place_passes_ten_million_arrivals_a_second(law):
    arrivals = 5_000_000
    process = unit_process.__wrapped__(parse_law(law), 1)
    rate = arrivals / cpu_seconds(lambda: process.count_before(arrivals * NANO))
    print(f"{law}: {rate / 1e6:.1f} M arrivals/s of CPU streamed")
    assert rate > 10e6 / 3


@pytest.mark.parametrize("law", ["uniform", "poisson", "uniform-gap", "bursty:3"])
def test_a_pacing_loop_pays_a_fraction_of_a_microsecond_an_arrival(law):
    schedule = Schedule(constant_plan(law, 1000.0, None))
    calls, piece = 1000, 300

    def pace():
        for call in range(calls):
            schedule.owned(schedule.arrivals(call * piece, piece), "local")

    micros = cpu_seconds(pace, repeats=2) * 1e6 / calls
    print(f"{law}: {micros:.0f} us CPU a call of {piece}, {micros / piece:.3f} us an arrival")
    assert micros / piece < 2


def test_a_new_version_of_a_plan_costs_no_walk_from_the_start():
    plan = constant_plan("bursty:3", DAY_RPS, None)
    far_k = Schedule(plan).first_k_at(2000.0)
    edited = plan.with_rate_edit(2000.0, 50.0, None)
    seconds = cpu_seconds(lambda: Schedule(edited).arrivals(far_k, 300), repeats=3)
    print(f"new version after 2 M arrivals: {seconds * 1e3:.2f} ms CPU")
    assert seconds < 0.05
