"""What a simulation is asked to be: a plan of arrivals, a Service, a system under it."""

import math
from argparse import Namespace
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from records.manifest import read_manifest
from records.run_folder import RunFolderError
from shapes.errors import InvalidValue
from shapes.laws import TRACE, Law, parse_law
from shapes.plan import MemberChange, Plan
from shapes.quantities import format_duration, parse_duration_s, parse_rate_rps
from shapes.rate_profiles import RateProfile, parse_rate_profile
from shapes.schedule import Schedule
from simulator.cold_starts import cold_starts_of
from simulator.commands.options import DEFAULT_RATE, DEFAULT_SPIN
from simulator.draws import draw_coins, draw_cold_starts_s
from simulator.errors import InvalidSetting
from simulator.service import RPS, Service
from simulator.system.quotas import quota_s
from simulator.system.settings import SystemSettings, leaves_to_chance
from simulator.system.world import Inputs

MEMBER = "model"
MOST_CALLS = 5_000_000
"""Calls that a simulation holds in memory: about 100 bytes each compiled, 500 in plain Python."""
_EVERYTHING = 1 << 40


@dataclass(frozen=True)
class Asked:
    """One simulation.

    Attributes:
        plan: When calls arrive.
        service: The Knative Service.
        system: What it runs on.
        cold_s: Cold starts, or the ones to draw from.
        network_s: Round trip between client and activator.
        spin_s: What each call needs.
    """

    plan: Plan
    service: Service
    system: SystemSettings
    cold_s: tuple[float, ...]
    network_s: float
    spin_s: float

    def inputs(self) -> Inputs:
        """All that is drawn beforehand. Calls are at the activator half a round trip late."""
        due_s = Schedule(self.plan).arrivals(0, _EVERYTHING).intended_s + self.network_s / 2
        return Inputs(
            due_s=due_s,  # type: ignore[arg-type]  # arrays are sequences to us
            work_s=self.work_s(len(due_s)),  # type: ignore[arg-type]
            coins=self._coins(len(due_s)),  # type: ignore[arg-type]
            cold_s=draw_cold_starts_s(self.plan.seed, self.cold_s),  # type: ignore[arg-type]
        )

    def _coins(self, calls: int) -> NDArray[np.float64]:
        """None where nothing is left to chance: drawing them takes a fifth of a simulation."""
        return draw_coins(self.plan.seed, calls if leaves_to_chance(self.system) else 0)

    def work_s(self, calls: int) -> NDArray[np.float64]:
        """Seconds of work of the first calls: as a trace has it, else `spin_s`."""
        planned = Schedule(self.plan).spins_s(0, calls)
        if planned is None:
            return np.full(calls, self.spin_s)
        return np.where(np.isnan(planned), self.spin_s, planned)


def read_asked(options: Namespace, run_id: str, seed: int) -> Asked:
    """What the options of `run` ask for.

    Args:
        options: As parsed.
        run_id: Name of the run.
        seed: Drawn, for where none was given.

    Raises:
        InvalidSetting, InvalidValue: for options that do not go together.
    """
    service = _service(options)
    plan = (
        replayed_plan(Path(options.replay), run_id)
        if options.replay
        else _plan(options, run_id, seed)
    )
    spin_s = parse_duration_s(str(plan.request["spin"]))
    deadline_s = parse_duration_s(str(plan.request["grpc_timeout"]))
    spins = {"spin": ""} if plan.trace is not None and plan.trace.has_spins else {}
    plan = replace(plan, request={**plan.request, **spins, "host": _host(options)})
    cold_s = cold_starts_of(Path(options.cold_starts_of)) if options.cold_starts_of else None
    return Asked(
        plan=plan,
        service=service,
        system=_system(options, service, plan.end_s, deadline_s),
        cold_s=tuple(cold_s or [options.cold_start]),
        network_s=options.network,
        spin_s=spin_s,
    )


def _plan(options: Namespace, run_id: str, seed: int) -> Plan:
    profile = _profile(options, options.duration)
    duration_s = options.duration
    if duration_s is None and profile.trace is not None:
        duration_s = profile.length_s
    if duration_s is None:
        raise InvalidSetting("--duration is missing; valid: a time such as 10s, 12m")
    if options.warm_up >= duration_s:
        raise InvalidSetting(
            f"--warm-up {format_duration(options.warm_up)} leaves nothing of"
            f" {format_duration(duration_s)} to measure; valid: shorter than the duration"
        )
    plan = Plan(
        run_id=run_id,
        version=0,
        seed=seed if options.seed is None else options.seed,
        law=_law(options, profile).text,
        epoch_s=0.0,
        rates=profile.log,
        members=(MemberChange(0.0, (MEMBER,)),),
        duration_s=duration_s,
        warm_up_s=options.warm_up,
        request={
            "spin": format_duration(options.spin),
            "grpc_timeout": format_duration(options.grpc_timeout),
        },
        trace=profile.trace,
    )
    _check_size(plan)
    return plan


def _law(options: Namespace, profile: RateProfile) -> Law:
    law: Law | None = options.distribution
    if profile.trace is not None:
        if law is not None and law.name != TRACE:
            raise InvalidSetting(
                f"--distribution {law.text} and --rate-profile {profile.text} disagree: a trace has"
                " arrivals of its own; valid: leave the distribution out"
            )
        return parse_law(TRACE)
    if law is not None and law.name == TRACE:
        raise InvalidSetting("--distribution trace names no file; valid: --rate-profile trace:FILE")
    return law or parse_law("uniform")


