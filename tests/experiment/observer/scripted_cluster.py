"""A Kubernetes API and its world by a script: what happens and what breaks, in turn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from experiment.kube_errors import ApiGone, Forbidden, KubeError, Unreachable

World = dict[str, dict]
Change = Callable[[World], str]
"""Changes an object, makes one or takes one away; its name."""
BREAKS = {
    "broken": lambda: Unreachable("the connection broke"),
    "silent": lambda: Unreachable("nothing came", was_silent=True),
    "long broken": lambda: Unreachable("the connection broke for long"),
    "forbidden": lambda: Forbidden("pods in namespace loadtest", "watch"),
}


def broken(name: str) -> KubeError:
    """A fresh error of that name."""
    return BREAKS[name]()


class ScriptedTime:
    """Time that passes when somebody waits, and a little with each question."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.over = False
        self.waits: list[float] = []

    def unix_s(self) -> float:
        self.now += 0.001
        return self.now

    def is_over(self) -> bool:
        return self.over

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@dataclass
class ScriptedCluster:
    """Lists and watches one kind of object.

    The script's steps are a `Change`, a name of BREAKS, "end" of a watch in its time, or "forget"
    of all versions up to now, which a "long broken" watch finds forgotten too. Time is over when
    all steps are done and all of them were seen.
    """

    script: list
    time: ScriptedTime
    world: World = field(default_factory=dict)
    version: int = 1
    oldest: int = 0
    history: list = field(default_factory=list)
    watched_from: list[int] = field(default_factory=list)
    lists: int = 0

    def get(self, path: str, query: dict | None = None) -> dict:
        """The list; a break that is due breaks it."""
        if self.script and self.script[0] in BREAKS:
            raise broken(self.script.pop(0))
        self.lists += 1
        return {
            "items": [*self.world.values()],
            "metadata": {"resourceVersion": str(self.version)},
        }

    def watch(
        self, path: str, resource_version: str, timeout_s: int, query: dict | None = None
    ) -> Iterator[dict]:
        """The watch; a break that is due keeps it from being opened."""
        if self.script and self.script[0] in BREAKS:
            raise broken(self.script.pop(0))
        if int(resource_version) < self.oldest:
            raise ApiGone("too old")
        self.watched_from.append(int(resource_version))
        return self._events(int(resource_version))

    def _events(self, version: int) -> Iterator[dict]:
        while True:
            yield from (event for at, event in self.history if at > version)
            version = self.version
            if not self.script:
                self.time.over = True
                return
            step = self.script.pop(0)
            if step in BREAKS:
                self._happen_unseen(is_forgotten=step == "long broken")
                raise broken(step)
            if step == "end":
                return
            self._do(step)

    def _happen_unseen(self, *, is_forgotten: bool) -> None:
        """Changes that follow a break at once happen before anybody looks again."""
        while self.script and callable(self.script[0]):
            self._do(self.script.pop(0))
        if is_forgotten:
            self._do("forget")

    def _do(self, step: Change | str) -> None:
        self.version += 1
        if step == "forget":
            self.oldest = self.version
            return
        before = set(self.world)
        name = step(self.world)
        if not name:
            return
        kind = "DELETED" if name not in self.world else "MODIFIED" if name in before else "ADDED"
        last = self.world.get(name) or {"metadata": {"name": name}}
        last = {**last, "metadata": {**last["metadata"], "resourceVersion": str(self.version)}}
        self.history.append((self.version, {"type": kind, "object": last}))
