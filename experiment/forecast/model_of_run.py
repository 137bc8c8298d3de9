"""A measured run's model: what the simulator makes of the same arrivals on the same Service.

It is a run folder like any other, inside the measured run's, and the report draws it beside.
"""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiment.forecast.errors import NotModelled
from experiment.forecast.measured_service import service_of
from experiment.forecast.measured_system import MeasuredSystem, system_of
from records.manifest import Manifest, read_manifest, write_manifest
from records.reader import Run, open_run
from records.run_folder import RUN_ID_MAX_LENGTH, RunFolderError
from records.summary_file import write_summary
from shapes.errors import InvalidValue
from shapes.plan import Plan
from shapes.quantities import parse_duration_s
from simulator.asked import Asked, replayed_plan
from simulator.errors import SimulatorError
from simulator.folder import write_folder
from simulator.service import RPS, Service
from simulator.system.quotas import quota_s
from simulator.system.settings import MOST_PODS, SystemSettings
from simulator.system.simulate import simulate
from verdict.conclude import conclude_from_files
from verdict.stored_run import open_stored_run

MODEL_NAME = "model"
_UNFINISHED_NAME = ".model-unfinished"
_SUFFIX = "-model"
_SHOWN_OPTIONS = ("rate_profile", "duration", "warm_up")


def model_of_run(folder: Path) -> Path:
    """Simulate what a measured run did, and leave it in its folder as `model/`; returns that.

    Taken from the run: its plan (the same arrivals), the Service's settings, the pods ready at its
    start, the pods' starts that were seen, the nodes' cores, the time on the way. What is not known
    is assumed; both stand in the model's manifest, as `simulated["taken"]`. An earlier model is
    replaced once the new one is whole.

    Args:
        folder: Of a run that has ended.

    Raises:
        NotModelled: where the run is none that can be modelled.
        RunFolderError: when a file of the run is missing or damaged.
        OSError: when the model cannot be written.
    """
    run = open_run(folder)
    asked, system = _asked(run)
    unfinished = run.folder / _UNFINISHED_NAME
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        _write(unfinished, run.manifest, asked, system)
        shutil.rmtree(run.folder / MODEL_NAME, ignore_errors=True)
        unfinished.rename(run.folder / MODEL_NAME)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return run.folder / MODEL_NAME


def _asked(run: Run) -> tuple[Asked, MeasuredSystem]:
    if run.manifest.simulated is not None:
        raise NotModelled(f"{run.folder} is a model itself; valid: a measured run")
    name = f"{run.manifest.run_id[: RUN_ID_MAX_LENGTH - len(_SUFFIX)]}{_SUFFIX}"
    try:
        plan = replayed_plan(run.folder, name)
        service = service_of(run.manifest.knative)
        spin_s = parse_duration_s(str(plan.request["spin"]))
        system = system_of(run, service.min_scale, spin_s)
        return _simulation(plan, service, system), system
    except (SimulatorError, InvalidValue) as error:
        raise NotModelled(str(error).removeprefix("--replay ")) from None


def _simulation(plan: Plan, service: Service, system: MeasuredSystem) -> Asked:
    host = f"a model of the measured Service (containerConcurrency {service.container_concurrency})"
    return Asked(
        plan=replace(plan, request={**plan.request, "host": host}),
        service=service,
        system=_settings(plan, service, system),
        cold_s=tuple(system.cold_s),
        network_s=system.network_s,
        spin_s=parse_duration_s(str(plan.request["spin"])),
    )


def _settings(plan: Plan, service: Service, system: MeasuredSystem) -> SystemSettings:
    by_settings = service.target_burst_capacity != 0
    return SystemSettings(
        concurrency=service.container_concurrency,
        scaler=service.scaler_settings(),
        cores=system.cores,
        quota_s=quota_s(system.limit_cores),
        deadline_s=parse_duration_s(str(plan.request["grpc_timeout"])),
        most_pods=max(MOST_PODS, system.pods),
        first_pods=system.pods,
        by_rate=service.metric == RPS,
        is_proxied=by_settings if system.is_proxied is None else system.is_proxied,
        duration_s=plan.end_s,
    )


def _write(folder: Path, measured: Manifest, asked: Asked, system: MeasuredSystem) -> None:
    options = {name: measured.options.get(name) for name in _SHOWN_OPTIONS}
    try:
        outcome = simulate(asked.inputs(), asked.system)
    except SimulatorError as error:
        raise NotModelled(str(error)) from None
    write_folder(folder, asked, outcome, options, measured.started_unix_s)
    _note_origin(folder, {"model_of": measured.run_id, "taken": list(system.said)})
    _judge(folder)


def _note_origin(folder: Path, origin: Mapping[str, Any]) -> None:
    written = read_manifest(folder)
    write_manifest(folder, replace(written, simulated={**(written.simulated or {}), **origin}))


def _judge(folder: Path) -> None:
    try:
        stored = open_stored_run(folder)
    except ValueError as error:
        raise RunFolderError(str(error)) from None
    conclusion = conclude_from_files(stored.plan, stored.context, [], stored.files)
    write_summary(folder, conclusion.summary)
