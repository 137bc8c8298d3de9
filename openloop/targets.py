"""The number of users that somebody asked Locust for, and the number that Locust shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shapes.load_test_shapes import PlannedShape


@dataclass(frozen=True)
class Target:
    """A number of Locust users, and how fast to get there.

    Attributes:
        users: Locust's target user count.
        spawn_rate: Users per second, as Locust's edit form names it.
    """

    users: int
    spawn_rate: float


class TargetSource:
    """Looks at Locust for the target, and shows the planned rate there.

    Args:
        environment: Locust's environment.
    """

    def __init__(self, environment: Any) -> None:
        self._environment = environment

    def now(self) -> Target:
        """The form's number where a shape of ours shows the rate, else the runner's target."""
        options = self._environment.parsed_options
        if isinstance(self._environment.shape_class, PlannedShape):
            return Target(int(options.num_users), float(options.spawn_rate or 1.0))
        return Target(int(self._environment.runner.target_user_count), self._spawn_rate())

    def show(self, users_now: Callable[[], tuple[int, float] | None]) -> None:
        """Let a shape of ours show the planned rate as Locust's user count."""
        shape = self._environment.shape_class
        if isinstance(shape, PlannedShape):
            shape.follow(users_now)

    def _spawn_rate(self) -> float:
        """Of the change under way: the shape's, the terminal key's or the form's."""
        runner = self._environment.runner
        dispatcher = runner._users_dispatcher  # noqa: SLF001 - the only place that knows of the keys
        asked = getattr(dispatcher, "_spawn_rate", None)
        return float(asked or self._environment.parsed_options.spawn_rate or 1.0)
