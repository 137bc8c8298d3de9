"""What a run is asked to do: every option read and held against the others, once."""

import math
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from openloop.options import DEFAULT_LAW, DEFAULT_RATE_RPS
from records.calibration import InvalidCalibration, read_calibration
from shapes.errors import InvalidValue
from shapes.laws import TRACE, Law, parse_law
from shapes.quantities import format_duration, parse_duration_s, parse_rate_rps, parse_seed
from shapes.rate_profiles import RateProfile, parse_rate_profile
from verdict.checks import Check, parse_check

DEFAULT_CALL_DEADLINE_S = 30.0

T = TypeVar("T")


@dataclass(frozen=True)
class RunConfig:
    """One run, as asked.

    Attributes:
        rate_rps: The constant rate, or the peak of a rate profile that is not constant.
        law: How arrivals are spaced.
        profile: The rate over time.
        duration_s: How long arrivals are sent; None until stopped.
        ramp_rps_per_s: How fast the rate climbs to a constant rate at the start; None = at once.
        seed: As given; None = to be drawn.
        warm_up_s: Arrivals intended before this do not count in the results.
        rps_per_user: Requests per second that one Locust user stands for.
        drain_timeout_s: How long calls in flight are waited for at the end.
        max_in_flight: Most arrivals under way at once on one member.
        stops_on_member_loss: Whether the run ends when a member is lost.
        calibration: What isolated calls take, for the manifest; None where none was made.
    """

    rate_rps: float
    law: Law
    profile: RateProfile
    duration_s: float | None
    ramp_rps_per_s: float | None
    seed: int | None
    warm_up_s: float
    rps_per_user: float
    drain_timeout_s: float
    max_in_flight: int
    stops_on_member_loss: bool
    checks: tuple[Check, ...]
    records: str
    run_id: str | None
    junit: str | None
    calibration: Mapping[str, Any] | None = None

    @property
    def users(self) -> int:
        """The number of Locust users that shows the rate (the peak, where it varies)."""
        return max(1, round(self.rate_rps / self.rps_per_user))


def fill_locust_options(options: Namespace, config: RunConfig) -> None:
    """Let Locust's own options say the same as ours, so that its runner and web page agree.

    Args:
        options: Locust's parsed options; changed in place.
        config: What they were read as.
    """
    options.num_users = config.users
    if options.spawn_rate is None:
        options.spawn_rate = float(config.users)
    if config.duration_s is not None:
        options.run_time = config.duration_s


def read_config(options: Namespace, shape_law: str | None = None) -> RunConfig:
    """The run that Locust's parsed options ask for.

    Args:
        options: Locust's parsed options, with ours in them.
        shape_law: The law of the load shape that is active, if it has one.

    Raises:
        InvalidValue: for options that contradict each other.
    """
    rps_per_user = parse_rate_rps(options.rps_per_user)
    duration_s = _duration_s(options)
    profile = _profile(options, rps_per_user, duration_s)
    if duration_s is None and profile.trace is not None:
        duration_s = profile.length_s
    warm_up_s = _optional(parse_duration_s, options.warm_up) or 0.0
    if duration_s is not None and warm_up_s >= duration_s:
        raise InvalidValue(
            f"--warm-up {options.warm_up} leaves nothing of a run of {format_duration(duration_s)} "
            "to measure; valid: shorter than the duration"
        )
    return RunConfig(
        rate_rps=_peak_rps(profile, duration_s),
        law=_law(options, profile, shape_law),
        profile=profile,
        duration_s=duration_s,
        ramp_rps_per_s=_ramp(options, rps_per_user) if profile.is_constant else None,
        seed=_optional(parse_seed, options.seed),
        warm_up_s=warm_up_s,
        rps_per_user=rps_per_user,
        drain_timeout_s=_drain_timeout_s(options),
        max_in_flight=int(options.max_in_flight),
        stops_on_member_loss=options.on_member_loss == "stop",
        checks=tuple(parse_check(text) for text in options.check or ()),
        records=options.records,
        run_id=options.run_id or None,
        junit=options.junit or None,
        calibration=_calibration(options),
    )


def _optional(parse: Callable[[str], T], text: str) -> T | None:
    return parse(text) if text else None


def _calibration(options: Namespace) -> Mapping[str, Any] | None:
    if not options.calibration:
        return None
    try:
        return read_calibration(Path(options.calibration)).as_dict()
    except InvalidCalibration as error:
        raise InvalidValue(f"--calibration {error}") from None


