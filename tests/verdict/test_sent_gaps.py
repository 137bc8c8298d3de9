import json

import numpy as np
import pytest
from scipy import stats

from shapes.rate_log import RateLog, RateSegment
from verdict.sent_gaps import SentGaps

TEN_A_SECOND = RateLog((RateSegment(0.0, 10.0),))


def sends(times_s) -> list[tuple[int, float, float]]:
    return [(k, float(at_s), float(at_s)) for k, at_s in enumerate(times_s)]


def collected(law: str, rows, rates=TEN_A_SECOND, *, alone=True) -> SentGaps:
    gaps = SentGaps(law)
    for row in rows:
        if gaps.add(*row):
            gaps.fold(rates, alone=alone)
    gaps.finish(rates, alone=alone)
    return gaps


def poisson_times(n: int, rate_rps: float = 10.0, seed: int = 5) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).exponential(1 / rate_rps, n))


def test_the_distance_is_scipys_over_all_gaps():
    times_s = poisson_times(2000)
    fit = collected("poisson", sends(times_s)).fit(0.1)
    expected = stats.kstest(np.diff(times_s) * 10.0, "expon")
    assert fit.n == 1999
    assert fit.distance == pytest.approx(expected.statistic, abs=1.1e-3)
    assert fit.p_value == pytest.approx(expected.pvalue, abs=0.1)


def test_the_cv_is_numpys_over_all_gaps():
    times_s = np.arange(500) / 10 + np.random.default_rng(2).normal(0, 0.01, 500)
    fit = collected("uniform", sends(times_s)).fit(0.1)
    assert fit.distance == pytest.approx(np.std(np.diff(times_s) * 10), rel=1e-6)


def test_a_ramp_is_judged_in_operational_time():
    ramp = RateLog((RateSegment(0.0, 0.0, 1.0), RateSegment(100.0, 100.0)))
    times_s = np.sqrt(2 * np.cumsum(np.random.default_rng(4).exponential(1, 3000)))
    fit = collected("poisson", sends(times_s), ramp).fit(0.1)
    assert fit.distance < 0.03
    unaware = collected("poisson", sends(times_s)).fit(0.1)
    assert unaware.distance > 0.12


def test_among_members_only_gaps_that_nobody_else_could_fill_are_counted():
    mine = [row for row in sends(poisson_times(9000)) if row[0] * 2654435761 % 97 < 32]
    fit = collected("poisson", mine, alone=False).fit(0.1)
    assert 500 < fit.n < len(mine)
    assert fit.distance < 0.05
    taken_for_alone = collected("poisson", mine, alone=True).fit(0.1)
    assert taken_for_alone.distance > 0.12


def test_every_third_equidistant_arrival_is_still_equidistant():
    mine = sends(np.arange(900) / 10)[1::3]
    assert collected("uniform", mine, alone=False).fit(0.1).distance == pytest.approx(0, abs=1e-6)


def test_what_was_planned_in_the_warm_up_is_left_out():
    gaps = SentGaps("poisson", from_s=50.0)
    rows = sends(poisson_times(2000))
    for row in rows:
        gaps.add(*row)
    gaps.finish(TEN_A_SECOND, alone=True)
    assert gaps.n == sum(intended_s >= 50.0 for _, intended_s, _ in rows) - 1


FAST = RateLog((RateSegment(0.0, 5000.0),))


def counted(law: str, planned_s, sent_s):
    rows = [(k, float(a), float(b)) for k, (a, b) in enumerate(zip(planned_s, sent_s, strict=True))]
    return collected(law, rows, FAST).fit(1 / 5000)


def test_fast_runs_are_judged_on_counts():
    times_s = poisson_times(50_000, 5000.0)
    fit = counted("poisson", times_s, times_s + 1e-4)
    assert fit.judged_on == "0.1-s counts"
    assert fit.n == pytest.approx(100, abs=2)
    assert fit.p_value > 0.5


def test_fast_runs_of_another_law_are_found():
    fit = counted("poisson", poisson_times(50_000, 5000.0), np.arange(50_000) / 5000)
    assert fit.distance > 0.3
    assert fit.p_value < 1e-3


def test_fast_equidistant_counts_have_the_dispersion_of_what_was_sent():
    planned_s = np.arange(50_000) / 5000
    assert counted("uniform", planned_s, planned_s + 1e-4).distance < 0.1
    poisson = counted("uniform", planned_s, poisson_times(50_000, 5000.0, seed=8))
    assert poisson.distance == pytest.approx(1.0, abs=0.3)


@pytest.mark.parametrize("law", ["poisson", "uniform"])
def test_members_pool(law):
    rows = sends(poisson_times(4000))
    first, second = collected(law, rows[:2000]), collected(law, rows[2000:])
    first.merge(second)
    whole = collected(law, rows)
    assert first.fit(0.1).n == whole.fit(0.1).n - 1
    assert first.fit(0.1).distance == pytest.approx(whole.fit(0.1).distance, abs=2e-3)


@pytest.mark.parametrize("law", ["poisson", "uniform", "bursty:3"])
def test_they_survive_a_message(law):
    gaps = collected(law, sends(poisson_times(3000)))
    back = SentGaps.from_dict(json.loads(json.dumps(gaps.to_dict())))
    assert back.fit(0.1) == gaps.fit(0.1)
    assert back.fit(1e-4) == gaps.fit(1e-4)


def test_a_single_send_has_no_law():
    assert collected("poisson", sends([1.0])).fit(0.1) is None
    assert collected("poisson", []).fit(0.1) is None


def test_the_gaps_of_a_trace_are_compared_with_its_own():
    planned_s = poisson_times(500)
    late_s = np.random.default_rng(3).uniform(0, 0.05, 500)
    true = [(k, t, t) for k, t in enumerate(planned_s.tolist())]
    late = [(k, t, t + d) for (k, t, _), d in zip(true, late_s.tolist(), strict=True)]
    exact, moved = (collected("trace", rows).fit(0.1) for rows in (true, late))
    assert exact.distance == pytest.approx(0, abs=1e-6)
    assert (moved.measure, moved.p_value) == ("CV", None)
    assert moved.distance == pytest.approx(np.std(np.diff(late_s) * 10), rel=1e-3)
