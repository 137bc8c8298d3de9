"""Locust's view of a plan: load test shapes that show its rate and decide nothing."""

from collections.abc import Callable
from typing import ClassVar

from locust import LoadTestShape

from shapes.laws import POISSON, UNIFORM

Show = Callable[[], tuple[int, float] | None]
"""The user count that stands for the plan's rate now, and the spawn rate; None at its end."""


class PlannedShape(LoadTestShape):
    """A shape whose user count follows the plan of the run, once told where to look."""

    abstract = True
    use_common_options = True
    law: ClassVar[str]
    _show: Show | None = None

    def follow(self, show: Show) -> None:
        """Show what `show()` says from now on."""
        self._show = show

    def tick(self) -> tuple[int, float] | None:
        """User count and spawn rate; (1, 1.0) before a run has a plan to follow."""
        return self._show() if self._show is not None else (1, 1.0)


class UniformShape(PlannedShape):
    """Equidistant arrivals at the rate of the run's profile."""

    law = UNIFORM


class PoissonShape(PlannedShape):
    """Poisson arrivals at the rate of the run's profile."""

    law = POISSON
