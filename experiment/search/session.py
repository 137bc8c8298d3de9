"""One process that conducts a search, by the means of a sweep: locked, resumed, restored."""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiment.search.answer import answer_of, in_words
from experiment.search.asked import Asked
from experiment.search.planned import seen
from experiment.search.progress import Progress, progress_of
from experiment.search.search_folder import have_search, write_answer
from experiment.sweep.conduct import Conductor
from experiment.sweep.disk import writing
from experiment.sweep.ground import Ground, Halted
from experiment.sweep.grounds import GROUNDS
from experiment.sweep.lock import alone_in
from experiment.sweep.reporting import report_on
from experiment.sweep.session import begin, calibrate, open_ledger, restore_if_possible, stop_here
from experiment.sweep.stop_requests import Stopped, StopRequests
from experiment.sweep.sweep_folder import host_facts, sweep_id_of
from experiment.sweep.telling import Teller
from records.sweeps.ledger import FINISHED, Ledger, read_ledger
from records.sweeps.on_disk import SweepOnDisk
from records.sweeps.planned import Sweep
from records.sweeps.standing import standings
from records.sweeps.sweep_file import is_sweep, write_sweep
from verdict.exit_codes import INVALID, RECORDS_NOT_WRITTEN


@dataclass(frozen=True)
class SearchSession:
    """What one process is to do.

    Attributes:
        folder: Of the search.
        asked: What is looked for.
        seed_given: Whether the seed was, and not drawn.
        ground: What the runs are on, by its name.
        options: Of the command line, for the ground.
        report: Makes the report, and says where it is.
    """

    folder: Path
    asked: Asked
    seed_given: bool
    ground: str
    options: argparse.Namespace
    report: Callable[[Path], str] = report_on


def conduct_search(session: SearchSession) -> int:
    """Search as far as it goes; the exit code.

    Raises:
        ExperimentError: for bad input, before anything is done.
    """
    folder, spec = session.folder, session.asked.spec
    try:
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with alone_in(folder):
                ground = GROUNDS[session.ground].make_ground(spec, folder, session.options)
                asked = have_search(folder, session.asked, seed_given=session.seed_given)
                return _Search(session, asked, ground).conduct()
    except Halted as error:
        say(f"cannot go on: {error}")
        return RECORDS_NOT_WRITTEN


class _Search:
    """A search under way."""

    def __init__(self, session: SearchSession, asked: Asked, ground: Ground) -> None:
        module, arm = GROUNDS[session.ground], asked.spec.planned_arms()[0]
        self._session = session
        self._asked = asked
        self._ground = ground
        self._cores = module.cores_of(asked.spec, arm)
        self._on = module.describe(asked.spec)
        self._made_unix_s = time.time()

    def conduct(self) -> int:
        session, requests = self._session, StopRequests(self._ground.stop)
        folder = session.folder
        with open_ledger(folder) as ledger, requests.taken():
            try:
                begin(self._look()[1], self._ground, ledger)
                say(f"{folder}: {self._asked.limits} on {self._on}")
                with requests.breaking():
                    calibrate(self._asked.spec, session.options, session.ground, ledger, folder)
                self._try_all(ledger, requests)
            except Stopped as stopped:
                return stop_here(stopped, self._ground, ledger, folder)
            except Halted:
                restore_if_possible(self._ground, ledger)
                raise
            self._ground.restore(ledger.note)
            return self._finish(ledger)

    def _try_all(self, ledger: Ledger, requests: StopRequests) -> None:
        progress, found = self._look()
        while not progress.is_over:
            run = progress.runs[-1]
            teller = Teller(found.sweep, [run], time.monotonic, _not_said)
            Conductor(found, self._ground, ledger, teller, requests).conduct([run])
            progress, found = self._look()
            say(f"run {len(progress.tried)}: {seen(progress.tried)}")

    def _look(self) -> tuple[Progress, SweepOnDisk]:
        """How far the ledger says it has come, and the same as a sweep on disk."""
        folder = self._session.folder
        entries = read_ledger(folder)
        progress = progress_of(self._asked, standings(entries), self._cores)
        return progress, SweepOnDisk(folder, self._sweep(progress), entries)

    def _sweep(self, progress: Progress) -> Sweep:
        spec = self._asked.spec
        return Sweep(
            sweep_id=sweep_id_of(self._session.folder),
            made_unix_s=self._made_unix_s,
            seed=self._asked.seed,
            ground=self._session.ground,
            spec=spec.as_mapping(),
            arms=spec.planned_arms(),
            runs=progress.runs,
            host=host_facts(self._on),
        )

    def _finish(self, ledger: Ledger) -> int:
        folder, (progress, found) = self._session.folder, self._look()
        answer = answer_of(self._asked.aim, progress.tried)
        sentences = list(in_words(self._asked.aim, answer, self._asked.limits))
        write_answer(folder, answer, sentences)
        if not is_sweep(folder):  # its presence says that no run will come any more
            write_sweep(folder, found.sweep)
            ledger.note(FINISHED, runs=len(progress.runs), answer=sentences[0])
        marked = " (SIMULATED)" if self._session.ground == "simulated" else ""
        sys.stdout.write("".join(f"{one}{marked}\n" for one in sentences))
        say(f"records: {folder}; {self._session.report(folder)}")
        return INVALID if answer.cannot_tell else 0


def say(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"search: {text}\n")
    sys.stderr.flush()


def _not_said(_line: str) -> None:
    """A search says by itself what came of each run."""
