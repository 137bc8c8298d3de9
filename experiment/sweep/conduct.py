"""Conducts a sweep: run after run, each noted before and after; it can be killed anywhere."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from experiment.sweep.disk import check_room
from experiment.sweep.ground import Ground, NotPrepared, Spoilt
from experiment.sweep.logs import last_words, log_of
from experiment.sweep.outcome import INVALID_LEVEL, Outcome, outcome_of
from experiment.sweep.recovery import finished_fields
from experiment.sweep.stop_requests import Stopped, StopRequests
from experiment.sweep.telling import Teller
from records.sweeps.ledger import (
    RUN_FAILED,
    RUN_FINISHED,
    RUN_GIVEN_UP,
    RUN_INTERRUPTED,
    RUN_SKIPPED,
    RUN_STARTED,
    Ledger,
)
from records.sweeps.on_disk import RUNS, SweepOnDisk
from records.sweeps.planned import SKIP, PlannedRun
from records.sweeps.standing import RunStanding

MOST_FAILURES = 2


class Conductor:
    """Does the runs that are not over.

    Args:
        found: The sweep as it is on disk.
        ground: What its runs are on.
        ledger: Open for adding.
        teller: Says how it goes.
        requests: Whether somebody wants it to end.
    """

    def __init__(
        self,
        found: SweepOnDisk,
        ground: Ground,
        ledger: Ledger,
        teller: Teller,
        requests: StopRequests,
    ) -> None:
        self._found = found
        self._ground = ground
        self._ledger = ledger
        self._teller = teller
        self._requests = requests

    def conduct(self, runs: Iterable[PlannedRun]) -> None:
        """Do each of these runs in turn, to its end or until it is given up.

        Raises:
            Stopped: by a signal; the run under way has ended.
            Halted: when no run can be done.
            OSError: when something cannot be written.
        """
        (self._found.folder / RUNS).mkdir(exist_ok=True)
        for run in runs:
            self._requests.check()
            if run.overload == SKIP:
                self._ledger.note(RUN_SKIPPED, run.run_id, reason=f"overload: rho {run.rho:.3g}")
                self._teller.skipped(run)
            else:
                self._do(run, self._found.standings[run.run_id])

    def _do(self, run: PlannedRun, standing: RunStanding) -> None:
        failures, attempt, reason = standing.failures, standing.attempts + 1, "it failed before"
        while failures < MOST_FAILURES:
            self._teller.begins(run, attempt)
            outcome = self._attempt(run, attempt)
            if not outcome.reason or self._is_kept(outcome, failures):
                fields = finished_fields(attempt, outcome)
                self._ledger.note(RUN_FINISHED, run.run_id, **fields)
                self._teller.finished(run, outcome)
                return
            reason = outcome.reason
            self._ledger.note(RUN_FAILED, run.run_id, attempt=attempt, reason=reason)
            failures, attempt = failures + 1, attempt + 1
            self._teller.failed(run, reason, will_retry=failures < MOST_FAILURES)
        self._ledger.note(RUN_GIVEN_UP, run.run_id, reason=reason)

    def _is_kept(self, outcome: Outcome, failures: int) -> bool:
        """An INVALID run is done a second time, for it may be the machine; then it stays as it is.

        A model is the same every time.
        """
        is_last = self._found.sweep.is_simulated or failures + 1 == MOST_FAILURES
        return outcome.level == INVALID_LEVEL and outcome.is_complete and is_last

    def _attempt(self, run: PlannedRun, attempt: int) -> Outcome:
        folder = self._found.attempt_folder(run.run_id, attempt)
        check_room(self._found.folder)
        try:
            with self._requests.breaking():
                note = partial(self._note, run)
                self._ground.prepare(run, self._found.sweep.arm(run.arm), note)
            self._requests.check()
            code = self._ground.run(run, folder, partial(self._begun, run, attempt))
        except (NotPrepared, Spoilt) as error:
            return Outcome(-1, reason=str(error))
        words = last_words(log_of(self._found.folder, folder.name))
        outcome = outcome_of(folder, code, words)
        self._end_if_asked(run, attempt, outcome)
        if outcome.reason:
            check_room(self._found.folder)
        return outcome

    def _end_if_asked(self, run: PlannedRun, attempt: int, outcome: Outcome) -> None:
        """A run that had ended whole before the signal reached it is kept."""
        if self._requests.number is None or outcome.is_complete:
            return
        stopped = Stopped(self._requests.number)
        self._ledger.note(RUN_INTERRUPTED, run.run_id, attempt=attempt, reason=str(stopped))
        raise stopped

    def _note(self, run: PlannedRun, event: str, **fields: Any) -> None:
        self._ledger.note(event, run.run_id, **fields)

    def _begun(self, run: PlannedRun, attempt: int, pid: int, **fields: Any) -> None:
        self._requests.check()  # a signal may have come before there was anything to hand it to
        self._ledger.note(RUN_STARTED, run.run_id, attempt=attempt, pid=pid, **fields)
