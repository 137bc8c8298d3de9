"""What stands on each side of a comparison: a run, a sweep, or one arm of a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import AnalysisError
from records.run_folder import RunFolderError
from records.sweeps import PlannedRun, SweepOnDisk, open_sweep
from records.sweeps.sweep_file import is_sweep
from shapes.quantities import format_duration

VALID = "valid: a run folder, a sweep's folder, or an arm of it as SWEEP:ARM"


@dataclass(frozen=True)
class Place:
    """Where a run stands in its side: runs of the same place are pairs.

    Attributes:
        cell: The load in words; "" for a run by itself.
        arm: Where a side has several arms; else "".
        repetition: From 1.
    """

    cell: str = ""
    arm: str = ""
    repetition: int = 1

    @property
    def name(self) -> str:
        """Cell and arm in words."""
        return ", ".join(text for text in (self.cell, self.arm) if text)


@dataclass(frozen=True)
class Side:
    """One side.

    Attributes:
        name: As it was given.
        folders: Of its finished runs, by place, in the order of the plan.
        unfinished: Names of the places that have no finished run.
        is_sweep: Whether it is a sweep, or a part of one.
    """

    name: str
    folders: Mapping[Place, Path]
    unfinished: Sequence[str]
    is_sweep: bool


def read_side(given: str) -> Side:
    """What a text names.

    Raises:
        AnalysisError: when it names neither a run nor a sweep nor an arm of one.
    """
    path = Path(given)
    if is_sweep(path):
        return _side(given, _open(path), "")
    if path.exists():
        return Side(given, {Place(): path}, (), is_sweep=False)
    folder, colon, arm = given.rpartition(":")
    if not (colon and is_sweep(Path(folder))):
        raise AnalysisError(f"{given} is not there; {VALID}")
    return _side(given, _open(Path(folder)), arm)


def _open(folder: Path) -> SweepOnDisk:
    try:
        return open_sweep(folder)
    except (RunFolderError, OSError) as error:
        raise AnalysisError(str(error)) from None


def _side(given: str, disk: SweepOnDisk, only: str) -> Side:
    names = [arm.name for arm in disk.sweep.arms]
    if only and only not in names:
        raise AnalysisError(f"{disk.folder} has no arm {only}; valid: {', '.join(names)}")
    runs = [run for run in disk.sweep.runs if not only or run.arm == only]
    places = {_place(run, has_arms=not only and len(names) > 1): run for run in runs}
    folders = {place: disk.run_folder(run.run_id) for place, run in places.items()}
    return Side(
        given,
        {place: folder for place, folder in folders.items() if folder is not None},
        [places[place].run_id for place, folder in folders.items() if folder is None],
        is_sweep=True,
    )


def _place(run: PlannedRun, *, has_arms: bool) -> Place:
    cell = run.cell
    said = f"{cell.law} {cell.rate_rps:g} rps, spin {format_duration(cell.spin_s)}"
    return Place(said, run.arm if has_arms else "", run.repetition)


def pairs_of(a: Side, b: Side) -> list[Place]:
    """The places that both sides have.

    Raises:
        AnalysisError: when there are none, or the sides are not of one kind.
    """
    if a.is_sweep != b.is_sweep:
        sweep, run = (a, b) if a.is_sweep else (b, a)
        raise AnalysisError(
            f"{sweep.name} is a sweep and {run.name} a run; valid: two runs, or two sweeps or arms"
        )
    if set(a.folders.values()) & set(b.folders.values()):
        raise AnalysisError(f"{a.name} and {b.name} share runs; valid: two that differ")
    common = [place for place in a.folders if place in b.folders]
    if not common:
        raise AnalysisError(
            f"{a.name} and {b.name} have no cell and repetition in common: {_first(a)} and"
            f" {_first(b)}; valid: the same cells in both, arms by name as SWEEP:ARM"
        )
    return common


def _first(side: Side) -> str:
    names = list(dict.fromkeys(place.name for place in side.folders))
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more}" if names else "no finished run"
