"""What a sweep says of itself while it goes on: a line for each run, with the time that is left."""

import sys
from collections.abc import Callable

from experiment.sweep.outcome import Outcome
from records.sweeps.planned import PlannedRun, Sweep
from shapes.quantities import format_duration

FIRST_GUESS_S = 5.0
"""What a run takes beside its arrivals, and a simulated one in all, until one has been seen."""
_MINUTE_S, _HOUR_S = 60.0, 3600.0


def say(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"sweep: {text}\n")
    sys.stderr.flush()


class Teller:
    """Counts runs and time.

    Args:
        sweep: Its plan.
        left: The runs that are to be done.
        now_s: A monotonic clock.
        tell: Takes each line.
    """

    def __init__(
        self,
        sweep: Sweep,
        left: list[PlannedRun],
        now_s: Callable[[], float],
        tell: Callable[[str], None] = say,
    ) -> None:
        self._total = len(sweep.runs)
        self._left = {run.run_id: run for run in left}
        self._takes_real_time = not sweep.is_simulated
        self._now_s = now_s
        self._tell = tell
        self._began_s = now_s()
        self._beside_s: list[float] = []
        self._mark = " (SIMULATED)" if sweep.is_simulated else ""

    def begins(self, run: PlannedRun, attempt: int) -> None:
        """An attempt at a run begins; said where it is not the first."""
        self._began_s = self._now_s()
        if attempt > 1:
            self._tell(f"{self._place()} {run.run_id}: attempt {attempt}")

    def finished(self, run: PlannedRun, outcome: Outcome) -> None:
        """A run has ended and counts."""
        self._beside_s.append(self._now_s() - self._began_s - self._load_s(run))
        seen = ", ".join(word for word in (outcome.level, outcome.overload_class) if word)
        why = f": {outcome.reason}" if outcome.reason else ""
        self._over(run, f"{seen}{why}")

    def failed(self, run: PlannedRun, reason: str, *, will_retry: bool) -> None:
        """An attempt was of no use."""
        if will_retry:
            self._tell(f"{run.run_id}: {reason}; once more")
        else:
            self._over(run, f"GIVEN UP: {reason}")

    def skipped(self, run: PlannedRun) -> None:
        """A run is left out, as asked."""
        self._over(run, f"skipped, an overload (rho {run.rho:.2g})")

    def left_s(self) -> float:
        """How long the runs that are left will take."""
        seen = self._beside_s
        beside_s = sum(seen) / len(seen) if seen else FIRST_GUESS_S
        return sum(max(0.0, self._load_s(run) + beside_s) for run in self._left.values())

    def _over(self, run: PlannedRun, what: str) -> None:
        del self._left[run.run_id]
        left = f"; about {in_words(self.left_s())} left" if self._left else ""
        self._tell(f"{self._place()}{self._mark} {run.run_id}: {what}{left}")

    def _place(self) -> str:
        return f"[{self._total - len(self._left)}/{self._total}]"

    def _load_s(self, run: PlannedRun) -> float:
        return run.duration_s if self._takes_real_time else 0.0


def in_words(seconds: float) -> str:
    """A length of time as people say it: "40s", "12m", "3h5m"."""
    if seconds < _MINUTE_S:
        return f"{max(1, round(seconds))}s"
    step_s = _MINUTE_S
    return format_duration(round(seconds / step_s) * step_s)
