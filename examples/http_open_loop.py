"""Open-loop HTTP: the mixin before one of Locust's own user classes is all it takes.

    python -m http.server 8000 --bind 127.0.0.1
    locust --headless -f examples/http_open_loop.py --host http://127.0.0.1:8000 --rps 20 -t 10s

Each arrival runs one task, picked by weight from the seed and its number. The row `arrival` of
Locust's table has its latency from the intended time, whatever the task sends.
"""

from locust import FastHttpUser, tag, task

from openloop import OpenLoop


class Reader(OpenLoop, FastHttpUser):
    """Reads often, and now and then looks around."""

    @tag("read")
    @task(3)
    def read(self) -> None:
        """One request."""
        self.client.get("/")

    @tag("browse")
    @task(1)
    def browse(self) -> None:
        """Two requests, one arrival."""
        self.client.get("/")
        self.client.get("/?page=2", name="/?page")
