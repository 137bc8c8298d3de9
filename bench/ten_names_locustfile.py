"""Open-loop arrivals of ten names that send nothing: what many of them cost the master."""

from locust import User, task

from openloop.user import OpenLoop

NAMES = 10


class TenNames(OpenLoop, User):
    """Each arrival is one of ten tasks, each with a row of its own in Locust's tables."""

    tasks: list  # type: ignore[type-arg]  # Locust's own annotation says no more

    @task
    def nothing(self) -> None:
        """Replaced below by ten of its kind."""


def _named(number: int):  # noqa: ANN202 - a function of Locust's
    def nothing(_user: TenNames) -> None:
        """No call is made."""

    nothing.__name__ = f"name_{number}"
    return nothing


TenNames.tasks = [_named(number) for number in range(NAMES)]
