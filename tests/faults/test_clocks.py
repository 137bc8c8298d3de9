"""Workers whose monotonic clocks differ by what machines' clocks differ by, and by far more."""

from functools import partial

import pytest

from tests.faults.harness import do_fault, unsent
from tests.faults.privileges import require_time_namespaces, shifted_python
from tests.whole.harness import Together

SHIFTS_MS = {"five": (5, -5), "hundred": (100, -100), "a-day": (86_400_000, 0)}
LINE = "--rps 80 --duration 8s --distribution poisson --seed 5 --spin 10ms"


def nothing(_) -> float:
    return 0.0


@pytest.fixture(scope="module")
def runs(folder):
    require_time_namespaces()
    work = {}
    for name, shifts_ms in SHIFTS_MS.items():
        (folder / name).mkdir()
        pythons = [shifted_python(folder / name, str(ms), ms) for ms in shifts_ms]
        records = folder / name / "results"
        work[name] = partial(do_fault, records, LINE, 2, nothing, pythons=pythons)
    return Together(work, at_once=2)


@pytest.mark.parametrize("name", SHIFTS_MS)
def test_the_offsets_kept_are_those_of_the_clocks_within_their_stated_errors(runs, name):
    offsets = runs[name].ended.manifest.offsets
    left = {ms / 1000 for ms in SHIFTS_MS[name]}
    for offset in offsets.values():
        nearest = min(left, key=lambda shift_s: abs(offset["offset_s"] + shift_s))
        assert abs(offset["offset_s"] + nearest) <= offset["error_s"] + 1e-6
        left.remove(nearest)
    assert not left


@pytest.mark.parametrize("name", SHIFTS_MS)
def test_all_is_sent_once_whatever_the_clocks_say(runs, name):
    counts = runs[name].counts
    assert counts["ok"] == counts["planned"] == runs[name].seen
    assert unsent(runs[name].rows) == {}


@pytest.mark.parametrize("name", SHIFTS_MS)
def test_the_merged_sends_are_a_poisson_process_still(runs, name):
    law = runs[name].ended.summary["law"]
    assert (law["law"], law["measure"]) == ("poisson", "D")
    assert law["distance"] < 0.06
    assert "arrival-law" not in runs[name].judged.out


@pytest.mark.parametrize("name", SHIFTS_MS)
def test_every_member_sends_near_the_intended_time_by_the_masters_clock(runs, name):
    lags_s = sorted(row["sent_s"] - row["intended_s"] for row in runs[name].rows)
    assert lags_s[0] >= 0.0
    assert lags_s[len(lags_s) // 2] < 0.05


@pytest.mark.parametrize("name", SHIFTS_MS)
def test_the_run_states_the_error_of_its_clocks(runs, name):
    offsets = runs[name].ended.manifest.offsets
    stated_s = runs[name].ended.summary["context"]["clock_error_s"]
    assert stated_s == max(offset["error_s"] for offset in offsets.values())
    assert 0.0 < stated_s < 0.1
    if runs[name].ended.summary["verdict"]["level"] == "VALID":
        assert "2 members, clocks known to" in runs[name].ended.out
