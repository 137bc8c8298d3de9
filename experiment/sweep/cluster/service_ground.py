"""Runs on a Knative Service in a cluster: each arm patched, drained and waited for."""

import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from experiment.launch.plan import observed_name
from experiment.sweep.carrying.carried import Carried, carry, end_orphan
from experiment.sweep.cluster.arm_settings import template_of
from experiment.sweep.cluster.between_runs import BetweenRuns
from experiment.sweep.cluster.check_arms import AskedOfArms, check_arms
from experiment.sweep.cluster.initial_state import NEW_REVISION
from experiment.sweep.cluster.merge_patch import applied
from experiment.sweep.cluster.patched_service import PatchedService
from experiment.sweep.cluster.pods_of_run import end_pods
from experiment.sweep.cluster.run_command import RunCommand
from experiment.sweep.ground import ApiGone, Begun, Note
from experiment.sweep.logs import log_of
from records.sweeps.ledger import LedgerEntry
from records.sweeps.on_disk import RUNS
from records.sweeps.planned import Arm, PlannedRun
from records.sweeps.standing import attempt_name
from verdict.exit_codes import BAD_CONFIGURATION

MARK = "locust-knative/revision"
"""Annotation that makes a template another one, and so a new revision."""


@dataclass
class ClusterGround:
    """The Service that the runs of a sweep are on; see `experiment.sweep.ground.Ground`.

    Attributes:
        folder: Of the sweep.
        service: The Service, and what the sweep makes of it.
        between: Its state between runs.
        asked: What the sweep does with it.
        command: How a run is started.
        examine: The doctor; raises ExperimentError for a fault.
    """

    folder: Path
    service: PatchedService
    between: BetweenRuns
    asked: AskedOfArms
    command: RunCommand
    examine: Callable[[], None]
    _carried: Carried | None = None
    _is_checked: bool = False
    _is_prepared: bool = False

    def check(self) -> None:
        """Hold all arms against the Service, show what they change, have the doctor look.

        Raises:
            ExperimentError: when the sweep cannot be had; nothing was changed.
        """
        original = self.service.begin()
        found = check_arms(self.service.api, self.service.api.read(), original, self.asked)
        for arm, told in found.items():
            _say(f"arm {arm!r}, {self.service.api.full_name}:", told or ["as it is"])
        self.examine()
        self._is_checked = True

    def prepare(self, run: PlannedRun, arm: Arm, note: Note) -> None:
        """See `Ground`."""
        if not self._is_checked:
            self.check()
        if not self._is_prepared:  # who knows what was called before
            self.between.called()
        self._is_prepared = True
        template = template_of(self.service.before["template"], arm)
        state = self.asked.state_for(template)
        if state.kind == NEW_REVISION:
            mark = f"{run.run_id}-{len(self.service.known)}"
            template = applied(template, {"metadata": {"annotations": {MARK: mark}, "name": None}})
        told = self.service.apply(arm.name, template, note)
        revision = self.between.settle(note)
        if told:
            self.between.unused_revision = revision
        annotations = (template.get("metadata") or {}).get("annotations") or {}
        self.between.wait_for(state, revision, annotations, note)

    def run(self, run: PlannedRun, folder: Path, begun: Begun) -> int:
        """See `Ground`."""
        name = self.command.name(folder)
        log = log_of(self.folder, folder.name)
        self._carried = Carried(self.command.arguments(run, folder), log)
        fields = {"pods_namespace": self.command.pods_namespace, "name": name}
        try:
            code = carry(self._carried, begun, self.command.within_s(run), **fields)
        finally:
            self._carried = None
            self.between.called()
        _bring_home(folder.with_name(name), folder)
        self._end_pods(self.command.pods_namespace, name)
        self._check_after(code)
        return code

    def stop(self, number: int) -> None:
        """See `Ground`."""
        self.between.waits.stopped.set()
        if self._carried is not None:
            self._carried.stop(number)

    def stop_orphan(self, started: LedgerEntry) -> None:
        """See `Ground`."""
        end_orphan(started.fields)
        name = str(started.fields.get("name") or "")
        self._end_pods(started.fields.get("pods_namespace"), name)
        runs = self.folder / RUNS
        shutil.rmtree(runs / observed_name(name), ignore_errors=True)
        if name and started.run_id:
            _bring_home(runs / name, runs / attempt_name(started.run_id, started.attempt))

    def restore(self, note: Note) -> None:
        """See `Ground`."""
        told = self.service.restore(note)
        if told:
            _say(f"{self.service.api.full_name} is as it was before the sweep:", told)
        if not self._is_checked:  # a sweep that goes on: its arms could not be looked at before
            if told:
                self.between.settle(note)
            self.check()

    def close(self) -> None:
        """Ask no more."""
        self.service.api.cluster.close()

    def _end_pods(self, namespace: str | None, name: str) -> None:
        if namespace is not None:
            end_pods(self.service.api.cluster, namespace, name, self.service.api.clock)

    def _check_after(self, code: int) -> None:
        """Whether the run was on the Service that it was meant for.

        An API that is away is no reason to drop a run that has ended; the next one will tell.
        """
        try:
            self.service.check_untouched()
        except ApiGone:
            if code == BAD_CONFIGURATION:  # it may well have been the reason
                raise


def _bring_home(made: Path, folder: Path) -> None:
    """From the name that a run had in the cluster to the one that it has in the sweep."""
    if made != folder and made.exists():
        made.rename(folder)


def _say(what: str, lines: Iterable[str]) -> None:
    sys.stderr.write("".join(f"sweep: {line}\n" for line in (what, *(f"  {one}" for one in lines))))
    sys.stderr.flush()
