"""What one run of the benchmark measures, in order, and how long that takes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.peers.rows import Row

_MIN_S = 60.0


@dataclass(frozen=True)
class Trial:
    """One step of the benchmark.

    Attributes:
        mode: One of `lineup.MODES`, or `START`.
        name: Of the client, or of what is measured.
        repetition: From 1.
        rate_rps: What is asked for; None for no rate.
        law: "uniform" or "poisson"; "" for none.
        lasts_s: How long it takes, about.
        measure: Does it; what it raises is the reason why there are no figures.
    """

    mode: str
    name: str
    repetition: int
    rate_rps: float | None
    law: str
    lasts_s: float
    measure: Callable[[], Sequence[Row]]

    def __str__(self) -> str:
        """One line for who watches."""
        rate = "" if self.rate_rps is None else f", {self.rate_rps:g} rps"
        law = f" {self.law}" if rate and self.law else ""
        return f"repetition {self.repetition}: {self.mode}, {self.name}{rate}{law}"


def rows_of(trial: Trial, note: Callable[[str], None]) -> Sequence[Row]:
    """Do it; whatever goes wrong is one row without figures, and the next trial follows."""
    try:
        return trial.measure()
    except Exception as error:  # noqa: BLE001 - one client's fault must not cost the others' figures
        why = f"{type(error).__name__}: {error}"
        note(f"no figures of {trial.name}, {trial.mode}: {why}")
        about = (trial.mode, trial.name, trial.repetition, trial.rate_rps, trial.law)
        return [Row(*about, error=why)]


def measured(trials: Sequence[Trial], note: Callable[[str], None]) -> Iterator[Sequence[Row]]:
    """The rows of each trial in turn, each told before it begins."""
    left_s = total_s(trials)
    for number, trial in enumerate(trials, 1):
        note(f"{number}/{len(trials)}, about {_minutes(left_s)} left: {trial}")
        yield rows_of(trial, note)
        left_s -= trial.lasts_s


def total_s(trials: Sequence[Trial]) -> float:
    """How long all of them take, about."""
    return sum(trial.lasts_s for trial in trials)


def listing(trials: Sequence[Trial]) -> list[str]:
    """A line for each, and one for the whole."""
    lines = [f"{trial.lasts_s:5.1f} s  {trial}" for trial in trials]
    return [*lines, f"{len(trials)} trials, about {_minutes(total_s(trials))}"]


def _minutes(seconds: float) -> str:
    return f"{seconds / _MIN_S:.1f} min"
