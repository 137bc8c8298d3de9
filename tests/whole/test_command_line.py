"""The same run by every way of asking for it."""

import re
import shlex
from functools import partial

import pytest

from tests.whole.harness import EXAMPLES, LOCUSTFILE, ROOT, Together, run_locust
from tests.whole.workers import slow_worker

SHORT = "2s"
RATE = 10
WAYS = ("readme", "locust-words", "environment", "configuration-file", "other-folder", "nothing")


@pytest.fixture(scope="module")
def two_workers():
    with slow_worker() as one, slow_worker() as other:
        yield [one, other]


def readme_line(addresses: list[str]) -> list[str]:
    """The README's first load line, with the ports of now and a short duration."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    line = re.search(
        r"locust --headless -f locustfile\.py --host [^`]+?\n\n?(?=LOCUST|```)", readme
    )
    words = shlex.split(line[0].replace("\\\n", " "))
    swapped = {"localhost:50052,localhost:50053": ",".join(addresses), "10s": SHORT}
    return [swapped.get(word, word) for word in words[words.index("--host") :]]


@pytest.fixture(scope="module")
def runs(folder, two_workers):
    host = two_workers[0].address
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    whole = f"--host {host} --rps {RATE} --duration {SHORT} --spin 20ms"
    words = f"--host {host} -u {RATE} -r {RATE} -t {SHORT} --spin 20ms"
    file = f"--config {EXAMPLES / 'locust.conf'} --host {host} --duration {SHORT}"
    variables = {
        "LOCUST_HOST": host,
        "LOCUST_RPS": str(RATE),
        "LOCUST_DURATION": SHORT,
        "LOCUST_SPIN": "20ms",
        "LOCUST_LOCUSTFILE": str(LOCUSTFILE),
    }
    at = partial(partial, run_locust)
    return Together(
        {
            "readme": at(folder / "readme", *readme_line([w.address for w in two_workers])),
            "locust-words": at(folder / "words", *shlex.split(words)),
            "environment": at(folder / "environment", env=variables, locustfile=None),
            "configuration-file": at(folder / "file", *shlex.split(file)),
            "other-folder": at(None, *shlex.split(whole), cwd=elsewhere),
            "nothing": at(folder / "nothing", "--duration", SHORT, "--spin", "20ms"),
        }
    )


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_asking_plans_and_sends_the_same_number_of_calls(runs, way):
    counts = runs[way].counts()
    assert counts["planned"] == pytest.approx(RATE * 2, abs=8 if way == WAYS[3] else 0)
    assert counts["sent"] == counts["ok"] == counts["planned"], runs[way].err


@pytest.mark.parametrize("way", WAYS)
def test_a_run_ends_without_a_traceback(runs, way):
    assert "Traceback" not in runs[way].err


@pytest.mark.parametrize("way", ["readme", "locust-words", "environment", "other-folder"])
def test_the_users_shown_the_run_time_and_the_rate_agree(runs, way):
    options = runs[way].manifest.options
    assert (options["num_users"], options["run_time"]) == (RATE, 2)


def test_the_readmes_line_spreads_its_calls_over_both_targets(two_workers, runs):
    assert len(runs) == len(WAYS)
    assert all(worker.seen() > 0 for worker in two_workers)
    assert {row["spin_s"] for row in runs["readme"].rows} == {0.5}


def test_the_command_line_goes_before_the_configuration_file(runs):
    options = runs["configuration-file"].manifest.options
    assert (options["duration"], options["distribution"], options["seed"]) == (
        SHORT,
        "poisson",
        "1",
    )


def test_without_a_host_a_spin_worker_is_started_for_the_run(runs):
    assert "No --host" in runs["nothing"].err
    assert {row["instance_seq"] for row in runs["nothing"].rows} == set(range(1, RATE * 2 + 1))


def test_from_another_folder_the_records_are_in_that_folders_results(runs):
    assert runs["other-folder"].folder.parent.name == "results"
    assert runs["other-folder"].folder.parents[1].name == "elsewhere"