def _law(options: Namespace, profile: RateProfile, shape_law: str | None) -> Law:
    """The law that was asked for; a trace has arrivals of its own, and rules alone."""
    law = parse_law(options.distribution or shape_law or DEFAULT_LAW)
    if profile.trace is not None:
        if (options.distribution or shape_law or TRACE) != TRACE:
            raise InvalidValue(
                f"{law.text} arrivals and --rate-profile {profile.text} disagree: a trace has "
                "arrivals of its own; valid: leave the distribution and its shape out (mode= says "
                "where the arrivals of a minute lie)"
            )
        return parse_law(TRACE)
    if law.name == TRACE and not options.replay:
        raise InvalidValue("--distribution trace names no file; valid: --rate-profile trace:FILE")
    return law


def _profile(options: Namespace, rps_per_user: float, duration_s: float | None) -> RateProfile:
    text = options.rate_profile or "constant"
    rate_rps = _constant_rate_rps(options, rps_per_user)
    profile = parse_rate_profile(text, rate_rps, duration_s)
    if not profile.is_constant:
        _refuse_other_rate(options, profile, rps_per_user, _peak_rps(profile, duration_s))
    return profile


def _peak_rps(profile: RateProfile, duration_s: float | None) -> float:
    """The highest rate of the run: a profile may go on after its end."""
    return profile.log.peak_rps(math.inf if duration_s is None else duration_s)


def _constant_rate_rps(options: Namespace, rps_per_user: float) -> float:
    users_rps = options.num_users * rps_per_user if options.num_users is not None else None
    if not options.rps:
        return DEFAULT_RATE_RPS if users_rps is None else _users_rate(options, users_rps)
    rate_rps = parse_rate_rps(options.rps)
    if options.num_users not in (None, max(1, round(rate_rps / rps_per_user))):
        raise InvalidValue(
            f"--rps {options.rps} and --users {options.num_users} (which stand for {users_rps:g} "
            "rps) disagree; valid: one of them, or both equal"
        )
    return rate_rps


def _users_rate(options: Namespace, users_rps: float) -> float:
    if users_rps <= 0:
        raise InvalidValue(
            f"--users {options.num_users} offers no load: 1 user stands for {options.rps_per_user} "
            "requests per second; valid: at least 1"
        )
    return parse_rate_rps(f"{users_rps:g}")


def _refuse_other_rate(
    options: Namespace, profile: RateProfile, rps_per_user: float, peak_rps: float
) -> None:
    users = max(1, round(peak_rps / rps_per_user))
    for given, rate_rps in (
        (f"--rps {options.rps}", _optional(parse_rate_rps, options.rps)),
        (f"--users {options.num_users}", options.num_users and options.num_users * rps_per_user),
    ):
        if rate_rps is not None and max(1, round(rate_rps / rps_per_user)) != users:
            raise InvalidValue(
                f"{given} and --rate-profile {profile.text} disagree: the profile's rates are its "
                f"own (peak {peak_rps:g} rps); valid: leave the rate out"
            )


def _duration_s(options: Namespace) -> float | None:
    run_time_s = float(options.run_time) if options.run_time else None
    duration_s = _optional(parse_duration_s, options.duration)
    if None not in (run_time_s, duration_s) and run_time_s != duration_s:
        raise InvalidValue(
            f"--duration {options.duration} and --run-time {run_time_s:g}s disagree; "
            "valid: one of them, or both equal"
        )
    return duration_s if duration_s is not None else run_time_s


def _ramp(options: Namespace, rps_per_user: float) -> float | None:
    """Locust's spawn rate, as requests per second gained each second."""
    if options.spawn_rate is None:
        return None if options.rps or options.num_users is None else rps_per_user
    if not (options.spawn_rate > 0 and math.isfinite(options.spawn_rate)):
        raise InvalidValue(
            f"--spawn-rate {options.spawn_rate} is not valid: a finite number above 0"
        )
    return float(options.spawn_rate) * rps_per_user


def _drain_timeout_s(options: Namespace) -> float:
    """Our own option, else Locust's, else the deadline of the calls."""
    if options.drain_timeout:
        return parse_duration_s(options.drain_timeout)
    stop_timeout: Any = options.stop_timeout
    if stop_timeout:
        return float(stop_timeout)
    deadline = getattr(options, "grpc_timeout", "")
    return parse_duration_s(deadline) if deadline else DEFAULT_CALL_DEADLINE_S
