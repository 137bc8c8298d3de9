"""What a run leaves for people and programs: exit codes, checks, files, the first screen."""

from functools import partial
from xml.etree import ElementTree as ET

import pytest

from tests.whole.harness import Together, run_locust
from tests.whole.workers import slow_worker

PLAIN = "--rps 20 --duration 2s --spin 400ms"
LINES = {
    "plain": PLAIN,
    "check-met": f"{PLAIN} --check success>=0.99 --check p99<5s",
    "check-missed": f"{PLAIN} --check p50<1ms --check success>=0.99",
    "not-checked-for-failures": f"{PLAIN} --exit-code-on-error 0",
    "failing": PLAIN,
    "all-failing": PLAIN,
    "warm-up": f"{PLAIN} --warm-up 1s",
    "invalid": "--rps 20 --duration 1s --spin 400ms --max-in-flight 1 --check p99<1h",
    "failing-and-missed": f"{PLAIN} --check success>=0.99",
}
FAILURES = 10
FAILING = {
    "not-checked-for-failures": FAILURES,
    "failing": FAILURES,
    "failing-and-missed": FAILURES,
    "all-failing": 1000,
}


def one_run(folder, name):
    flags = ("--fail-first", str(FAILING.get(name, 0)))
    files = ("--junit", str(folder / f"{name}.xml"))
    steps = {"GITHUB_STEP_SUMMARY": str(folder / f"{name}.md")}
    with slow_worker(*flags) as worker:
        line = LINES[name].split()
        return run_locust(folder / name, "--host", worker.address, *line, *files, env=steps)


@pytest.fixture(scope="module")
def runs(folder):
    return Together({name: partial(one_run, folder, name) for name in LINES}, at_once=4)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("plain", 0),
        ("check-met", 0),
        ("invalid", 3),
        ("check-missed", 4),
        ("failing", 1),
        ("all-failing", 1),
        ("not-checked-for-failures", 0),
        ("failing-and-missed", 4),
    ],
)
def test_the_exit_code_says_how_the_run_ended(runs, name, code):
    assert runs[name].code == code, runs[name].out


def test_failures_of_the_target_are_data(runs):
    counts = runs["failing"].counts()
    assert (counts["failed"], counts["ok"]) == (FAILURES, counts["sent"] - FAILURES)
    failed = [row for row in runs["failing"].rows if row["status"] == "failed"]
    assert {(row["code"], row["detail"]) for row in failed} == {("UNAVAILABLE", "told to fail")}
    assert runs["failing"].summary["verdict"]["level"] != "INVALID"


@pytest.mark.parametrize("name", LINES)
def test_the_first_screen_is_the_last_thing_on_the_terminal(runs, name):
    out = runs[name].out.rstrip().splitlines()
    screen = [i for i, line in enumerate(out) if line.startswith(("PASS", "FAIL", "DO NOT USE"))]
    assert len(screen) == 1
    assert out[-2:] == [
        f"Records: {runs[name].folder}",
        f"Report:  python -m analysis report {runs[name].folder}",
    ]
    assert not any("Aggregated" in line for line in out[screen[0] :])


@pytest.mark.parametrize(
    ("name", "word"),
    [("check-met", "PASS"), ("check-missed", "FAIL"), ("invalid", "DO NOT USE")],
)
def test_the_first_word_of_the_first_screen_is_the_answer(runs, name, word):
    assert f"\n{word}" in runs[name].out


def test_a_run_not_to_be_used_shows_no_latency(runs):
    screen = runs["invalid"].out[runs["invalid"].out.index("DO NOT USE") :]
    assert "p99 " not in screen.replace("lag p99", "")


def test_a_run_whose_calls_all_failed_has_failed_and_shows_no_latency_of_failures(runs):
    screen = runs["all-failing"].out[runs["all-failing"].out.index("\nFAIL") :]
    assert "not reached (100 % failed)" in screen
    assert runs["all-failing"].summary["latency_s"]["p50"] is None
    assert runs["all-failing"].summary["failures"]["by_code"] == {"UNAVAILABLE": 40}


@pytest.mark.parametrize(("name", "failures"), [("check-met", 0), ("check-missed", 1)])
def test_junit_has_a_case_for_the_verdict_and_one_for_each_check(runs, folder, name, failures):
    assert runs[name].code in {0, 4}
    suite = ET.parse(folder / f"{name}.xml").getroot()  # noqa: S314 - our own file
    assert suite.get("failures") == str(failures)
    assert [case.get("classname") for case in suite.iter("testcase")] == ["verdict", *["check"] * 2]


def test_the_step_summary_of_a_build_has_the_first_screen(runs, folder):
    screen = runs["check-missed"].out[runs["check-missed"].out.index("FAIL") :].splitlines()[0]
    assert screen in (folder / "check-missed.md").read_text(encoding="utf-8")


def test_the_warm_up_divides_the_arrivals_by_intended_time(runs):
    rows = runs["warm-up"].rows
    assert [row["phase"] for row in rows] == ["warm-up"] * 20 + ["measured"] * 20
    counts = runs["warm-up"].summary["counts"]
    assert (counts["all"]["planned"], counts["measured"]["planned"]) == (40, 20)


def test_locusts_own_table_leaves_the_warm_up_out(runs):
    (total,) = [
        line
        for line in runs["warm-up"].out.splitlines() + runs["warm-up"].err.splitlines()
        if "Aggregated" in line and "(" in line
    ]
    assert total.split()[1] == "20"


@pytest.mark.parametrize("name", ["plain", "failing", "warm-up"])
def test_summary_and_rows_tell_the_same_counts(runs, name):
    assert runs[name].summary["counts"]["all"] == runs[name].counts()


def test_a_finished_run_lacks_nothing(runs):
    assert runs["plain"].run.missing == []
    assert runs["plain"].manifest.finished