def _profile(options: Namespace, duration_s: float | None) -> RateProfile:
    text = options.rate_profile or "constant"
    if text != "constant" and options.rps is not None:
        raise InvalidSetting(
            f"--rps {options.rps:g} and --rate-profile {text} disagree: the profile's rates are"
            " its own; valid: leave the rate out"
        )
    rate_rps = parse_rate_rps(DEFAULT_RATE) if options.rps is None else options.rps
    return parse_rate_profile(text, rate_rps, duration_s)


def replayed_plan(folder: Path, run_id: str) -> Plan:
    """The recorded plan of a run, for the model.

    Args:
        folder: Of the run.
        run_id: Name of the model's.

    Raises:
        InvalidSetting: where the run has no plan that ends, called something else than the spin
            worker, or has more calls than a simulation can hold.
    """
    try:
        plans = read_manifest(folder).plans
        recorded = Plan.from_dict(dict(plans[-1])) if plans else None
    except (RunFolderError, InvalidValue) as error:
        raise InvalidSetting(f"--replay {folder}: {error}") from None
    if recorded is None or recorded.end_s == math.inf or not _calls_spin(recorded):
        raise InvalidSetting(
            f"--replay {folder}: it has no plan that ends, or calls no spin worker;"
            " valid: a run of the spin call with a duration"
        )
    plan = replace(
        recorded,
        run_id=run_id,
        version=0,
        epoch_s=0.0,
        members=(MemberChange(0.0, (MEMBER,)),),
        duration_s=recorded.end_s,
        stop_s=None,
        request={
            "spin": recorded.request["spin"] or DEFAULT_SPIN,
            "grpc_timeout": recorded.request.get("grpc_timeout") or "30s",
        },
    )
    _check_size(plan)
    return plan


def _calls_spin(plan: Plan) -> bool:
    """A default of `spin` is in the request whatever is called, but where a trace has the spins."""
    has_spins = plan.trace is not None and plan.trace.has_spins
    return bool(plan.request.get("spin") or has_spins) and not plan.request.get("call")


def _check_size(plan: Plan) -> None:
    calls = plan.rates.integral(plan.end_s)
    if calls > MOST_CALLS:
        raise InvalidSetting(
            f"the plan has about {calls:,.0f} calls; valid: at most {MOST_CALLS:,} in a simulation"
        )


def _service(options: Namespace) -> Service:
    return Service(
        container_concurrency=options.container_concurrency,
        metric=options.metric,
        target=options.target,
        target_utilization=options.target_utilization,
        window_s=options.window,
        panic_window=options.panic_window_percentage,
        panic_threshold=options.panic_threshold_percentage,
        target_burst_capacity=options.target_burst_capacity,
        min_scale=options.min_scale,
        max_scale=options.max_scale,
        initial_scale=options.initial_scale,
        activation_scale=options.activation_scale,
        scale_down_delay_s=options.scale_down_delay,
        retention_s=options.retention,
        grace_s=options.grace,
        scales_to_zero=not options.no_scale_to_zero,
        aggregation=options.aggregation,
        max_scale_up_rate=options.max_scale_up_rate,
        max_scale_down_rate=options.max_scale_down_rate,
    )


def _system(
    options: Namespace, service: Service, duration_s: float, deadline_s: float
) -> SystemSettings:
    pods = max(service.min_scale, 1) if options.pods is None else options.pods
    if pods > options.most_pods:
        raise InvalidSetting(
            f"{pods} pods at the start and --most-pods {options.most_pods}; valid: room for them"
        )
    if options.no_autoscaler and pods == 0:
        raise InvalidSetting("--no-autoscaler with --pods 0; valid: at least one pod")
    _check_work(options)
    return SystemSettings(
        concurrency=service.container_concurrency,
        scaler=service.scaler_settings(),
        cores=options.cores,
        is_wall=options.work == "wall",
        deadline_s=deadline_s,
        stops_when_cancelled=not options.runs_on,
        most_pods=options.most_pods,
        first_pods=pods,
        is_scaled=not options.no_autoscaler,
        by_rate=service.metric == RPS,
        is_proxied=service.target_burst_capacity != 0,
        duration_s=duration_s,
        quota_s=quota_s(options.cpu_limit),
        activators=options.activators,
        quantum_s=options.wall_quantum,
    )


def _check_work(options: Namespace) -> None:
    is_wall = options.work == "wall"
    if is_wall and options.cpu_limit < math.inf:
        raise InvalidSetting(
            f"--cpu-limit {options.cpu_limit:g} with --work wall; valid: with --work cpu"
        )
    if options.wall_quantum > 0 and not is_wall:
        raise InvalidSetting("--wall-quantum with --work cpu; valid: with --work wall")


def _host(options: Namespace) -> str:
    """What was under load, in words: all that tells one model from another."""
    said = [
        f"containerConcurrency {options.container_concurrency}",
        _cores(options.cores),
        f"{options.cpu_limit:g} a pod at most" if options.cpu_limit < math.inf else "",
        "spin by the wall clock" if options.work == "wall" else "",
        f"{options.activators} activators" if options.activators > 1 else "",
        "no autoscaler" if options.no_autoscaler else "",
    ]
    return f"a simulated Service ({', '.join(filter(None, said))})"


def _cores(cores: float) -> str:
    if cores == math.inf:
        return "unlimited cores"
    return f"{cores:g} core{'' if cores == 1 else 's'}"
