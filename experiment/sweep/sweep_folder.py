"""The folder of a sweep: made once, and gone on with when the same is asked for again."""

import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from experiment.errors import ExperimentError
from experiment.sweep.grid import plan_runs
from experiment.sweep.grounds import GROUNDS
from experiment.sweep.lock import LOCK_NAME
from experiment.sweep.spec import BadSpec, SweepSpec, spec_from
from records.run_folder import TEMP_SUFFIX, RunFolderError, check_name
from records.sweeps.on_disk import CALIBRATION_NAME
from records.sweeps.planned import Sweep
from records.sweeps.sweep_file import SWEEP_NAME, is_sweep, read_sweep, write_sweep

RESULTS = Path("results")
_MAY_BE_THERE = (LOCK_NAME, CALIBRATION_NAME, SWEEP_NAME + TEMP_SUFFIX)
_FREE = ("seed",)
"""What need not be said again: it was drawn, or is as it was."""


class OtherSweep(ExperimentError):
    """The folder holds something else than what is asked for."""


def default_folder(spec: SweepSpec, ground: str) -> Path:
    """The same for the same sweep, so that the same command goes on with it."""
    on = spec.ksvc.replace("/", "-") if spec.ksvc else ground
    return RESULTS / f"sweep-{spec.name}-{on}"


def planned(
    spec: SweepSpec, ground: str, sweep_id: str, drawn_seed: int, made_unix_s: float
) -> Sweep:
    """The plan of a sweep.

    Args:
        spec: What is asked for.
        ground: By its name.
        sweep_id: Its name.
        drawn_seed: For where the spec has none.
        made_unix_s: Now.

    Raises:
        ExperimentError: for what there is not on the ground.
    """
    module, arms = GROUNDS[ground], spec.planned_arms()
    seed = drawn_seed if spec.seed is None else spec.seed
    return Sweep(
        sweep_id=sweep_id,
        made_unix_s=made_unix_s,
        seed=seed,
        ground=ground,
        spec=spec.as_mapping(),
        arms=arms,
        runs=plan_runs(spec, seed, {arm.name: module.cores_of(spec, arm) for arm in arms}),
        host=host_facts(module.describe(spec)),
    )


def host_facts(on: str) -> dict[str, Any]:
    """The machine that conducts the sweep, and what its runs are on."""
    return {
        "system": platform.platform(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "on": on,
    }


def check_folder(folder: Path, wanted: Sweep) -> None:
    """Refuse a folder of anything else than what is wanted; one that is empty will do.

    Raises:
        OtherSweep: naming what differs, or what else is there, or that its plan is damaged.
        OSError: when it cannot be read.
    """
    if is_sweep(folder):
        _refuse_other(folder, _read(folder), wanted)
        return
    others = sorted(path.name for path in folder.iterdir() if path.name not in _MAY_BE_THERE)
    if others:
        raise OtherSweep(
            f"{folder} holds {others[0]} and no sweep; valid: --out of a folder that is empty, "
            "new, or a sweep's"
        )


def have_sweep(folder: Path, wanted: Sweep) -> None:
    """Write the plan where there is none yet.

    Raises:
        OtherSweep: when it has names that no folder can have.
        OSError: when it cannot be written.
    """
    if is_sweep(folder):
        return
    try:
        write_sweep(folder, wanted)
    except RunFolderError as error:
        raise OtherSweep(str(error)) from None


def sweep_id_of(folder: Path) -> str:
    """The folder's own name.

    Raises:
        OtherSweep: when it cannot be that of a sweep.
    """
    try:
        return check_name(folder.resolve().name, "--out: the name of a sweep")
    except RunFolderError as error:
        raise OtherSweep(str(error)) from None


def _read(folder: Path) -> Sweep:
    try:
        return read_sweep(folder)
    except RunFolderError as error:
        raise OtherSweep(str(error)) from None


def _refuse_other(folder: Path, there: Sweep, wanted: Sweep) -> None:
    for key, was, is_now in _differences(
        {**_filled(there.spec), "ground": there.ground, "seed": there.seed},
        {**wanted.spec, "ground": wanted.ground},
    ):
        raise OtherSweep(
            f"{folder} was planned with {key} {_shown(was)}, not {_shown(is_now)}: a sweep is "
            "never changed; take another --out, or ask for the same again"
        )


def _filled(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was asked for, with the defaults of keys that came later."""
    try:
        return spec_from(spec, "").as_mapping()
    except BadSpec:
        return spec


def _differences(
    was: Mapping[str, Any], is_now: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    for key in dict.fromkeys([*was, *is_now]):
        before, now = was.get(key), is_now.get(key)
        if before != now and not (key in _FREE and now is None):
            yield key, before, now


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}..."  # noqa: PLR2004 - one line
