"""Runs on this machine: Locust as a process, on workers of its own or on what is there."""

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path

from experiment.sweep.carrying.carried import Carried, carry, end_orphan
from experiment.sweep.ground import Begun, Note, NotForGround, Spoilt, refuse_keys
from experiment.sweep.local.locust_command import check_options, locust_command
from experiment.sweep.local.pinning import pinning_of
from experiment.sweep.local.reach import wait_until_reached
from experiment.sweep.local.worker_settings import WorkerSettings, read_settings
from experiment.sweep.local.workers import Workers
from experiment.sweep.logs import log_of
from experiment.sweep.spec import SweepSpec
from grpc_user.targets import Target, parse_targets
from records.sweeps.ledger import WAITED, LedgerEntry
from records.sweeps.on_disk import CALIBRATION_NAME
from records.sweeps.planned import Arm, PlannedRun
from shapes.errors import InvalidValue

NAME = "local"
START_AND_END_S = 180.0
"""Beside arrivals and calls under way: Locust's start, its end, the records."""
LONGEST_REACH_S = 30.0
_NOT_HERE = ("in_cluster", "initial", "ksvc", "model")


class LocalGround:
    """Each run a Locust of its own.

    Without `pin` and without settings of an arm, Locust starts a worker beside itself, as it does
    without `--host`; else the sweep starts the workers, fresh ones for each run.

    Args:
        spec: What is asked for.
        folder: Of the sweep.
        available: Numbers of the cores that there are.

    Raises:
        NotForGround: for what there is not on this machine.
    """

    def __init__(self, spec: SweepSpec, folder: Path, available: Sequence[int]) -> None:
        self._spec = spec
        self._folder = folder
        self._settings = settings_of_arms(spec)
        self._targets = targets_of(spec)
        self.pinning = pinning_of(spec, available)
        self._workers: Workers | None = None
        self._carried: Carried | None = None

    def prepare(self, run: PlannedRun, arm: Arm, note: Note) -> None:
        """Start the arm's workers, or wait until what is there answers."""
        self._end_workers()
        if self._spec.settle_s:
            time.sleep(self._spec.settle_s)
            _waited(note, "the machine to settle", self._spec.settle_s)
        if self._targets:
            within_s = min(self._spec.wait_s, LONGEST_REACH_S)
            seconds = wait_until_reached(self._targets, within_s)
            _waited(note, f"{self._spec.host} to answer", seconds)
        elif self._has_workers(arm):
            began_s = time.monotonic()
            self._workers = self._started_workers(run, arm)
            _waited(note, "fresh workers to listen", time.monotonic() - began_s)

    def run(self, run: PlannedRun, folder: Path, begun: Begun) -> int:
        """See `Ground`."""
        workers = self._workers
        host = ",".join(workers.addresses) if workers else self._spec.host
        command = locust_command(self._spec, run, folder, host, self._folder / CALIBRATION_NAME)
        log = log_of(self._folder, folder.name)
        self._carried = Carried(command, log, cores=self.pinning.generator)
        within_s = run.duration_s + self._spec.timeout_s + START_AND_END_S
        try:
            code = carry(self._carried, begun, within_s, workers=workers.facts if workers else [])
            if workers and not workers.are_alive:
                raise Spoilt("a spin worker ended during the run")
        finally:
            self._carried = None
            self._end_workers()
        return code

    def stop(self, number: int) -> None:
        """See `Ground`."""
        if self._carried is not None:
            self._carried.stop(number)

    def stop_orphan(self, started: LedgerEntry) -> None:
        """See `Ground`."""
        end_orphan(started.fields)
        for worker in started.fields.get("workers") or ():
            end_orphan(worker)

    def restore(self, note: Note) -> None:  # noqa: ARG002 - the protocol's
        """End the workers; nothing else was changed."""
        self._end_workers()

    def _has_workers(self, arm: Arm) -> bool:
        return self._spec.pin is not None or self._settings[arm.name] != WorkerSettings()

    def _started_workers(self, run: PlannedRun, arm: Arm) -> Workers:
        settings = self._settings[arm.name]
        numbers = range(1, settings.processes + 1)
        logs = [log_of(self._folder, f"{run.run_id}-worker-{number}") for number in numbers]
        return Workers(settings, settings.cores or self.pinning.worker, logs)

    def _end_workers(self) -> None:
        if self._workers is not None:
            self._workers.end()
            self._workers = None


def settings_of_arms(spec: SweepSpec) -> dict[str, WorkerSettings]:
    """The workers of each arm.

    Raises:
        NotForGround: for settings that are none of a worker, and other keys not for here.
    """
    refuse_keys(spec, NAME, _NOT_HERE)
    check_options(spec.locust)
    if spec.host is not None and any(arm.settings for arm in spec.arms):
        raise NotForGround(
            f"host is {spec.host}, and what is there cannot be changed from here; "
            "valid: arms without settings, or no host"
        )
    return {
        arm.name: read_settings(arm.settings, f"arms {arm.name}: settings") for arm in spec.arms
    }


def cores_of(spec: SweepSpec, arm: Arm) -> float | None:
    """The cores that an arm's workers have; None where they are not on this machine."""
    if spec.cores is not None or spec.host is not None:
        return spec.cores
    available = available_cores()
    of_arm = settings_of_arms(spec)[arm.name].cores or pinning_of(spec, available).worker
    return float(len(of_arm) or len(available))


def available_cores() -> list[int]:
    """Numbers of the cores that this process may use."""
    return sorted(os.sched_getaffinity(0))


def add_options(parser: argparse.ArgumentParser) -> None:
    """None of its own."""


def calibrated_by(spec: SweepSpec, _options: argparse.Namespace) -> list[str]:
    """What is there, once it answers, or a worker as the runs have them."""
    if not spec.host:
        return []
    wait_until_reached(targets_of(spec), min(spec.wait_s, LONGEST_REACH_S))
    return [f"--host={targets_of(spec)[0].text}"]


def make_ground(spec: SweepSpec, folder: Path, _options: argparse.Namespace) -> LocalGround:
    """The ground for a sweep."""
    return LocalGround(spec, folder, available_cores())


def describe(spec: SweepSpec) -> str:
    """What the runs are on, and who has which cores."""
    settings_of_arms(spec)
    targets_of(spec)
    there = f"{spec.host} from this machine" if spec.host else "workers on this machine"
    return f"{there}; {pinning_of(spec, available_cores()).said}"


def _waited(note: Note, what: str, seconds: float) -> None:
    note(WAITED, **{"for": what}, seconds=round(seconds, 3), reached=True)


def targets_of(spec: SweepSpec) -> tuple[Target, ...]:
    """Where calls go; none where the workers are of our own.

    Raises:
        NotForGround: when it cannot be read.
    """
    try:
        return parse_targets(spec.host) if spec.host else ()
    except InvalidValue as error:
        raise NotForGround(f"host: {error}") from None
