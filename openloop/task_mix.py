"""Which user class and task arrival k runs: a pure function of the seed, k and the weights."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from locust import SequentialTaskSet, TaskSet

from openloop.errors import StartRefused
from openloop.mixin import OpenLoop
from openloop.shares import Shares

CLASS_STREAM = 101
TASK_STREAM = 102


class Pick(NamedTuple):
    """What an arrival runs.

    Attributes:
        user_class: The Locust user class.
        task_sets: The nested task sets to go through, outermost first; often none.
        task: The function to call with the user, or with the innermost task set.
    """

    user_class: type
    task_sets: tuple[type[TaskSet], ...]
    task: Any


class TaskMix:
    """The user classes of a run with their weights."""

    def __init__(self, user_classes: Sequence[type], seed: int) -> None:
        self.user_classes = tuple(sorted(user_classes, key=lambda cls: cls.__name__))
        weights = [float(cls.weight) for cls in self.user_classes]  # type: ignore[attr-defined]  # Locust's User has it
        self._upto = [sum_ / sum(weights) for sum_ in accumulate(weights)]
        self._class_shares = Shares(seed, CLASS_STREAM)
        self._task_shares: list[Shares] = []  # of a class's tasks, of those in a task set, ...
        self._seed = seed

    def pick(self, k: int) -> Pick:
        """What arrival k runs, by weight; the same on every member."""
        user_class = self._class(k)
        task_sets, task = self._descend(user_class, k)
        return Pick(user_class, task_sets, task)

    def _class(self, k: int) -> type:
        if len(self.user_classes) == 1:
            return self.user_classes[0]
        share = self._class_shares.of(k)
        index = next((i for i, upto in enumerate(self._upto) if share < upto), -1)
        return self.user_classes[index]

    def _descend(self, holder: Any, k: int) -> tuple[tuple[type[TaskSet], ...], Any]:
        path: list[type[TaskSet]] = []
        while True:
            tasks = holder.tasks
            share = self._task_share(k, len(path)) if len(tasks) > 1 else 0.0
            task = tasks[int(share * len(tasks))]
            if not (isinstance(task, type) and issubclass(task, TaskSet)):
                return tuple(path), task
            path.append(task)
            holder = task

    def _task_share(self, k: int, depth: int) -> float:
        while depth >= len(self._task_shares):
            self._task_shares.append(Shares(self._seed, TASK_STREAM + depth))
        return self._task_shares[depth].of(k)


def check_user_classes(user_classes: Sequence[type]) -> None:
    """Refuse what has no meaning open-loop.

    Raises:
        StartRefused: naming the class and what to do.
    """
    closed = [cls.__name__ for cls in user_classes if not issubclass(cls, OpenLoop)]
    if closed:
        raise StartRefused(
            f"user class {closed[0]} is closed-loop (it lacks the OpenLoop mixin) and cannot share "
            "a run with open-loop classes: name the classes to run on the command line"
        )
    for cls in user_classes:
        _check_class(cls)


def _check_class(cls: Any) -> None:
    if cls.fixed_count:
        raise StartRefused(
            f"user class {cls.__name__} sets fixed_count, which counts users; open-loop classes "
            "share the rate by weight: set weight instead"
        )
    if not cls.tasks:
        raise StartRefused(f"user class {cls.__name__} has no task to run (after --tags)")
    for task in cls.tasks:
        if isinstance(task, type) and issubclass(task, SequentialTaskSet):
            raise StartRefused(
                f"{task.__name__} is a SequentialTaskSet: arrivals are independent, so steps in "
                "order belong into one @task"
            )
