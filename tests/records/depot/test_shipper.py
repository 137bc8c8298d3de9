import socket
from functools import partial

import pytest

from records.depot.client import Address, Delivery, parse_address, send_file
from records.depot.errors import NeverDelivered, NotDelivered
from records.depot.shipper import Shipper
from records.reader import open_run
from tests.records.depot.fakes import manifest, write_ended_member, write_rows

NOBODY = Address("127.0.0.1", 1)


class Clock:
    now_s = 0.0

    def monotonic_s(self):
        return self.now_s

    def sleep(self, seconds):
        self.now_s += seconds


class Stops:
    """Says "not yet" so many times, and notes how long was waited."""

    def __init__(self, times):
        self.times = times
        self.waited_s = []

    def wait(self, timeout):
        self.waited_s.append(timeout)
        self.times -= 1
        return self.times < 0


class Scripted:
    """A depot that answers by script, then takes everything."""

    def __init__(self, *script, depot_id="a"):
        self.script = list(script)
        self.depot_id = depot_id
        self.sent = []

    def __call__(self, found):
        if self.script and (error := self.script.pop(0)):
            raise error
        self.sent.append(found.name)
        return Delivery(found.stamp, self.depot_id)


def shipper_to(depot, folder, lines=None):
    return Shipper(folder, partial(send_file, depot.address), (lines or []).append)


def test_the_files_of_two_pods_meet_in_one_complete_run(depot, tmp_path):
    for member in ("w1", "w2"):
        pod = tmp_path / member
        write_ended_member(pod / "run", member)
        assert shipper_to(depot, pod).sweep() == 0
    run = open_run(depot.folder / "run")
    assert (run.rows, list(run.missing_rows)) == (6, [])


def test_a_file_is_sent_once(tmp_path):
    write_rows(tmp_path / "run")
    send = Scripted()
    shipper = Shipper(tmp_path, send, lambda _: None)
    shipper.sweep()
    shipper.sweep()
    assert send.sent == ["calls-w1-00000.parquet"]


def test_a_manifest_that_changes_is_sent_again(tmp_path, depot):
    path = tmp_path / "pod" / "run" / "manifest.json"
    path.parent.mkdir(parents=True)
    shipper = shipper_to(depot, tmp_path / "pod")
    for text in (manifest(), manifest(finished=True)):
        path.write_text(text)
        shipper.sweep()
        assert (depot.folder / "run" / "manifest.json").read_text() == text


def test_the_summary_waits_for_what_comes_before_it(tmp_path):
    write_rows(tmp_path / "run")
    (tmp_path / "run" / "summary.json").write_text("{}")
    send = Scripted(NotDelivered("away"))
    shipper = Shipper(tmp_path, send, lambda _: None)
    assert shipper.sweep() == 2
    assert send.sent == []
    assert shipper.sweep() == 0
    assert send.sent == ["calls-w1-00000.parquet", "summary.json"]


def test_a_file_that_is_refused_holds_nothing_up_and_is_not_sent_again(tmp_path):
    write_rows(tmp_path / "run", n=0)
    write_rows(tmp_path / "run", n=1)
    send = Scripted(NeverDelivered("409"))
    shipper = Shipper(tmp_path, send, lambda _: None)
    shipper.sweep()
    shipper.sweep()
    assert send.sent == ["calls-w1-00001.parquet"]
    assert shipper.refused == ["run/calls-w1-00000.parquet"]


def test_a_depot_that_is_away_is_asked_more_seldom_and_the_log_is_not_filled(tmp_path):
    write_rows(tmp_path / "run")
    lines, stop = [], Stops(6)
    Shipper(tmp_path, Scripted(*[NotDelivered("away")] * 9), lines.append).ship_until(stop)
    assert stop.waited_s == [1, 2, 4, 8, 8, 8, 8]
    assert len(lines) == 1


def test_a_shipper_outlives_a_depot_that_is_away_for_a_while(start_depot, tmp_path):
    pod = tmp_path / "pod"
    write_rows(pod / "run", n=0)
    depot = start_depot()
    shipper = shipper_to(depot, pod)
    shipper.sweep()
    depot.close()
    write_rows(pod / "run", n=1)
    assert shipper.sweep() == 1
    again = start_depot(port=depot.address.port)
    assert shipper.sweep() == 0
    assert open_run(again.folder / "run").rows == 6


def test_a_depot_that_lost_its_folder_gets_everything_again(start_depot, tmp_path):
    pod = tmp_path / "pod"
    write_rows(pod / "run", n=0)
    depot = start_depot()
    shipper = shipper_to(depot, pod)
    shipper.sweep()
    depot.close()
    write_rows(pod / "run", n=1)
    again = start_depot(folder=tmp_path / "new home", port=depot.address.port)
    assert shipper.sweep() == 0
    assert open_run(again.folder / "run").rows == 6


def test_a_shipper_that_was_restarted_sends_all_again_and_that_is_no_fault(depot, tmp_path):
    write_ended_member(tmp_path / "pod" / "run", "w1")
    for _ in range(2):
        shipper = shipper_to(depot, tmp_path / "pod")
        assert (shipper.sweep(), shipper.refused) == (0, [])


def test_the_rest_is_tried_until_patience_is_over(tmp_path):
    write_rows(tmp_path / "run")
    clock = Clock()
    shipper = Shipper(tmp_path, Scripted(*[NotDelivered("away")] * 99), lambda _: None)
    assert shipper.ship_the_rest(10.0, clock.monotonic_s, clock.sleep) == 1
    assert clock.now_s == 10.0


def test_the_rest_is_sent_as_soon_as_the_depot_is_back(tmp_path):
    write_rows(tmp_path / "run")
    clock = Clock()
    shipper = Shipper(tmp_path, Scripted(*[NotDelivered("away")] * 3), lambda _: None)
    assert shipper.ship_the_rest(10.0, clock.monotonic_s, clock.sleep) == 0
    assert clock.now_s == 3.0


def test_a_file_that_grows_while_it_is_sent_arrives_as_it_was_at_first(depot, tmp_path):
    path = tmp_path / "run" / "replicas.jsonl"
    path.parent.mkdir()
    path.write_text("one\n")
    shipper = shipper_to(depot, tmp_path)
    shipper.sweep()
    with path.open("a") as file:
        file.write("two\n")
    shipper.sweep()
    assert (depot.folder / "run" / "replicas.jsonl").read_text() == "one\ntwo\n"


def test_nobody_there_is_worth_another_try(tmp_path):
    write_rows(tmp_path / "run")
    lines = []
    shipper = Shipper(tmp_path, partial(send_file, NOBODY), lines.append)
    assert shipper.sweep() == 1
    assert "127.0.0.1:1" in lines[0]


def test_a_depot_that_does_not_answer_is_given_up_in_time(tmp_path):
    write_rows(tmp_path / "run")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = Address(*silent.getsockname())
        send = partial(send_file, address, timeout_s=0.2)
        assert Shipper(tmp_path, send, lambda _: None).sweep() == 1


def test_an_address_is_read():
    assert parse_address("http://locust-results:8070") == Address("locust-results", 8070)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "locust-results:8070",
        "https://a:1",
        "http://a",
        "http://a:x",
        "http://a:1/x",
        "http://:1",
    ],
)
def test_another_text_is_no_address_and_the_valid_form_is_named(text):
    with pytest.raises(ValueError, match=r"valid: http://HOST:PORT"):
        parse_address(text)
