"""All that is added to Locust's web page, and what is served without it."""

from __future__ import annotations

import os
from typing import Any

from openloop.credentials import read_credentials
from openloop.engine import Engine
from openloop.live_board import LiveBoard
from openloop.metrics_page import add_metrics, serve_metrics
from openloop.report_maker import ReportMaker
from openloop.web_address import check_address, refuse_other_sites
from openloop.web_form import guard_swarm
from openloop.web_form_labels import label_fields
from openloop.web_login import set_up_login
from openloop.web_page import add_page
from openloop.web_tabs import add_tabs


def start_web_side(environment: Any, web_ui: Any, engine: Engine) -> None:
    """Set up everything a person looks at; the page does not listen yet.

    Args:
        environment: Locust's environment, of the local process or the master.
        web_ui: Locust's web page; None when headless.
        engine: The engine of this process.

    Raises:
        StartRefused: when the page would be open to everybody, or a port is taken.
    """
    options = environment.parsed_options
    if web_ui is None and not options.metrics_port:
        return
    board = LiveBoard(engine)
    if web_ui is not None:
        _extend(environment, web_ui, engine, board)
    if options.metrics_port:
        serve_metrics(board, options.metrics_host, int(options.metrics_port))


def _extend(environment: Any, web_ui: Any, engine: Engine, board: LiveBoard) -> None:
    options = environment.parsed_options
    base_path = options.web_base_path or ""
    check_address(web_ui, is_open=bool(options.web_open))
    credentials = read_credentials(options.web_credentials, os.environ)
    if web_ui.web_login and credentials is not None:
        set_up_login(web_ui, credentials, base_path, os.environ)
    refuse_other_sites(web_ui)
    guard_swarm(environment, web_ui, engine.check_start)
    label_fields(web_ui)
    add_tabs(web_ui, board)
    add_page(web_ui, board, base_path, ReportMaker())
    add_metrics(web_ui, board, base_path)
