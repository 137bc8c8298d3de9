"""`--web-login` with a user and a password of our own; Locust brings the form and asks for it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import gevent
from flask_login import UserMixin, login_user, logout_user
from gevent.lock import Semaphore

from openloop.credentials import HASH_VARIABLE, USER_VARIABLE, Credentials
from openloop.errors import StartRefused

SECRET_VARIABLE = "FLASK_SECRET_KEY"  # noqa: S105 - the name of the variable, as Locust's examples have it
SECRET_BYTES = 32
AFTER_A_MISS_S = 1.0
NOT_SET_UP = (
    f"--web-login has no user; valid: set {USER_VARIABLE} and {HASH_VARIABLE}, or give "
    "--web-credentials FILE (python -m openloop.login hash USER makes its line)"
)


class PageUser(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """Somebody who has logged in; `id` is the name."""

    def __init__(self, name: str) -> None:
        self.id = name


def set_up_login(
    web_ui: Any, credentials: Credentials, base_path: str, environment: Mapping[str, str]
) -> None:
    """Let Locust's login page take these credentials.

    Args:
        web_ui: Locust's web page, made with `--web-login`.
        credentials: Who may come in.
        base_path: What Locust's own paths begin with, as "" or "/tests".
        environment: Where the key that signs sessions may be; else one is drawn, and everybody
            logs in anew after a restart.
    """
    app, base = web_ui.app, base_path.rstrip("/")
    app.config.update(
        SECRET_KEY=environment.get(SECRET_VARIABLE) or secrets.token_hex(SECRET_BYTES),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=bool(web_ui.tls_cert),
    )
    web_ui.login_manager.user_loader(
        lambda name: PageUser(name) if name in credentials.hashes else None
    )
    web_ui.auth_args |= {"username_password_callback": f"{base}/open-loop-login"}
    one_at_a_time = Semaphore(1)

    def log_in() -> Any:
        form = flask.request.form
        with one_at_a_time:  # each costs CPU, whoever asks
            known = _match(credentials, form.get("username", ""), form.get("password", ""))
            if not known:
                gevent.sleep(AFTER_A_MISS_S)
        if not known:
            flask.session["auth_error"] = "Unknown user or wrong password"
            return flask.redirect(flask.url_for("locust.login"))
        login_user(PageUser(form["username"]))
        return flask.redirect(wanted_page(flask.request.referrer) or flask.url_for("locust.index"))

    def log_out() -> Any:
        logout_user()
        return flask.redirect(flask.url_for("locust.login"))

    app.add_url_rule(f"{base}/open-loop-login", view_func=log_in, methods=["POST"])
    app.add_url_rule(f"{base}/logout", view_func=log_out)


def _match(credentials: Credentials, user: str, password: str) -> bool:
    """In a thread: the hash takes as long as many arrivals."""
    return bool(gevent.get_hub().threadpool.apply(credentials.match, (user, password)))


def wanted_page(referrer: str | None) -> str | None:
    """The page that somebody wanted before the login came between; only a path on this server.

    Args:
        referrer: The login page's address, which has it in `next`.
    """
    wanted = parse_qs(urlsplit(referrer or "").query).get("next", [""])[0]
    is_path = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if is_path and wanted.isprintable() else None


def check_login(web_ui: Any) -> None:
    """Refuse a login page that nobody can pass.

    Call it when every listener of `init` has run: a locustfile may bring a login of its own.

    Raises:
        StartRefused: when there is neither ours nor another.
    """
    if web_ui is not None and web_ui.web_login and not _is_set_up(web_ui):
        raise StartRefused(NOT_SET_UP)


def _is_set_up(web_ui: Any) -> bool:
    return web_ui.login_manager._user_callback is not None  # noqa: SLF001 - flask-login has no look at it
