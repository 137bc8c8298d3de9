"""Locust's web page as a program uses it: its own HTTP interface."""

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from records.manifest import read_manifest
from tests.whole.harness import Ended, Running, wait_until

ANSWER_S = 60.0


@dataclass
class WebSession:
    """A Locust with its page on a free port."""

    running: Running
    url: str

    def swarm(self, **form: str | float) -> dict:
        """Start a run, or edit the one under way; Locust's answer."""
        return self._ask("/swarm", urlencode(form).encode())

    def stop(self) -> dict:
        """Stop the run; the answer comes when Locust has taken its users away."""
        return self._ask("/stop", b"")

    def stats(self) -> dict:
        return self._ask("/stats/requests", None)

    def view(self) -> dict:
        """What our own page shows."""
        return self._ask("/open-loop/data", None)

    def logs(self) -> dict:
        """What its Logs tab shows."""
        return self._ask("/logs", None)

    def _ask(self, path: str, body: bytes | None) -> dict:
        with urlopen(f"{self.url}{path}", body, timeout=ANSWER_S) as answer:  # noqa: S310 - our own page
            return json.load(answer)

    def wait_for_state(self, state: str) -> None:
        wait_until(lambda: self.stats()["state"] == state)

    @property
    def folders(self) -> list[Path]:
        """The run folders."""
        return list(self.running.records.glob("*"))

    def finished_runs(self, count: int) -> list[Path]:
        """The run folders, oldest first, once so many runs are over."""
        wait_until(lambda: len(self._finished()) >= count)
        self.wait_for_state("stopped")
        return sorted(self._finished(), key=lambda f: read_manifest(f).started_unix_s)

    def _finished(self) -> list[Path]:
        return [path.parent for path in self.running.records.glob("*/summary.json")]

    def end(self) -> Ended:
        self.running.process.terminate()
        return self.running.end()


@contextmanager
def web_session(records: Path, *arguments: str, **where: Mapping) -> Iterator[WebSession]:
    """Start Locust with its page, on loopback."""
    port = free_port()
    place = ("--web-host", "127.0.0.1", "--web-port", str(port))
    running = Running(records, *place, *arguments, **where)
    session = WebSession(running, f"http://127.0.0.1:{port}")
    try:
        wait_until(lambda: _answers(session))
        yield session
    finally:
        if running.process.poll() is None:
            running.kill()
        elif not running.process.stdout.closed:
            running.process.communicate()


def _answers(session: WebSession) -> bool:
    try:
        return bool(session.stats())
    except URLError:
        return False


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def forked_workers(count: int) -> tuple[str, ...]:
    """On a port of their own: on Locust's usual one, workers of somebody else may call."""
    port = str(free_port())
    return ("--processes", str(count), "--master-bind-port", port, "--master-port", port)
