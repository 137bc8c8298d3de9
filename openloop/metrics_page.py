"""`/metrics` on Locust's page and, with `--metrics-port`, on a port of its own."""

from __future__ import annotations

import logging
from typing import Any

import flask
from gevent.pywsgi import WSGIServer

from openloop.errors import StartRefused
from openloop.live_board import LiveBoard
from openloop.metrics import CONTENT_TYPE, metrics_text

log = logging.getLogger(__name__)

PATH = "/metrics"


def add_metrics(web_ui: Any, board: LiveBoard, base_path: str) -> None:
    """Add `<base>/metrics` to Locust's page, behind its login where there is one."""

    @web_ui.auth_required_if_enabled  # type: ignore[untyped-decorator]  # as Locust has it
    def metrics() -> flask.Response:
        return _answer(board)

    web_ui.app.add_url_rule(f"{base_path.rstrip('/')}{PATH}", "open_loop_metrics", metrics)


def serve_metrics(board: LiveBoard, host: str, port: int) -> WSGIServer:
    """Serve `/metrics` alone.

    Raises:
        StartRefused: when the port cannot be listened on.
    """
    app = flask.Flask("openloop_metrics", static_folder=None)
    app.add_url_rule(PATH, "metrics", lambda: _answer(board))
    server = WSGIServer((host, port), app, log=None, error_log=log)
    try:
        server.start()
    except OSError as error:
        raise StartRefused(f"--metrics-port {port} on {host}: {error}") from None
    log.info("Metrics are at http://%s:%s%s", host, server.server_port, PATH)
    return server


def _answer(board: LiveBoard) -> flask.Response:
    return flask.Response(metrics_text(board), content_type=CONTENT_TYPE)
