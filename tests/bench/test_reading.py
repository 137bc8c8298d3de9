"""What each client prints is read as it is meant; the samples are of real runs."""

import json
from pathlib import Path

import pytest

from bench.peers.aiperf import read_requests
from bench.peers.client import Unreadable
from bench.peers.fortio import read_fortio
from bench.peers.ghz import read_ghz
from bench.peers.h2load import read_h2load
from bench.peers.locust_users import read_stats
from bench.peers.open_loop import OpenLoop

SAMPLES = Path(__file__).parent / "samples"
READERS = [
    (read_ghz, "ghz.json"),
    (read_fortio, "fortio.json"),
    (read_h2load, "h2load.txt"),
    (read_stats, "locust.json"),
    (read_requests, "aiperf.jsonl"),
]


def sample(name):
    return (SAMPLES / name).read_text(encoding="utf-8")


def test_of_ghz_counts_and_percentiles_are_read_in_ms():
    said = json.loads(sample("ghz.json"))
    reported = read_ghz(sample("ghz.json"))
    assert (reported.calls, reported.failed) == (said["count"], 0)
    assert reported.latency_ms["max"] == pytest.approx(said["slowest"] / 1e6)
    by_share = {part["percentage"]: part["latency"] for part in said["latencyDistribution"]}
    assert reported.latency_ms["p99"] == pytest.approx(by_share[99] / 1e6)


def test_of_ghz_what_is_not_ok_has_failed():
    said = json.loads(sample("ghz.json"))
    said["statusCodeDistribution"] = {"OK": said["count"] - 3, "Unavailable": 3}
    assert read_ghz(json.dumps(said)).failed == 3


def test_of_fortio_counts_and_percentiles_are_read_in_ms():
    said = json.loads(sample("fortio.json"))
    reported = read_fortio(sample("fortio.json"))
    assert (reported.calls, reported.failed) == (said["DurationHistogram"]["Count"], 0)
    assert set(reported.latency_ms) == {"p50", "p90", "p95", "p99", "max"}
    assert reported.latency_ms["max"] == pytest.approx(1e3 * said["DurationHistogram"]["Max"])


def test_of_fortio_what_does_not_serve_has_failed():
    said = json.loads(sample("fortio.json"))
    said["RetCodes"] = {"SERVING": 5, "ERROR": 2}
    assert read_fortio(json.dumps(said)).failed == 2


def test_of_h2load_counts_and_the_slowest_are_read():
    reported = read_h2load(sample("h2load.txt"))
    assert (reported.calls, reported.failed) == (1989, 0)
    assert reported.latency_ms == {"max": 197.9}


@pytest.mark.parametrize(
    ("slowest", "slowest_ms"), [("812us", 0.812), ("1.50s", 1500.0), ("3.25ms", 3.25)]
)
def test_of_h2load_units_are_told_apart(slowest, slowest_ms):
    text = sample("h2load.txt").replace("197.90ms", slowest)
    assert read_h2load(text).latency_ms["max"] == pytest.approx(slowest_ms)


def test_of_h2load_failed_and_errored_requests_count_as_failed():
    text = sample("h2load.txt").replace("0 failed, 0 errored", "4 failed, 5 errored")
    assert read_h2load(text).failed == 9


def test_of_aiperf_each_row_is_a_request_and_its_latency_is_from_its_sending():
    rows = [json.loads(line) for line in sample("aiperf.jsonl").splitlines()]
    reported = read_requests(sample("aiperf.jsonl"))
    assert (reported.calls, reported.failed) == (len(rows), 0)
    slowest_ns = max(
        row["metadata"]["request_end_ns"] - row["metadata"]["request_start_ns"] for row in rows
    )
    assert reported.latency_ms["max"] == pytest.approx(slowest_ns / 1e6)


def test_of_aiperf_a_row_with_an_error_has_failed():
    first, *others = sample("aiperf.jsonl").splitlines()
    failed = json.dumps({**json.loads(first), "error": {"type": "ClientError"}})
    assert read_requests("\n".join([failed, *others])).failed == 1


def test_of_locust_percentiles_are_taken_from_the_counts_of_rounded_latencies():
    reported = read_stats(sample("locust.json"))
    assert (reported.calls, reported.failed) == (11, 0)
    assert reported.latency_ms["p50"] == 770.0
    assert reported.latency_ms["p90"] == 780.0
    assert reported.latency_ms["max"] == pytest.approx(781.27566)


def test_of_locust_nothing_sent_is_no_latency():
    assert read_stats("[]").latency_ms == {}


@pytest.mark.parametrize(("read", "name"), READERS, ids=[name for _, name in READERS])
@pytest.mark.parametrize("damage", ["Segmentation fault", "{}", "[1]", '{"count": 1}'])
def test_what_is_not_known_is_refused_and_shown(read, name, damage):
    with pytest.raises(Unreadable):
        read(damage)


@pytest.mark.parametrize(("read", "name"), READERS, ids=[name for _, name in READERS])
def test_half_of_an_answer_is_refused(read, name):
    with pytest.raises(Unreadable):
        read(sample(name)[: len(sample(name)) // 2])


def test_of_ours_a_run_that_left_no_records_is_refused_with_what_it_printed(tmp_path):
    with pytest.raises(Unreadable, match=r"no run folder.*address in use"):
        OpenLoop("ours").read(tmp_path, "address in use")
