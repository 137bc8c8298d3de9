"""Scripted stand-ins for what surrounds the engine."""

from argparse import Namespace
from collections.abc import Callable

NOT_GIVEN = {
    "rps": "",
    "duration": "",
    "distribution": "",
    "rate_profile": "",
    "shape": "",
    "calibration": "",
    "seed": "",
    "warm_up": "",
    "check": [],
    "rps_per_user": "1",
    "drain_timeout": "",
    "max_in_flight": "10000",
    "on_member_loss": "continue",
    "replay": "",
    "records": "results",
    "run_id": "",
    "junit": "",
    "num_users": None,
    "spawn_rate": None,
    "run_time": None,
    "stop_timeout": 0,
    "host": None,
}


def options(**given: object) -> Namespace:
    """Locust's parsed options as they are when only these were given."""
    return Namespace(**{**NOT_GIVEN, **given})


class FakeClock:
    """Time that a test moves by hand."""

    def __init__(self, monotonic_s: float = 1000.0) -> None:
        self.now_s = monotonic_s

    def monotonic_s(self) -> float:
        return self.now_s

    def unix_s(self) -> float:
        return 1_800_000_000.0 + self.now_s

    def cpu_s(self) -> float:
        return 0.0


class FakePacer:
    """Waits by moving the clock; can act at given moments, and wake up late."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._interrupted = False
        self.at: list[tuple[float, Callable[[], None]]] = []
        self.overshoot_s = 0.0

    def wait_until(self, monotonic_s: float) -> bool:
        due = sorted(moment for moment, _ in self.at)
        if due and due[0] <= monotonic_s:
            self._clock.now_s = max(self._clock.now_s, due[0])
            self._run_due()
        if self._interrupted:
            self._interrupted = False
            return False
        self._clock.now_s = max(self._clock.now_s, monotonic_s) + self.overshoot_s
        return True

    def _run_due(self) -> None:
        ready = [item for item in self.at if item[0] <= self._clock.now_s]
        self.at = [item for item in self.at if item not in ready]
        for _, act in ready:
            act()

    def interrupt(self) -> None:
        self._interrupted = True

    def give_way(self) -> None:
        pass

    def close(self) -> None:
        pass
