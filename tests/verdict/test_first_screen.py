import pytest

from tests.verdict.fakes import LAG_FINDING, summary, summary_of_failing
from verdict.asked import asked_of_target
from verdict.checks import evaluate, parse_check
from verdict.first_screen import headline, render


def with_checks(*texts, of=None):
    content = of or summary()
    results = evaluate([parse_check(text) for text in texts], content)
    return {**content, "checks": [vars(result) for result in results]}


def suspect():
    return summary(verdict={"level": "SUSPECT", "findings": [LAG_FINDING]})


def invalid():
    finding = {**LAG_FINDING, "level": "INVALID", "said": "lag p99 90 ms, limit 5 ms"}
    return summary(verdict={"level": "INVALID", "findings": [finding, LAG_FINDING]})


def test_the_first_line_says_pass_and_what_was_run():
    first = render(summary()).splitlines()[0]
    assert first == "PASS  10 rps poisson for 1m, spin 100ms, on localhost:50052"


def test_another_call_than_the_spin_is_named():
    what = {**summary()["what"], **asked_of_target({"call": "shop.Quote/Get", "spin": "100ms"})}
    first = render(summary(what=what)).splitlines()[0]
    assert first == "PASS  10 rps poisson for 1m, call shop.Quote/Get, on localhost:50052"


def test_a_valid_local_run_takes_about_ten_lines_of_a_terminals_width():
    lines = render(with_checks("p99<800ms")).splitlines()
    assert 8 <= len(lines) <= 12
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize(
    "words",
    [
        "p99 104 ms", "p50 101 ms", "ok 100 %", "slowdown   p50 1.01, p99 1.04",
        "the requested spin", "not watched", "1 instance replied", "lag 200 us",
        "network and queue 800 us", "contention 300 us", "CPU 100 ms", "VALID",
        "planned 600 = sent 600 + unsent 0", "sent = ok 600 + failed 0 + unfinished 0",
        "repeat with 5 seeds",
    ],
)  # fmt: skip
def test_the_screen_of_a_valid_run_says(words):
    assert words in render(summary())


def test_a_missed_check_fails_and_is_said_with_its_number():
    text = render(with_checks("p99<100ms"))
    assert text.startswith("FAIL")
    assert "p99 104 ms, p99<100ms: missed" in text


def test_a_suspect_run_says_why_and_what_to_do():
    text = render(suspect())
    assert text.startswith("PASS (SUSPECT)")
    assert "SUSPECT lag: lag p99 9 ms, limit 5 ms" in text
    assert "what to do: give the generator a core" in text


def test_an_invalid_run_says_do_not_use_the_reason_and_the_remedy_first():
    lines = render(invalid()).splitlines()
    assert lines[0] == "DO NOT USE: lag p99 90 ms, limit 5 ms"
    assert "give the generator a core of its own" in lines[1]


def test_an_invalid_run_shows_no_latency_to_quote():
    text = render(invalid())
    assert "p50" not in text
    assert "104 ms" not in text
    assert "slowdown" not in text


def test_failures_leave_no_percentile_of_survivors():
    text = render(summary_of_failing(0.032))
    assert text.startswith("FAIL")
    assert "p99: not reached (3.2 % failed)" in text
    assert "19 refused" in text


def test_a_run_whose_calls_all_fail_has_no_latency_and_fails():
    text = render(summary_of_failing(1.0))
    assert text.startswith("FAIL")
    assert "p50 and p99: not reached (100 % failed)" in text
    assert "p50 not reached, p99 not reached, against 100 ms" in text


def test_a_check_on_success_decides_instead_of_the_built_in_one():
    assert headline(with_checks("success>=90%", of=summary_of_failing(0.05))) == "PASS"


def test_phases_are_counted_apart_when_there_is_a_warm_up():
    counts = summary()["counts"]
    counts["all"] = {**counts["all"], "planned": 900, "sent": 900, "ok": 900}
    text = render(summary(counts=counts))
    assert "all: planned 900" in text
    assert "measured: planned 600" in text


def test_one_arrival_that_was_not_sent_is_forgiven_aloud():
    counts = {**summary()["counts"]["all"], "sent": 599, "ok": 599, "unsent": 1}
    content = summary(
        counts={"all": counts, "measured": counts}, unsent_by_reason={"max-in-flight": 1}
    )
    assert "the 1 arrival not sent (max-in-flight, 0.17 %)" in render(content)


def test_above_a_thousand_a_second_the_law_is_true_above_a_millisecond():
    law = {**summary()["law"], "judged_on": "0.1-s counts"}
    assert "true above 1 ms" in render(summary(law=law))


def test_a_stopped_run_says_by_what():
    context = {**summary()["context"], "stopped_by": "SIGTERM"}
    assert "stopped by SIGTERM" in render(summary(context=context)).splitlines()[0]


def test_several_members_say_how_well_they_know_the_clock():
    context = {**summary()["context"], "members": 3, "clock_error_s": 0.00012}
    assert "3 members, clocks known to 120 us" in render(summary(context=context))
    assert "clocks" not in render(summary())


def test_a_trace_is_named_once_and_its_spacing_is_its_own():
    of_trace = summary()
    of_trace["what"] |= {"rate": "trace:calls.csv", "law": "trace"}
    of_trace["law"] |= {"law": "trace", "measure": "CV", "distance": 0.01, "p_value": None}
    lines = render(of_trace)
    assert "trace:calls.csv for" in lines
    assert "spaced as the trace as sent (CV 0.010)" in lines
