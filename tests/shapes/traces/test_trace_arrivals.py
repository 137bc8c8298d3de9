"""The arrivals of a trace: the same for everybody, counted as the file counts them."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from shapes.plan import Plan
from shapes.schedule import Schedule
from shapes.traces.asked import EQUIDISTANT, MODES, POISSON, UNIFORM_POINTS
from shapes.traces.count_trace import QUANTILES
from shapes.traces.time_trace import MICRO, TimeTrace
from tests.shapes.traces.made_traces import BIN_S, SOURCE, count_trace, plan_of

EVERYTHING = 10_000_000


def times_of(plan):
    return Schedule(plan).arrivals(0, EVERYTHING).intended_s


def counts_by_bin(plan, bins):
    return np.histogram(times_of(plan), bins=np.arange(bins + 1) * BIN_S)[0].tolist()


tables = st.lists(
    st.lists(st.integers(0, 12), min_size=5, max_size=5), min_size=1, max_size=4
).filter(lambda table: any(map(any, table)))
gap_lists = st.lists(st.integers(0, 3 * MICRO), min_size=1, max_size=60)


@st.composite
def traces(draw):
    if draw(st.booleans()):
        return TimeTrace.of(np.cumsum(draw(gap_lists)), None, SOURCE)
    factor = draw(st.sampled_from([0.3, 1.0, 2.5]))
    return count_trace(draw(tables), draw(st.sampled_from(MODES)), rate_factor=factor)


@pytest.mark.parametrize("members", [1, 2, 3, 7])
@settings(max_examples=30)
@given(trace=traces(), seed=st.integers(0, 2**64 - 1))
def test_any_number_of_members_sends_the_same_arrivals(members, trace, seed):
    plan = plan_of(trace, seed, members)
    schedule = Schedule(plan)
    whole = schedule.arrivals(0, EVERYTHING)
    mine = [schedule.owned(whole, f"m{i}") for i in range(members)]
    assert np.sum(mine, axis=0).tolist() == [1] * whole.k.size
    alone = Schedule(plan_of(trace, seed)).arrivals(0, EVERYTHING)
    assert whole.k.tolist() == alone.k.tolist() == list(range(alone.k.size))
    assert whole.intended_s.tolist() == alone.intended_s.tolist()


@settings(max_examples=60)
@given(traces(), st.integers(0, 200), st.integers(0, 60), st.floats(0.0, 400.0))
def test_any_part_is_that_part_of_the_whole(trace, first_k, count, t_s):
    plan, fresh = plan_of(trace), Schedule(plan_of(trace))
    part = fresh.arrivals(first_k, count)
    whole = times_of(plan)
    assert part.intended_s.tolist() == whole[first_k : first_k + count].tolist()
    assert fresh.planned_before(t_s) == np.count_nonzero(whole < t_s)
    assert fresh.planned_before(plan.end_s) == whole.size
    assert np.all(np.diff(whole) >= 0)


@settings(max_examples=30)
@given(traces(), st.floats(0.0, 300.0), st.floats(0.1, 3.0))
def test_an_edit_leaves_every_arrival_before_it(trace, at_s, factor):
    plan = plan_of(trace)
    before, after = times_of(plan), times_of(plan.with_scale(at_s, factor))
    kept = np.count_nonzero(before < at_s)
    assert after[:kept].tolist() == before[:kept].tolist()
    assert np.all(after[kept:] >= at_s)


@given(traces())
def test_a_plan_with_a_trace_survives_being_written_and_read(trace):
    plan = plan_of(trace)
    read = Plan.from_dict(json.loads(json.dumps(plan.to_dict())))
    assert read == plan
    assert read.digest(0) == plan.digest(0)


@pytest.mark.parametrize("mode", [EQUIDISTANT, UNIFORM_POINTS])
@given(table=tables)
@settings(max_examples=30)
def test_each_bin_has_exactly_the_counts_of_the_trace(mode, table):
    plan = plan_of(count_trace(table, mode))
    assert counts_by_bin(plan, 5) == np.sum(table, axis=0).tolist()


@given(gap_lists)
def test_the_times_of_a_trace_are_kept_to_the_microsecond(gaps_us):
    times_us = np.cumsum(gaps_us)
    found = times_of(plan_of(TimeTrace.of(times_us, None, SOURCE)))
    assert found * MICRO == pytest.approx(times_us, abs=0.5)


@pytest.mark.parametrize("mode", MODES)
def test_what_one_function_does_does_not_depend_on_the_others(mode):
    alone = times_of(plan_of(count_trace([[5, 9, 2]], mode, keys=[17]), seed=3))
    among = times_of(plan_of(count_trace([[8, 0, 4], [5, 9, 2]], mode, keys=[4, 17]), seed=3))
    others = times_of(plan_of(count_trace([[8, 0, 4]], mode, keys=[4]), seed=3))
    assert sorted([*alone, *others]) == pytest.approx(among.tolist(), abs=1e-6)


def test_functions_do_not_all_call_at_the_start_of_a_minute():
    table = np.ones((300, 3), dtype=int)
    places = times_of(plan_of(count_trace(table, EQUIDISTANT))) % BIN_S / BIN_S
    assert stats.kstest(places[:300], "uniform").pvalue > 1e-3


def test_equidistant_counts_are_spaced_evenly_across_minutes():
    gaps = np.diff(times_of(plan_of(count_trace([[6, 6, 6]], EQUIDISTANT))))
    assert gaps == pytest.approx(10.0, abs=1e-6)


def test_poisson_minutes_vary_as_poisson_counts_do():
    table = np.full((20, 400), 7)
    counts = np.array(counts_by_bin(plan_of(count_trace(table, POISSON)), 400))
    assert counts.mean() == pytest.approx(140, rel=0.02)
    assert counts.var(ddof=1) / counts.mean() == pytest.approx(1, abs=4 * np.sqrt(2 / 400))


@pytest.mark.parametrize("mean", [0.2, 3.0, 40.0, 5000.0])
def test_counts_of_one_minute_follow_the_poisson_distribution(mean):
    table = np.ones((2000, 1), dtype=int)
    trace = count_trace(table, POISSON, rate_factor=mean)
    process = Schedule(plan_of(trace))._trace
    drawn = process._blocks._counts.ravel()
    spread = np.sqrt(mean / drawn.size)
    assert drawn.mean() == pytest.approx(mean, abs=4 * spread)
    seen = Counter(drawn.tolist())
    most = stats.poisson(mean).ppf(0.5)
    share = sum(n for value, n in seen.items() if value <= most) / drawn.size
    assert share == pytest.approx(stats.poisson(mean).cdf(most), abs=4 * 0.5 / np.sqrt(drawn.size))


def test_points_of_a_minute_are_uniform_over_it():
    places = times_of(plan_of(count_trace([[40] * 100]))) % BIN_S / BIN_S
    assert stats.kstest(places, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("factor", [0.25, 0.5, 1.7])
def test_a_rate_factor_keeps_each_functions_total_to_within_one(factor):
    table = np.array([[3, 1, 0, 2, 5], [1, 0, 0, 1, 0]])
    for row in table:
        total = times_of(plan_of(count_trace([row], rate_factor=factor))).size
        assert abs(total - factor * row.sum()) < 1


def test_another_seed_gives_other_times_and_the_same_counts():
    trace = count_trace([[5, 9, 2], [1, 1, 1]])
    one, two = (plan_of(trace, seed) for seed in (1, 2))
    assert counts_by_bin(one, 3) == counts_by_bin(two, 3)
    assert times_of(one).tolist() != times_of(two).tolist()


def test_work_follows_the_durations_of_its_function():
    quantiles = np.array([[1000, 1000, 2000, 3000, 5000, 8000, 9000], [-1] * len(QUANTILES)])
    trace = count_trace([[4000], [10]], spins_us=quantiles)
    spins_s = Schedule(plan_of(trace)).spins_s(0, EVERYTHING)
    known = spins_s[~np.isnan(spins_s)]
    assert (spins_s.size, known.size) == (4010, 4000)
    for share, expected_us in zip(QUANTILES[2:5], quantiles[0, 2:5], strict=True):
        assert np.mean(known * MICRO <= expected_us) == pytest.approx(share, abs=0.03)
    assert known.min() * MICRO >= 999
    assert known.max() * MICRO <= 9001


@given(st.integers(0, 50), st.integers(0, 30))
def test_any_part_of_the_work_is_that_part_of_the_whole(first_k, count):
    quantiles = np.array([[0, 1, 2, 3, 4, 5, 6]] * 2) * 1000
    plan = plan_of(count_trace([[5, 0, 9, 2], [3, 0, 0, 20]], spins_us=quantiles))
    whole = Schedule(plan).spins_s(0, EVERYTHING)
    part = Schedule(plan).spins_s(first_k, count)
    assert part.tolist() == whole[first_k : first_k + count].tolist()


def test_a_day_is_opened_at_its_end_without_the_arrivals_before():
    trace = count_trace(np.full((10, 1440), 6000), POISSON)
    schedule = Schedule(replace(plan_of(trace), seed=99))
    late = schedule.arrivals(schedule.first_k_at(86_000.0), 100)
    assert late.intended_s[0] >= 86_000.0
    blocks = schedule._trace._blocks
    assert blocks._bin.cache_info().misses <= 4


def test_a_plan_whose_law_is_a_trace_must_have_one():
    plan = plan_of(count_trace([[1]]))
    with pytest.raises(ValueError, match="law is 'trace'"):
        replace(plan, trace=None)
    with pytest.raises(ValueError, match="law is 'poisson'"):
        replace(plan, law="poisson")


def test_a_damaged_trace_in_a_plan_is_refused_in_one_line():
    message = plan_of(count_trace([[1, 2]])).to_dict()
    for damage in ({"counts": "AAAA"}, {"kind": "tape"}, {"mode": "often"}, {"source": 3}):
        with pytest.raises(ValueError, match="trace"):
            Plan.from_dict({**message, "trace": {**message["trace"], **damage}})


def test_a_call_of_a_busy_day_takes_about_six_characters():
    random = np.random.default_rng(1)
    times_us = np.sort(random.integers(0, 86_400_000, 50_000)) * 1000
    spins_us = np.rint(random.lognormal(-2, 1, 50_000) * 1000).astype(np.int64) * 1000
    trace = TimeTrace.of(times_us, spins_us, SOURCE)
    assert (len(trace.gaps_us) + len(trace.spins_us)) / 50_000 == pytest.approx(6, rel=0.1)
