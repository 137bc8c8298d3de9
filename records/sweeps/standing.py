"""How each run of a sweep stands, from the ledger alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from records.sweeps.ledger import (
    RUN_FAILED,
    RUN_FINISHED,
    RUN_GIVEN_UP,
    RUN_INTERRUPTED,
    RUN_SKIPPED,
    RUN_STARTED,
    LedgerEntry,
)


@dataclass(frozen=True)
class RunStanding:
    """What has become of one run.

    Attributes:
        attempts: Number of the last attempt; 0 before the first.
        failures: How many attempts failed.
        finished: The line that says so, if it has.
        given_up: The line that says so, if it was.
        skipped: The line that says so, if it was.
        under_way: The line of the attempt whose end nobody noted, if there is one.
    """

    attempts: int = 0
    failures: int = 0
    finished: LedgerEntry | None = None
    given_up: LedgerEntry | None = None
    skipped: LedgerEntry | None = None
    under_way: LedgerEntry | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done for it."""
        return any((self.finished, self.given_up, self.skipped))


def attempt_name(run_id: str, attempt: int) -> str:
    """Name of an attempt's folder: the run's own for the first, then `RUN-ID.2` and so on."""
    return run_id if attempt == 1 else f"{run_id}.{attempt}"


def standings(entries: Iterable[LedgerEntry]) -> dict[str, RunStanding]:
    """How the runs stand that the ledger speaks of."""
    of_run: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        if entry.run_id is not None:
            of_run.setdefault(entry.run_id, []).append(entry)
    return {run_id: _standing(about) for run_id, about in of_run.items()}


def _standing(entries: list[LedgerEntry]) -> RunStanding:
    begun = [entry for entry in entries if entry.event == RUN_STARTED]
    tried = [entry.attempt for entry in entries if entry.event in _OF_ATTEMPTS]
    ended = {entry.attempt for entry in entries if entry.event in _ENDS}
    lost = [entry for entry in begun if entry.attempt not in ended]
    return RunStanding(
        attempts=max(tried, default=0),
        failures=sum(entry.event == RUN_FAILED for entry in entries),
        finished=_last(entries, RUN_FINISHED),
        given_up=_last(entries, RUN_GIVEN_UP),
        skipped=_last(entries, RUN_SKIPPED),
        under_way=lost[-1] if lost else None,
    )


_ENDS = (RUN_FINISHED, RUN_FAILED, RUN_INTERRUPTED)
_OF_ATTEMPTS = (RUN_STARTED, *_ENDS)


def _last(entries: list[LedgerEntry], event: str) -> LedgerEntry | None:
    return next((entry for entry in reversed(entries) if entry.event == event), None)
