"""Open-loop arrivals that send nothing: what the engine itself costs."""

from locust import User, task

from openloop.user import OpenLoop


class NullUser(OpenLoop, User):
    """Ends at once."""

    @task
    def nothing(self) -> None:
        """No call is made; the arrival is timed, counted and recorded all the same."""
