"""The settings of a sweep: each of its cells under each of its arms."""

import argparse
import math
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from experiment.forecast.setting import Setting, changed, of_cell
from experiment.sweep.grid import cells_of, plan_runs
from experiment.sweep.simulated.ground import arguments_of
from experiment.sweep.spec import SweepSpec
from records.sweeps import Arm, PlannedRun
from simulator.command_line import add_options, values_of
from simulator.commands.options import MODEL, SERVICE

_TABLE = tuple(replace(option, default=None) for option in (*SERVICE, *MODEL))
_MODELLED = ("annotations", "containerConcurrency", "model")
_TIMEOUT, _NEW_REVISION = "timeoutSeconds", "new-revision"


def settings_of_sweep(spec: SweepSpec, values: Namespace) -> list[Setting]:
    """All of them: the options, over them what the sweep says of the model, over that the arms.

    Args:
        spec: The sweep.
        values: Options of the simulator. Cores that they name rule over those of the sweep, which
            are as many as the machine has that it is for.

    Raises:
        ExperimentError: for settings that the simulator does not take.
    """
    named = len(spec.arms) > 1
    return [
        of_cell(changed(values, own), cell, arm.name if named else "")
        for arm in spec.planned_arms()
        for own in [dict(_own(spec, arm, values))]
        for cell in cells_of(spec)
    ]


def planned_runs(spec: SweepSpec, settings: Sequence[Setting]) -> tuple[PlannedRun, ...]:
    """The sweep's runs, as they would be made on the cores that its settings have."""
    of_arm = {one.arm: one.room.cores for one in settings}
    cores = {arm.name: of_arm.get(arm.name, of_arm.get("", math.inf)) for arm in spec.arms}
    return plan_runs(
        spec, 0, {name: many if math.isfinite(many) else None for name, many in cores.items()}
    )


def _own(spec: SweepSpec, arm: Arm, values: Namespace) -> Iterator[tuple[str, Any]]:
    yield from (("duration", spec.duration_s), ("warm_up", spec.warm_up_s))
    yield "grpc_timeout", spec.timeout_s
    if _TIMEOUT in arm.settings:
        yield "timeout_seconds", float(arm.settings[_TIMEOUT])
    for dest, value in vars(_said(spec, arm)).items():
        is_told = dest == "cores" and math.isfinite(values.cores)
        if value not in {None, False} and not is_told:
            yield dest, value


def _said(spec: SweepSpec, arm: Arm) -> Namespace:
    """What the sweep says of the simulator's options; of an arm what these have a word for.

    A new revision begins as the simulator does.
    """
    known = {key: value for key, value in arm.settings.items() if key in _MODELLED}
    initial = None if spec.initial == "new-revision" else spec.initial
    parser = argparse.ArgumentParser()
    add_options(parser, "model", _TABLE)
    arguments = arguments_of(
        spec.model_copy(update={"initial": initial}), replace(arm, settings=known)
    )
    return values_of(parser.parse_args(arguments), _TABLE)
