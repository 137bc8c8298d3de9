"""Every command line of examples/README.md, as it stands there but for its port and its length."""

import re
import shlex
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.whole.harness import EXAMPLES, ROOT, Together, run_locust
from tests.whole.workers import spin_worker

SECONDS = 2
RATE = 20
TEXT = (EXAMPLES / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^locust (--headless .+)$", TEXT, re.MULTILINE)
OPEN_LOOP = [line for line in COMMANDS if "closed_loop" not in line]
(CLOSED_LOOP,) = set(COMMANDS) - set(OPEN_LOOP)


@pytest.fixture(scope="module")
def runs(folder):
    with spin_worker() as worker, http_server() as site:
        places = {"localhost:50052": worker.address, "127.0.0.1:8000": site, "10s": f"{SECONDS}s"}
        work = {
            line: partial(run_example, folder / str(number), line, places)
            for number, line in enumerate(COMMANDS)
        }
        return Together(work, at_once=3)


@contextmanager
def http_server():
    """What `python -m http.server` serves, on a free loopback port; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    serving = Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def run_example(records, line, places):
    for before, after in places.items():
        line = line.replace(before, after)
    words = shlex.split(line)
    length = ("--duration", f"{SECONDS}s") if "--config" in line else ()
    return run_locust(records, *words, *length, locustfile=None)


def named(part: str) -> str:
    (line,) = [line for line in COMMANDS if part in line]
    return line


@pytest.mark.parametrize("line", OPEN_LOOP)
def test_an_open_loop_example_sends_what_it_plans_and_all_of_it_succeeds(runs, line):
    counts = runs[line].counts()
    assert counts["ok"] == counts["planned"] > 0, runs[line].err
    assert "Traceback" not in runs[line].err


@pytest.mark.parametrize("part", ["own_stubs.py", "without_stubs.py", "--call"])
def test_the_rate_of_an_example_is_what_its_line_says(runs, part):
    assert runs[named(part)].counts()["planned"] == RATE * SECONDS


def test_tasks_share_the_arrivals_by_weight(runs):
    methods = [row["method"] for row in runs[named("own_stubs.py")].rows]
    streams = methods.count("/spin.v1.Spinner/SpinStream")
    assert 0 < streams < RATE * SECONDS / 2
    assert methods.count("/spin.v1.Spinner/Spin") == RATE * SECONDS - streams


def test_the_http_example_counts_arrivals_whatever_their_tasks_send(runs):
    ended = runs[named("http_open_loop")]
    assert ended.counts()["planned"] == RATE * SECONDS
    assert {row["method"] for row in ended.rows} == {"read", "browse"}
    assert {row["http_status"] for row in ended.rows} == {200}
    (total,) = [line for line in ended.err.splitlines() if re.search(r"Aggregated.+\(", line)]
    assert int(total.split()[1]) == RATE * SECONDS


def test_the_rows_of_the_data_file_take_turns(runs):
    sizes = {row["request_bytes"] for row in runs[named("--data")].rows}
    assert len(sizes) > 1


def test_the_closed_loop_example_has_locusts_results_and_no_run_folder(runs):
    ended = runs[CLOSED_LOOP]
    assert ended.code == 0, ended.err
    assert ended.folders == []
    (total,) = [
        line for line in (ended.out + ended.err).splitlines() if re.search(r"Aggregated.+\(", line)
    ]
    assert int(total.split()[1]) > 5 * SECONDS


def test_every_example_is_named_in_their_readme():
    files = {path.name for path in EXAMPLES.iterdir() if path.is_file()} - {"README.md"}
    assert all(f"({name})" in TEXT for name in files)
    assert f"[examples/]({EXAMPLES.name}/)" in (ROOT / "README.md").read_text(encoding="utf-8")
