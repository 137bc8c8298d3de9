"""What the page and Prometheus are told, over HTTP, of a run in one process."""

from urllib.error import URLError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.web.harness import locust_page
from tests.whole.harness import counts_of, headless, wait_until
from tests.whole.web import forked_workers, free_port

CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}


def samples(text):
    families = text_string_to_metric_families(text)
    return {
        (one.name, *one.labels.values()): one.value for family in families for one in family.samples
    }


@pytest.fixture(scope="module")
def session(folder, waiting_worker):
    """A run of some seconds, edited and stopped; what was told on the way."""
    line = ("--host", waiting_worker.address, "--spin", "20ms")
    with locust_page(folder / "records", *line) as page:
        told = {
            "refused": page.post("/swarm", CROSS_SITE, user_count=5, spawn_rate=5),
            "before": page.data(),
        }
        page.start_run(40)
        told["early report"] = page.post("/open-loop/report")
        told["running"] = page.wait_for_row(4)
        told["newest"] = page.data(f"?run={told['running']['run']['id']}&width=1&from=3")
        told["metrics"] = samples(page.get("/metrics").text)
        told["over"] = page.stop_run()
        told["folder"] = next((folder / "records").iterdir())
        wait_until(lambda: page.data()["now"]["in_flight"] == 0)
        wait_until((told["folder"] / "summary.json").exists)  # between arrivals none is in flight
        told["settled"] = wait_until(lambda: all_told(page.data(), told["folder"]))
        told["metrics after"] = samples(page.get("/metrics").text)
        told["page"] = page.get("/open-loop")
        told["outside"] = page.get("/open-loop/report/..%2Fsummary.json")
        yield told


def all_told(data, folder):
    """The data, once the last second has been told as well."""
    return data["now"]["ok"] == counts_of(folder)["ok"] and data


def column(data, name):
    place = data["columns"].index(name)
    return [row[place] for row in data["rows"]]


def test_before_the_first_run_there_is_none(session):
    assert session["before"] == {"run": None}


def test_a_form_that_another_site_posts_starts_nothing(session):
    assert session["refused"].status == 403


def test_every_second_of_the_run_is_told_once(session):
    ends = column(session["settled"], "end_s")
    assert ends == [float(n + 1) for n in range(len(ends))]
    counts = counts_of(session["folder"])
    assert sum(column(session["settled"], "sent_rps")) == counts["sent"]
    assert sum(column(session["settled"], "ok_rps")) == counts["ok"]


def test_the_offered_rate_is_the_plans_and_latency_counts_from_the_intended_time(session):
    assert column(session["running"], "offered_rps")[1] == pytest.approx(40)
    assert min(column(session["running"], "latency_p50_s")) > 0.019


def test_a_page_that_knows_the_run_is_told_its_newest_seconds(session):
    assert min(column(session["newest"], "end_s")) > 3
    assert len(session["newest"]["rows"]) < len(session["settled"]["rows"])


def test_the_run_ends_with_its_first_screen_and_verdict(session):
    assert "planned" in session["over"]["first_screen"]
    assert session["over"]["verdict"]["is_final"]
    assert session["over"]["run"]["state"] == "over"


def test_no_report_is_made_while_the_run_needs_the_machine(session):
    assert session["early report"].status == 409


def test_only_files_of_the_report_are_served(session):
    assert session["outside"].status == 404


def test_the_page_loads_nothing_from_elsewhere(session):
    assert "script-src 'self'" in session["page"].headers["Content-Security-Policy"]
    assert "://" not in session["page"].text


def test_metrics_follow_the_run(session):
    assert session["metrics"]["open_loop_run_under_way",] == 1
    assert session["metrics"]["open_loop_offered_rps",] == pytest.approx(40)
    assert session["metrics after"]["open_loop_run_under_way",] == 0


def test_metrics_end_with_the_counts_of_the_records(session):
    counts = counts_of(session["folder"])
    assert session["metrics after"]["open_loop_sent_total",] == counts["sent"]
    assert session["metrics after"]["open_loop_ended_total", "ok"] == counts["ok"]
    assert session["metrics after"]["open_loop_latency_seconds_count",] == counts["sent"]


def test_a_distributed_run_is_told_by_all_its_members(folder, waiting_worker):
    records = folder / "distributed"
    line = ("--host", waiting_worker.address, "--spin", "20ms", *forked_workers(2))
    with locust_page(records, *line) as page:
        page.start_run(30)
        running = page.wait_for_row(3)
        page.stop_run()
        over = wait_until(lambda: all_told(page.data(), next(records.iterdir())))
    assert {one["state"] for one in running["members"]} == {"sending"}
    assert sum(one["sent"] for one in over["members"]) == over["now"]["ok"]
    assert min(one["sent"] for one in over["members"]) > 0


def test_a_headless_run_serves_metrics_on_a_port_of_its_own(folder, waiting_worker):
    port = free_port()
    line = ("--host", waiting_worker.address, "--spin", "20ms", "--rps", "20", "--duration", "6s")
    running = headless(folder / "headless", *line, "--metrics-port", str(port))
    told = wait_until(lambda: sent_so_far(port))
    assert told["open_loop_offered_rps",] == pytest.approx(20)
    assert running.end().counts()["sent"] >= told["open_loop_sent_total",]


def sent_so_far(port):
    """The metrics, once they tell of arrivals."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            told = samples(answer.read().decode())
    except URLError:
        return None
    return told if told.get(("open_loop_sent_total",)) else None
