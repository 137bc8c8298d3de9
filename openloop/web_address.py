"""Where the web page listens: whoever reaches it can start load, so not everywhere by accident."""

from __future__ import annotations

import ipaddress
from argparse import ArgumentParser
from typing import Any

import flask

from openloop.errors import StartRefused

LOOPBACK = "127.0.0.1"


def default_to_loopback(parser: ArgumentParser) -> None:
    """Without `--web-host`, let Locust's page listen on this machine alone."""
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other list
        if action.dest == "web_host" and action.default == "":
            action.default = LOOPBACK
            action.help = (
                f"Host to bind the web interface to. Default: {LOOPBACK}; another one needs "
                "--web-login or --web-open; '*' is all interfaces"
            )


def check_address(web_ui: Any, *, is_open: bool) -> None:
    """Refuse a page that others reach and anybody may use.

    Args:
        web_ui: Locust's web page; not listening yet.
        is_open: Whether `--web-open` was given.

    Raises:
        StartRefused: saying what makes it valid.
    """
    if is_open or web_ui.web_login or is_loopback(web_ui.host):
        return
    where = web_ui.host or "all interfaces"
    raise StartRefused(
        f"the web page would listen on {where} without a login; valid: --web-host {LOOPBACK}, "
        "or --web-login, or --web-open if whoever reaches it may start load"
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host's address; of names only `localhost` is known."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_other_sites(web_ui: Any) -> None:
    """Refuse what a page of another site has the browser post here: it would start load unseen.

    Browsers say so in a header on addresses they trust, which loopback and HTTPS are; elsewhere
    the session cookie of a login stays away.
    """

    def before_request() -> flask.Response | None:
        request = flask.request
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            return flask.Response("a page of another site may not do this", 403)
        return None

    web_ui.app.before_request(before_request)
