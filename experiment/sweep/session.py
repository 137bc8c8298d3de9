"""One process that conducts a sweep: locks its folder, mends what was left, runs, reports."""

import argparse
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from experiment.errors import ExperimentError
from experiment.sweep.calibrating import have_calibration, is_calibrated
from experiment.sweep.conduct import Conductor
from experiment.sweep.disk import writing
from experiment.sweep.ground import Ground, Halted
from experiment.sweep.grounds import GROUNDS
from experiment.sweep.lock import alone_in, leave_if_empty
from experiment.sweep.recovery import recover
from experiment.sweep.reporting import report_on
from experiment.sweep.spec import SweepSpec
from experiment.sweep.stop_requests import Stopped, StopRequests
from experiment.sweep.sweep_folder import check_folder, have_sweep
from experiment.sweep.telling import Teller, in_words, say
from records.sweeps.ledger import FINISHED, RESUMED, STARTED, STOPPED, Ledger
from records.sweeps.on_disk import SweepOnDisk, open_sweep
from records.sweeps.planned import PlannedRun, Sweep
from verdict.exit_codes import RECORDS_NOT_WRITTEN

GIVEN_UP = 1
SIGNALLED = 128


@dataclass(frozen=True)
class Session:
    """What one process is to do.

    Attributes:
        folder: Of the sweep.
        plan: What is asked for; a sweep that is there keeps its own.
        spec: The same as its file has it.
        only: Pattern of the run ids that are to be done; None for all.
        options: Of the command line, for the ground.
        report: Makes the sweep's report, and says where it is.
    """

    folder: Path
    plan: Sweep
    spec: SweepSpec
    only: str | None
    options: argparse.Namespace
    report: Callable[[Path], str] = report_on


def conduct_session(session: Session) -> int:
    """Conduct a sweep as far as it goes; the exit code.

    Raises:
        ExperimentError: for bad input, before anything is done.
    """
    try:
        with writing(session.folder):
            session.folder.mkdir(parents=True, exist_ok=True)
            with alone_in(session.folder):
                check_folder(session.folder, session.plan)
                ground = _ground(session)  # first: what it refuses is not planned
                have_sweep(session.folder, session.plan)
                return _conduct(session, ground)
    except Halted as error:
        say(f"cannot go on: {error}")
        return RECORDS_NOT_WRITTEN
    finally:
        leave_if_empty(session.folder)


def _ground(session: Session) -> Ground:
    module = GROUNDS[session.plan.ground]
    return module.make_ground(session.spec, session.folder, session.options)


def _conduct(session: Session, ground: Ground) -> int:
    found = open_sweep(session.folder)
    requests = StopRequests(ground.stop)
    with open_ledger(session.folder) as ledger, requests.taken():
        try:
            begin(found, ground, ledger)
            _run_all(session, ground, ledger, requests)
        except Stopped as stopped:
            return stop_here(stopped, ground, ledger, session.folder)
        except Halted:
            restore_if_possible(ground, ledger)
            raise
        return _finish(session, ground, ledger)


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger of a sweep, open for adding while the block runs."""
    ledger = Ledger(folder)
    try:
        yield ledger
    finally:
        ledger.close()


def begin(found: SweepOnDisk, ground: Ground, ledger: Ledger) -> None:
    """Mend what an earlier process left, the orphan first."""
    if found.entries:
        ledger.note(RESUMED, **_this_process())
        recover(found, ground, ledger, say)
        ground.restore(ledger.note)
    else:
        ledger.note(STARTED, **_this_process())


def calibrate(
    asked: SweepSpec, options: argparse.Namespace, ground: str, ledger: Ledger, folder: Path
) -> None:
    """Have a calibration where the ground can have one and it is asked for."""
    target = GROUNDS[ground].calibrated_by(asked, options)
    if target is not None and is_calibrated(asked):
        have_calibration(asked, folder, target, ledger.note)


def _run_all(session: Session, ground: Ground, ledger: Ledger, requests: StopRequests) -> None:
    found = open_sweep(session.folder)
    left = _left(found)
    now = [run for run in left if session.only is None or fnmatchcase(run.run_id, session.only)]
    if not now and session.only is not None and left:
        raise ExperimentError(f"--only {session.only}: no run that is left has such an id")
    teller = Teller(found.sweep, left, time.monotonic)
    say(_greeting(session, found, left, teller))
    if now:
        with requests.breaking():
            on = session.plan.ground
            calibrate(session.spec, session.options, on, ledger, session.folder)
    Conductor(found, ground, ledger, teller, requests).conduct(now)


def _left(found: SweepOnDisk) -> list[PlannedRun]:
    return [run for run in found.sweep.runs if not found.standings[run.run_id].is_over]


def _greeting(session: Session, found: SweepOnDisk, left: list[PlannedRun], teller: Teller) -> str:
    total = len(found.sweep.runs)
    if not left:
        return f"all {total} runs of {session.folder} are over"
    over = f", {total - len(left)} are over" if len(left) < total else ""
    on, about = found.sweep.host.get("on"), in_words(teller.left_s())
    return f"{session.folder}: {total} runs{over}; on {on}; about {about}"


def stop_here(stopped: Stopped, ground: Ground, ledger: Ledger, folder: Path) -> int:
    """Note that a signal ends it here, and undo what was changed; the exit code."""
    ledger.note(STOPPED, reason=str(stopped))
    restore_if_possible(ground, ledger)
    say(f"stopped by {stopped}; the same command goes on with {folder}")
    return SIGNALLED + stopped.number


def restore_if_possible(ground: Ground, ledger: Ledger) -> None:
    """What cannot be undone now is undone first by the same command."""
    try:
        ground.restore(ledger.note)
    except (ExperimentError, OSError) as error:
        say(f"not restored: {error}")


def _finish(session: Session, ground: Ground, ledger: Ledger) -> int:
    ground.restore(ledger.note)
    found = open_sweep(session.folder)
    standings = found.standings.values()
    given_up = sum(standing.given_up is not None for standing in standings)
    skipped = sum(standing.skipped is not None for standing in standings)
    left = len(_left(found))
    if left:
        say(f"{left} runs are left; the same command without --only does them")
        return GIVEN_UP if given_up else 0
    if not any(entry.event == FINISHED for entry in found.entries):
        ledger.note(FINISHED, runs=len(standings), given_up=given_up, skipped=skipped)
    say(_closing(found, given_up, skipped))
    say(session.report(session.folder))
    return GIVEN_UP if given_up else 0


def _closing(found: SweepOnDisk, given_up: int, skipped: int) -> str:
    finished = [one.finished for one in found.standings.values() if one.finished is not None]
    invalid = sum(entry.fields.get("level") == "INVALID" for entry in finished)
    parts = [f"{len(finished)} runs finished"]
    parts += [f"{invalid} of them INVALID (not to be used)"] if invalid else []
    parts += [f"{given_up} given up"] if given_up else []
    parts += [f"{skipped} skipped"] if skipped else []
    return f"{', '.join(parts)}; records: {found.folder}"


def _this_process() -> dict[str, Any]:
    return {"pid": os.getpid(), "host": platform.node(), "python": platform.python_version()}
