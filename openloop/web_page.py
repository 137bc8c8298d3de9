"""Our own page at `<base>/open-loop`: charts of the run under way, verdict and report after it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask
from werkzeug.exceptions import Conflict, NotFound

from openloop.live_board import LiveBoard
from openloop.live_view import Known, page_data
from openloop.report_maker import REPORT_FOLDER, REPORT_PAGE, ReportMaker

PAGES = Path(__file__).with_name("pages")
PATH = "/open-loop"
INDEX_ENDPOINT = "locust.index"
LINK = (
    '<a id="open-loop-link" href="./open-loop" style="position:fixed;right:16px;bottom:52px;'
    "z-index:10;padding:8px 14px;border-radius:18px;background:#15803d;color:#fff;font:500 14px "
    'Roboto,system-ui,sans-serif;text-decoration:none;box-shadow:0 1px 4px #0006">'
    "Open loop: charts and verdict</a></body>"
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
Answer = Callable[..., Any]


def add_page(web_ui: Any, board: LiveBoard, base_path: str, reports: ReportMaker) -> None:
    """Add the page's routes, behind Locust's login where there is one.

    Args:
        web_ui: Locust's web page.
        board: What the page shows.
        base_path: What Locust's own paths begin with, as "" or "/tests".
        reports: Makes the report of a finished run.
    """
    views = flask.Blueprint("open_loop", __name__, url_prefix=f"{base_path.rstrip('/')}{PATH}")

    def add(rule: str, answer: Answer, method: str = "GET") -> None:
        guarded = web_ui.auth_required_if_enabled(answer)
        views.add_url_rule(rule, answer.__name__, guarded, methods=[method])

    add("", page)
    add("/<any('page.js','chart.js','page.css'):name>", asset)
    add("/data", _data_view(board, reports))
    add("/report", _make_report_view(board, reports), "POST")
    add("/report/<path:name>", _report_file_view(board))
    web_ui.app.register_blueprint(views)
    web_ui.app.after_request(_with_link)


def page() -> flask.Response:
    """The page itself: it holds nothing of a run."""
    response = flask.send_from_directory(PAGES, "open_loop.html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


def asset(name: str) -> flask.Response:
    """One of the files that the page consists of."""
    return flask.send_from_directory(PAGES, name)


def _data_view(board: LiveBoard, reports: ReportMaker) -> Answer:
    def data() -> flask.Response:
        asked = flask.request.args
        known = Known(
            asked.get("run", ""),
            asked.get("width", 0.0, type=float),
            asked.get("from", 0.0, type=float),
        )
        answer = page_data(board, known)
        if board.run is not None:
            answer["report"] = vars(reports.state(board.run.folder))
        response = flask.jsonify(answer)
        response.cache_control.no_store = True
        return response

    return data


def _make_report_view(board: LiveBoard, reports: ReportMaker) -> Answer:
    def make_report() -> flask.Response:
        if board.run is None or board.conclusion is None:
            # Its figures would take the CPU that the arrivals need.
            raise Conflict("the report is made when the run is over")
        return flask.jsonify(vars(reports.start(board.run.folder)))

    return make_report


def _report_file_view(board: LiveBoard) -> Answer:
    def report_file(name: str = REPORT_PAGE) -> flask.Response:
        if board.run is None:
            raise NotFound
        return flask.send_from_directory(board.run.folder.resolve() / REPORT_FOLDER, name)

    return report_file


def _with_link(response: flask.Response) -> flask.Response:
    """Put a link to the page on Locust's."""
    if flask.request.endpoint == INDEX_ENDPOINT and response.mimetype == "text/html":
        response.set_data(response.get_data(as_text=True).replace("</body>", LINK))
    return response
