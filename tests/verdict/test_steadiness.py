import numpy as np
import pytest

from records.schema import CallRecord
from verdict.steadiness import judge_steadiness
from verdict.windows import Windows

WHOLE = slice(0, 200)


def windows_of(latencies_s, per_second: int = 10) -> Windows:
    windows = Windows()
    for k, latency_s in enumerate(latencies_s):
        at_s = k / per_second
        windows.add(CallRecord(k, "measured", "", "a", at_s, at_s, at_s + latency_s, "ok"))
    return windows


def noisy(n: int, seed: int, relative: float = 0.5) -> np.ndarray:
    return np.random.default_rng(seed).gamma(1 / relative**2, 0.1 * relative**2, n)


def test_noise_alone_changes_the_mean_by_less_than_the_limit():
    changes = [judge_steadiness(windows_of(noisy(2000, seed)), WHOLE).change for seed in range(60)]
    assert sum(change > 0.05 for change in changes) == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_modest_transient_is_found_with_its_end(seed):
    latencies_s = noisy(2000, seed)
    latencies_s[:400] *= 1.6
    steadiness = judge_steadiness(windows_of(latencies_s), WHOLE)
    assert steadiness.change == pytest.approx(0.6 * 400 / 2000, abs=0.04)
    assert steadiness.settled_s == pytest.approx(40.0, abs=6.0)


def test_a_change_in_the_second_half_never_settles():
    latencies_s = noisy(2000, 1)
    latencies_s[1400:] *= 3
    steadiness = judge_steadiness(windows_of(latencies_s), WHOLE)
    assert steadiness.change > 0.05
    assert steadiness.settled_s is None


def test_few_calls_are_not_judged_and_it_says_so():
    steadiness = judge_steadiness(windows_of(noisy(40, 1), per_second=2), slice(0, 20))
    assert steadiness.change == 0
    assert "40 calls are too few" in (steadiness.why_not_judged or "")


def test_nothing_at_all_is_not_judged():
    assert judge_steadiness(Windows(), slice(0, 0)).why_not_judged is not None


def test_time_is_counted_from_the_epoch_and_not_from_the_measured_phase():
    latencies_s = noisy(2000, 2)
    latencies_s[:900] *= 3
    steadiness = judge_steadiness(windows_of(latencies_s), slice(60, 200))
    assert steadiness.settled_s == pytest.approx(90.0, abs=5.0)
