"""User instances that arrivals borrow, one each."""

from typing import Any


class UserPool:
    """Instances of the run's user classes that no arrival is using.

    The pool grows to the largest number in flight at once, and is emptied when the run ends.
    """

    def __init__(self, environment: Any) -> None:
        self._environment = environment
        self._free: dict[type, list[Any]] = {}
        self._all: list[Any] = []

    def warm(self, user_class: type, count: int) -> None:
        """Make `count` instances ahead, so that the first arrivals find them ready."""
        users = [self.take(user_class) for _ in range(count)]
        for user in users:
            self.give_back(user)

    def take(self, user_class: type) -> Any:
        """An instance nobody else holds; a new one runs its on_start first."""
        free = self._free.setdefault(user_class, [])
        if free:
            return free.pop()
        user = user_class(self._environment)
        user.on_start()
        self._all.append(user)
        return user

    def give_back(self, user: Any) -> None:
        """Lend it to the next arrival."""
        self._free[type(user)].append(user)

    def close(self) -> None:
        """Run every instance's on_stop."""
        users, self._all, self._free = self._all, [], {}
        for user in users:
            user.on_stop()
