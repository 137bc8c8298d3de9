"""Open-loop arrivals of ten names that send nothing: what many of them cost the master."""

from collections.abc import Callable

from locust import User

from openloop.user import OpenLoop

NAMES = 10


def named(number: int) -> Callable[[User], None]:
    """A task with a name of its own, and so with a row of its own in Locust's tables."""

    def nothing(_user: User) -> None:
        """No call is made."""

    nothing.__name__ = f"name_{number}"
    return nothing


class TenNames(OpenLoop, User):
    """Each arrival is one of ten tasks."""

    tasks = [named(number) for number in range(NAMES)]  # noqa: RUF012 - Locust's own way
