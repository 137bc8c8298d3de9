"""What runs of a sweep are on: this machine, a cluster, a model. One protocol for all."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from experiment.errors import ExperimentError
from experiment.sweep.spec import SweepSpec
from records.sweeps.ledger import LedgerEntry
from records.sweeps.planned import Arm, PlannedRun


class Halted(ExperimentError):
    """The sweep cannot go on, its state is kept, and the same command goes on from there."""


class TargetGone(Halted):
    """What is under load is not there, or does not come back."""


class ApiGone(Halted):
    """The Kubernetes API does not answer."""


class CannotWrite(Halted):
    """The disk is full, or the sweep's folder cannot be written."""


class NotPrepared(ExperimentError):
    """The initial state of one run was not reached: that attempt has failed, others may not."""


class Spoilt(ExperimentError):
    """Something of ours ended during a run: that attempt has failed, others may not."""


class NotForGround(ExperimentError):
    """A sweep asks for what there is none of on its ground."""


class Note(Protocol):
    """Writes a line of the ledger about the run under way."""

    def __call__(self, event: str, **fields: Any) -> object:
        """Write it; it is on the disk when this returns."""


class Begun(Protocol):
    """Takes what was started for a run, before it offers any load."""

    def __call__(self, pid: int, **fields: Any) -> object:
        """Note it; fields are for `stop_orphan`, as plain values."""


class Ground(Protocol):
    """What runs are on. Its methods are called in turn, by one thread."""

    def prepare(self, run: PlannedRun, arm: Arm, note: Note) -> None:
        """Make what is under load the arm's, drain, and wait for the initial state.

        It is bounded, and what it waited for is noted: `note("waited", **{"for": what},
        seconds=s, reached=True)`.

        Raises:
            NotPrepared: when this run cannot begin; the sweep goes on.
            Halted: when no run can.
        """

    def run(self, run: PlannedRun, folder: Path, begun: Begun) -> int:
        """Do one run into a folder that it makes; its exit code, as the verdict has them.

        Args:
            run: What to do; its load, seed and length.
            folder: The run's; its name is the run id. Not there yet.
            begun: To be called once with the process that carries the run, before any load.

        Raises:
            Spoilt: when this attempt is of no use; the sweep goes on.
            Halted: when no run can be done.
        """

    def stop(self, number: int) -> None:
        """Have the run under way end soon, as a signal of that number would; from a handler.

        It may be called again, and then ends the run at once. `run` returns after it.
        """

    def stop_orphan(self, started: LedgerEntry) -> None:
        """End what a killed sweep left running; nothing where that is gone.

        Args:
            started: The line of the run's begin: `pid`, `pid_started` and the fields of `begun`.

        Raises:
            Halted: when it cannot be ended.
        """

    def restore(self, note: Note) -> None:
        """Undo what `prepare` changed, for this sweep and for one that was killed.

        Raises:
            Halted: when it cannot be.
        """


def given_keys(spec: SweepSpec, keys: Iterable[str]) -> list[str]:
    """Which of these keys say something else than their default."""
    given = spec.model_dump(by_alias=True, exclude_defaults=True)
    return [key for key in keys if key in given]


def refuse_keys(spec: SweepSpec, ground: str, keys: Iterable[str]) -> None:
    """Refuse what is given and means nothing on a ground.

    Raises:
        NotForGround: naming the key.
    """
    for key in given_keys(spec, keys):
        raise NotForGround(
            f"{key}: there is none on the ground {ground}; valid: leave it out, or another ground"
        )
