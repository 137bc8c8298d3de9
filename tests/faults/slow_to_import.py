"""A closed-loop user whose locustfile takes longer to import than the run is to last."""

from gevent.monkey import get_original
from locust import User, task

from openloop import OpenLoop  # noqa: F401 - with the plugin at work

get_original("time", "sleep")(2)  # as imports do, it lets nothing else run


class Counter(User):
    def wait_time(self):
        return 0.05

    @task
    def count(self):
        self.environment.events.request.fire(
            request_type="count", name="count", response_time=1, response_length=0
        )
