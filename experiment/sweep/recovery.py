"""What a killed sweep left behind: its run is ended, or counts where it had ended whole."""

from collections.abc import Callable, Mapping
from typing import Any

from experiment.sweep.ground import Ground
from experiment.sweep.outcome import Outcome, complete_outcome
from records.sweeps.ledger import RUN_FINISHED, RUN_INTERRUPTED, Ledger
from records.sweeps.on_disk import SweepOnDisk


def recover(found: SweepOnDisk, ground: Ground, ledger: Ledger, say: Callable[[str], None]) -> None:
    """Note an end for every attempt that has none.

    A run that had ended by itself, its records whole, counts: it is not done again. It is looked
    at before its process is ended, for a run that we end has a summary too.

    Raises:
        Halted: when what was left running cannot be ended.
    """
    for run_id, standing in found.standings.items():
        if standing.under_way is not None:
            attempt = standing.under_way.attempt
            outcome = complete_outcome(found.attempt_folder(run_id, attempt))
            ground.stop_orphan(standing.under_way)
            say(f"{run_id}: {_note_end(ledger, run_id, attempt, outcome)}")


def _note_end(ledger: Ledger, run_id: str, attempt: int, outcome: Outcome | None) -> str:
    if outcome is None:
        reason = "the sweep was killed meanwhile"
        ledger.note(RUN_INTERRUPTED, run_id, attempt=attempt, reason=reason)
        return f"{reason}; it is done again"
    ledger.note(RUN_FINISHED, run_id, **finished_fields(attempt, outcome), adopted=True)
    return "it had ended before the sweep was killed; it counts"


def finished_fields(attempt: int, outcome: Outcome) -> Mapping[str, Any]:
    """What the ledger says of a run that has finished."""
    return {
        "attempt": attempt,
        "exit_code": outcome.exit_code,
        "level": outcome.level,
        "overload_class": outcome.overload_class,
    }
