"""`--engine process`: the page says that an engine has died while its run goes on."""

import os
import signal
from functools import partial

import pytest

from records.summary_file import read_summary
from tests.whole.engines import engine_pids
from tests.whole.harness import Together, wait_until
from tests.whole.web import forked_workers, web_session

CASES = {
    "one process": (0, signal.SIGKILL, ""),
    "workers": (2, signal.SIGSTOP, " (1 hung and was killed)"),
}
"""How many workers, what befalls one of their engines, and what is said of it more."""


def died(findings):
    """What is said of engines that died: level and words."""
    said = [(one["level"], one["said"]) for one in findings if one["reason"] == "engine-died"]
    assert len(said) <= 1
    return said[0] if said else None


def seen_run(folder, host, name):
    """What the page says before something befalls an engine, after that, and in the end."""
    line = ("--transport", "h2", "--engine", "process", "--spin", "10ms")
    workers, how, _ = CASES[name]
    line += forked_workers(workers) if workers else ()
    with web_session(folder, "--host", host, *line) as session:

        def so_far():
            verdict = session.view()["verdict"]
            assert not verdict["is_final"]
            return died(verdict["findings"])

        wait_until(lambda: len(session.stats().get("workers", ())) == workers)
        session.swarm(user_count=20, spawn_rate=20)
        wait_until(lambda: session.view()["run"] and session.view()["now"]["ok"])
        before = so_far()
        os.kill(engine_pids(session.running.process)[0], how)
        seen = wait_until(so_far)
        session.stop()
        (folder,) = session.finished_runs(1)
        after = wait_until(lambda: session.view()["verdict"])
        return (
            before,
            seen,
            died(after["findings"]),
            died(read_summary(folder)["verdict"]["findings"]),
        )


@pytest.fixture(scope="module")
def seen(folder, waiting_worker):
    host = waiting_worker.address
    return Together({name: partial(seen_run, folder / name, host, name) for name in CASES})


@pytest.mark.parametrize("name", CASES)
def test_the_page_says_that_an_engine_has_died_before_its_run_ends(seen, name):
    before, so_far, _, _ = seen[name]
    assert before is None
    assert so_far == ("SUSPECT", f"1 engine died during the run{CASES[name][2]}")


@pytest.mark.parametrize("name", CASES)
def test_page_and_summary_say_the_same_of_it_in_the_end(seen, name):
    _, so_far, page, summary = seen[name]
    assert so_far == page == summary
