"""Locust with its page, as a process; asked over HTTP as a browser asks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from tests.whole.harness import Running, wait_until
from tests.whole.web import free_port

ANSWER_S = 60.0


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@dataclass
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> dict:
        return json.loads(self.text)


@dataclass
class Visitor:
    """Somebody who visits a Locust's page, cookies and all."""

    url: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(Request(f"{self.url}{path}", headers=headers))  # noqa: S310 - our own page

    def post(self, path: str, headers: dict[str, str] | None = None, **form: object) -> Answer:
        body = urlencode(form).encode()
        return self._ask(Request(f"{self.url}{path}", body, headers or {}))  # noqa: S310 - our own page

    def _ask(self, request: Request) -> Answer:
        opener = build_opener(_NoRedirects, HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=ANSWER_S) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read().decode())
        except HTTPError as answer:
            with answer:
                return Answer(answer.code, dict(answer.headers), answer.read().decode())

    def data(self, query: str = "") -> dict:
        return self.get(f"/open-loop/data{query}").json()

    def log_in(self, user: str, password: str) -> Answer:
        """Log in by the form of the login page."""
        self.cookies.clear()
        came_from = {"Referer": f"{self.url}/login"}
        return self.post("/open-loop-login", came_from, username=user, password=password)

    def start_run(self, rps: int, **form: object) -> str:
        """Start a run; its id."""
        said = self.post("/swarm", user_count=rps, spawn_rate=rps, rps=rps, **form).json()
        assert said["success"], said
        return wait_until(lambda: (self.data()["run"] or {}).get("id"))

    def wait_for_row(self, seconds: float) -> dict:
        """What the page is told, once the run is so old."""
        wait_until(lambda: self.data()["rows"] and self.data()["rows"][-1][0] >= seconds)
        return self.data()

    def stop_run(self) -> dict:
        """Stop the run; what the page is told when it is over."""
        self.post("/stop")
        return wait_until(lambda: (said := self.data())["first_screen"] and said)


@dataclass(kw_only=True)
class Page(Visitor):
    """A visitor of the page of a Locust that runs here."""

    running: Running


@contextmanager
def locust_page(
    records: Path, *arguments: str, base: str = "", host: str = "127.0.0.1", **where
) -> Iterator[Page]:
    """Start Locust with its page on a free port of loopback; `host` "" leaves --web-host out."""
    port = free_port()
    place = ["--web-port", str(port), *(("--web-host", host) if host else ())]
    base_path = ["--web-base-path", base] if base else []
    running = Running(records, *place, *base_path, *arguments, **where)
    page = Page(url=f"http://127.0.0.1:{port}{base}", running=running)
    try:
        wait_until(lambda: _answers(page))
        yield page
    finally:
        running.kill()


def _answers(page: Page) -> bool:
    if page.running.process.poll() is not None:
        raise AssertionError(page.running.process.communicate())
    try:
        return page.get("/login").status > 0
    except URLError:
        return False
