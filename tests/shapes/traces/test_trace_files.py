"""Files of traces: three layouts, and what makes no sense in them."""

import numpy as np
import pytest

from shapes.errors import InvalidValue
from shapes.rate_profiles import parse_rate_profile
from shapes.schedule import Schedule
from shapes.traces.read import MOST_CHARACTERS
from tests.shapes.traces.made_traces import plan_of

HEAD_2019 = "HashOwner,HashApp,HashFunction,Trigger,1,2,3\n"
ROWS_2019 = "o,a,f1,http,3,0,6\no,a,f2,timer,1,1,1\n"
HEAD_2021 = "app,func,end_timestamp,duration\n"


@pytest.fixture
def profile(tmp_path):
    def read(text, options="", name="trace.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return parse_rate_profile(f"trace:{path}{options}", 10.0)

    return read


def times_of(profile):
    return Schedule(plan_of(profile.trace)).arrivals(0, 100_000).intended_s.tolist()


def spins_of(profile):
    return Schedule(plan_of(profile.trace)).spins_s(0, 100_000).tolist()


def test_counts_a_minute_become_rates_and_arrivals(profile):
    found = profile(HEAD_2019 + ROWS_2019)
    assert [s.rate_rps * 60 for s in found.log.segments] == pytest.approx([4, 1, 7, 0])
    assert np.histogram(times_of(found), [0, 60, 120, 180])[0].tolist() == [4, 1, 7]
    assert found.length_s == 180.0


def test_the_rows_of_2021_start_at_their_end_less_their_duration_sorted_and_from_zero(profile):
    """Six calls in no order: one of 42 s had begun before the trace, so at a negative time."""
    found = profile(
        HEAD_2021
        + "a,f,10.0,0.5\na,f,12.0,42.0\na,g,3.25,0.25\na,g,3.5,0.001\na,f,11,2\na,f,40,1\n"
    )
    expected = [0.0, 33.0, 33.499, 39.0, 39.5, 69.0]
    assert times_of(found) == pytest.approx(expected, abs=1e-6)
    assert spins_of(found) == pytest.approx([10.0, 0.25, 0.001, 2.0, 0.5, 1.0])


def test_work_is_capped_where_it_is_asked_and_can_be_left_out(profile):
    text = HEAD_2021 + "a,f,50,42\na,f,60,3\n"
    assert spins_of(profile(text, ",spin-cap=2s")) == [2.0, 2.0]
    assert profile(text, ",durations=off").trace.has_spins is False


@pytest.mark.parametrize(
    ("text", "times", "spins"),
    [
        ("1.5\n0.5\n2\n", [0.0, 1.0, 1.5], None),
        ("0,0.1\n2,250ms\n", [0.0, 2.0], [0.1, 0.25]),
        ("time_s\n100\n101\n", [0.0, 1.0], None),
        ("spin_s,time_s\n0.2,-1\n0.3,1\n", [0.0, 2.0], [0.2, 0.3]),
    ],
)
def test_plain_times_are_read_with_or_without_a_header_and_work(profile, text, times, spins):
    found = profile(text)
    assert times_of(found) == pytest.approx(times, abs=1e-6)
    assert found.trace.has_spins == (spins is not None)
    if spins:
        assert spins_of(found) == spins


def test_time_can_be_stretched_and_a_part_taken(profile):
    text = "0\n10\n20\n30\n"
    assert times_of(profile(text, ",time=0.1")) == pytest.approx([0, 1, 2, 3], abs=1e-6)
    assert times_of(profile(text, ",from=10s,for=20s")) == pytest.approx([0, 10], abs=1e-6)
    assert profile(HEAD_2019 + ROWS_2019, ",from=2m,time=0.5").length_s == 30.0


def test_counts_can_be_scaled_and_functions_chosen(profile):
    text = HEAD_2019 + ROWS_2019
    assert len(times_of(profile(text, ",rate=2"))) == 24
    assert len(times_of(profile(text, ",function=f2"))) == 3
    assert len(times_of(profile(text, ",function=f1+f2"))) == 12


def test_a_rate_below_one_keeps_a_share_of_exact_times(profile):
    text = "\n".join(str(i) for i in range(2000))
    kept = times_of(profile(text, ",rate=0.25"))
    assert 400 < len(kept) < 600
    assert {round(t, 6) % 1 for t in kept} <= {0.0}


def test_durations_of_functions_come_from_a_file_of_their_own(profile, tmp_path):
    percentiles = ",".join(f"percentile_Average_{p}" for p in (0, 1, 25, 50, 75, 99, 100))
    durations = tmp_path / "durations.csv"
    durations.write_text(
        f"HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,{percentiles}\n"
        "o,a,f1,5,9,1,9,20,20,20,20,20,20,20\n"
        "o,a,f2,5,9,1,9,20,10,20,20,20,20,20\n"
    )
    found = profile(HEAD_2019 + ROWS_2019, f",durations={durations}")
    spins_s = np.array(spins_of(found))
    assert np.count_nonzero(np.isnan(spins_s)) == 3
    assert set(spins_s[~np.isnan(spins_s)]) == {0.02}
    assert found.trace.source.left_out == (
        "1 row left out: its durations are negative, or do not rise (row 3)",
    )


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (
            HEAD_2019 + "o,a,f1,http,3,0,6\no,a,f,h,x,0,0\no,a,f,h,-1,0,0\no,a,f,h,0.5,0,0\no,a\n",
            [
                "1 row left out: a count is not a number (row 3)",
                "1 row left out: a count is negative (row 4)",
                "1 row left out: a count is not a whole number (row 5)",
                "1 row left out: it has not as many values as the header (row 6)",
            ],
        ),
        (
            HEAD_2021 + "a,f,1,1\na,f,,1\na,f,2,-1\na,f,nan,1\na,f\n",
            [
                "2 rows left out: its end is not a number (the first is row 3)",
                "1 row left out: its duration is negative (row 4)",
                "1 row left out: it has too few values (row 6)",
            ],
        ),
        (
            "0,1\nlater,1\n1,soon\n",
            [
                "1 row left out: its time is not a number (row 2)",
                "1 row left out: its work is not a time (row 3)",
            ],
        ),
    ],
)
def test_rows_that_make_no_sense_are_left_out_counted_and_named(profile, text, reasons):
    found = profile(text)
    assert list(found.trace.source.left_out) == reasons
    assert found.trace.source.rows == 1


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("hunter2:x:0:0\n", "", "neither a time nor a header"),
        ("", "", "neither a time nor a header"),
        ("0\n", ",mode=poisson", "mode= is for traces of counts"),
        ("0\n", ",rate=2", "exact times"),
        ("0\n", ",function=f", "needs a trace that names functions"),
        ("0\n", ",from=5s", "no calls between"),
        ("0\n", ",mode=random", "equidistant, uniform-points, poisson"),
        ("0\n", ",speed=2", "time=FACTOR"),
        ("0\n", ",time=0", "a number above 0"),
        ("0\n", ",time=1,time=2", "time=FACTOR"),
        (HEAD_2019, "", "no calls"),
        (HEAD_2019 + ROWS_2019, ",function=g", "no calls"),
        (HEAD_2019 + ROWS_2019, ",from=9m", "beyond the trace's 3 minutes"),
        ("HashOwner,HashFunction,1\no,f,1\n", "", "lacks a column"),
        ("HashOwner,HashApp,HashFunction,Trigger,0\n", "", "no minute 1"),
        (HEAD_2019 + ROWS_2019, ",durations=nowhere.csv", "is not there"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(profile, text, options, said):
    with pytest.raises(InvalidValue, match=said) as error:
        profile(text, options)
    assert "\n" not in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_trace_that_is_too_long_for_a_plan_is_refused_with_what_to_do(profile, monkeypatch):
    monkeypatch.setattr("shapes.traces.read.MOST_CHARACTERS", 1000)
    noise = np.random.default_rng(1).uniform(0, 1000, 2000)
    with pytest.raises(InvalidValue, match="take a part with function=, from= and for="):
        profile("\n".join(f"{t:.6f}" for t in noise))
    assert MOST_CHARACTERS == 1_000_000


def test_a_file_that_changed_is_read_again(profile):
    assert len(times_of(profile("0\n1\n"))) == 2
    assert len(times_of(profile("0\n1\n2\n"))) == 3


@pytest.mark.parametrize("path", ["/dev/zero", "/nowhere/at/all.csv", "."])
def test_only_files_are_read(path):
    with pytest.raises(InvalidValue, match="is not there"):
        parse_rate_profile(f"trace:{path}", 10.0)
