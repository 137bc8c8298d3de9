import argparse
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote

import pytest

from experiment.observer.metrics_page import (
    AUTOSCALER_PATH,
    NoMetrics,
    UrlPage,
    page_at,
    parse_page,
)
from experiment.observer.metrics_source import MetricsSource
from tests.experiment.observer.scripted_cluster import ScriptedTime

LABELS = '{namespace_name="loadtest",revision_name="worker-00001",service_name="worker"}'


def line(name, value):
    return f"autoscaler_{name}{LABELS} {value}\n"


class ScriptedPage:
    """Its texts one after the other; an error is raised; at the end time is over."""

    address = "http://autoscaler:9090/metrics"

    def __init__(self, time, *texts):
        self.time, self.texts = time, [*texts]

    def read(self):
        text = self.texts.pop(0)
        self.time.over = not self.texts
        if isinstance(text, Exception):
            raise text
        return text


def rows_of(*texts):
    time, rows = ScriptedTime(), []
    MetricsSource(ScriptedPage(time, *texts, ""), ("loadtest", "worker")).run(rows.append, time)
    return rows


def test_a_metric_is_told_when_it_changes():
    rows = rows_of(line("desired_pods", 1), line("desired_pods", 1), line("desired_pods", 3))
    assert [(row["kind"], row["name"], row["value"]) for row in rows] == [
        ("metric", "kn_revision_pods_desired", 1.0),
        ("metric", "kn_revision_pods_desired", 3.0),
    ]
    assert rows[0]["revision"] == "worker-00001"
    assert rows[0]["labels"] == {"namespace": "loadtest", "service": "worker"}


def test_panic_is_a_row_of_its_own_kind_with_where_it_was_read():
    rows = rows_of(line("panic_mode", 0), line("panic_mode", 1), line("panic_mode", 0))
    assert [row["on"] for row in rows] == [False, True, False]
    assert {row["kind"] for row in rows} == {"panic"}
    assert rows[0]["source"] == "http://autoscaler:9090/metrics"


def test_a_page_that_cannot_be_read_is_a_gap_and_it_goes_on():
    rows = rows_of(line("desired_pods", 1), NoMetrics("no answer"), line("desired_pods", 2))
    assert [row["kind"] for row in rows] == ["metric", "gap", "gap", "metric"]
    assert (rows[1]["resource"], rows[1]["reason"]) == ("metrics", "no answer")


def test_a_torn_page_is_a_gap():
    assert [row["kind"] for row in rows_of('autoscaler_panic_mode{namespace_name="l')] == [
        "gap",
        "gap",
    ]


def test_the_autoscalers_own_page_is_read_by_way_of_the_api_server(api, cluster):
    api.texts[AUTOSCALER_PATH] = line("panic_mode", 1).encode()
    assert page_at("autoscaler", cluster).read() == line("panic_mode", 1)


def test_without_metrics_the_setting_that_makes_them_is_named(api, cluster):
    api.refuse(AUTOSCALER_PATH, 503, "connection refused")
    with pytest.raises(NoMetrics, match="connection refused; Knative has metrics when ConfigMap"):
        page_at("autoscaler", cluster).read()


@pytest.fixture
def prometheus():
    """An HTTP server that answers with the question that it was asked."""

    class Echo(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(unquote(self.path).encode())

        def log_message(self, *_):
            return

    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    "path", ["/metrics", '/federate?match[]={__name__=~"autoscaler_.*|kn_revision_.*"}']
)
def test_a_page_is_read_at_its_url(prometheus, path):
    assert UrlPage(prometheus + path).read() == path


def test_a_page_that_asks_for_a_login_is_named_with_its_status(api):
    with pytest.raises(NoMetrics, match="HTTP status 401"):
        UrlPage(f"{api.url}/metrics").read()


def test_a_url_where_nothing_listens_is_named(api):
    with pytest.raises(NoMetrics, match=r"no metrics at http://127\.0\.0\.1:1/metrics"):
        UrlPage("http://127.0.0.1:1/metrics").read()


@pytest.mark.parametrize("text", ["autoscaler", "http://10.0.0.7:9090/metrics", "https://p/f?a=b"])
def test_a_place_of_metrics_is_taken_as_it_is(text):
    assert parse_page(text) == text


@pytest.mark.parametrize("text", ["", "10.0.0.7:9090", "ftp://host/metrics", "http:///metrics"])
def test_another_place_is_refused_with_what_was_given(text):
    with pytest.raises(argparse.ArgumentTypeError, match="http://HOST:9090/metrics") as refused:
        parse_page(text)
    assert repr(text) in str(refused.value)
